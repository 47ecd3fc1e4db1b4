using System.Diagnostics.Metrics;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary><c>chargecars.positions</c>: fixes by their outcome, whatever format they came in.</summary>
internal static class PositionMetrics
{
    private static readonly string[] Names = [.. Enum.GetValues<FixOutcome>().Select(WireText.Of)];

    private static readonly Counter<long> Positions =
        new Meter("ChargeCars").CreateCounter<long>("chargecars.positions", "{fix}", "Fixes, by outcome");

    public static void Count(ReadOnlySpan<FixResult> results)
    {
        if (!Positions.Enabled)
        {
            return;
        }

        Span<int> counts = stackalloc int[Names.Length];
        foreach (var result in results)
        {
            counts[(int)result.Outcome]++;
        }

        for (var outcome = 0; outcome < counts.Length; outcome++)
        {
            if (counts[outcome] > 0)
            {
                Positions.Add(counts[outcome], KeyValuePair.Create<string, object?>("outcome", Names[outcome]));
            }
        }
    }
}
