using System.Buffers.Text;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Fixes;

/// <summary>Callers with vehicles of their own, as trackers have: one van's fixes come one after the other.</summary>
internal static class FixSenders
{
    /// <summary>Vehicles of each caller.</summary>
    public const int VehiclesEach = 50;

    /// <summary>How the fixes of a request share its vehicles.</summary>
    public enum Shape
    {
        /// <summary>A collector's: all of the caller's vehicles in each.</summary>
        ManyVehicles,

        /// <summary>A tracker's: one vehicle in each, the caller's vehicles in turn.</summary>
        OneVehicle,
    }

    /// <param name="host">Who gets them.</param>
    /// <param name="callers">How many.</param>
    /// <param name="fixes">In a request.</param>
    /// <param name="shape">Whose they are.</param>
    /// <param name="round">Runs against one host follow each other in fix time.</param>
    public static async Task<Func<Task<int>>[]> OpenAsync(BenchHost host, int callers, int fixes, Shape shape, int round)
    {
        var from = DateTime.UtcNow.Date.AddDays(-8 + round);
        return await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            var line = await HttpLine.OpenAsync(host.Url);
            var own = Enumerable.Range(caller * VehiclesEach, VehiclesEach).ToArray();
            FixRequest[] requests = shape == Shape.ManyVehicles
                ? [new(host, own, fixes)]
                : [.. own.Select(vehicle => new FixRequest(host, [vehicle], fixes))];
            var turn = 0;
            return (Func<Task<int>>)(async () =>
            {
                var (status, body) = await line.AskAsync(requests[turn++ % requests.Length].Next(from));
                return status == 200 ? Stored(body.Span, fixes) : throw Requests.Unexpected(status, body);
            });
        }));
    }

    /// <summary>Every fix must be told as stored: a rate of refusals is none.</summary>
    private static int Stored(ReadOnlySpan<byte> answer, int fixes)
    {
        var at = answer.IndexOf("\"stored\":"u8);
        return at >= 0 && Utf8Parser.TryParse(answer[(at + "\"stored\":".Length)..], out int stored, out _) && stored == fixes
            ? stored
            : throw new InvalidOperationException($"Not all of {fixes} were stored: {System.Text.Encoding.UTF8.GetString(answer)}");
    }
}
