using System.Globalization;
using System.Text;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Fixes;

/// <summary>
/// A request of fixes whose times and places are overwritten in place from one to the next: every fix is a new one that
/// its van could have driven.
/// </summary>
internal sealed class FixRequest
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private const string Empty = "0000-00-00T00:00:00.000000Z";

    private readonly byte[] _bytes;
    private readonly int[] _times;
    private readonly int[] _metres;
    private int _round;

    /// <param name="host">Who gets it.</param>
    /// <param name="vehicles">Whose fixes; one a vehicle or, with fewer, several of each one second apart.</param>
    /// <param name="fixes">How many.</param>
    public FixRequest(BenchHost host, IReadOnlyList<int> vehicles, int fixes)
    {
        Vehicles = vehicles;
        var body = new StringBuilder("{\"positions\":[");
        for (var i = 0; i < fixes; i++)
        {
            var vehicle = vehicles[i % vehicles.Count];
            // Ten columns of towns, so that an area holds a tenth of the fleet.
            body.Append(CultureInfo.InvariantCulture, $$"""
                {{(i == 0 ? "" : ",")}}{"deviceId":"{{Vans.DeviceOf(vehicle)}}","fixTime":"{{Empty}}","latitude":{{51 + (vehicle / 10 % 1_000 / 1_000.0):0.000}}000,"longitude":{{4 + (vehicle % 10 / 5.0) + 0.05:0.00}}00,"speedKmh":38.5,"headingDegrees":90,"accuracyMeters":5}
                """);
        }

        _bytes = Requests.Post(host, "/api/telemetry/positions", Encoding.ASCII.GetBytes(body.Append("]}").ToString()));
        _times = [.. All("\"fixTime\":\"")];
        _metres = [.. All("\"latitude\":").Select(place => place + "51.123".Length + 1)];
    }

    public IReadOnlyList<int> Vehicles { get; }

    public int Fixes => _times.Length;

    public int Length => _bytes.Length;

    /// <summary>The next request, each vehicle a second or more on.</summary>
    public ReadOnlyMemory<byte> Next(DateTime from)
    {
        var each = Fixes / Vehicles.Count;
        for (var i = 0; i < _times.Length; i++)
        {
            Set(i, from.AddSeconds((_round * each) + (i / Vehicles.Count)));
        }

        _round++;
        return _bytes;
    }

    /// <summary>The next request, all of its fixes at this moment.</summary>
    public ReadOnlyMemory<byte> At(DateTime moment)
    {
        for (var i = 0; i < _times.Length; i++)
        {
            Set(i, moment);
        }

        _round++;
        return _bytes;
    }

    private void Set(int i, DateTime time)
    {
        time.TryFormat(_bytes.AsSpan(_times[i]), out _, TimeFormat, CultureInfo.InvariantCulture);
        // Ten metres or so to and fro.
        _bytes[_metres[i]] = (byte)('0' + (_round % 2));
    }

    private IEnumerable<int> All(string name)
    {
        var sought = Encoding.ASCII.GetBytes(name);
        for (var at = 0; _bytes.AsSpan(at).IndexOf(sought) is >= 0 and var next;)
        {
            at += next + sought.Length;
            yield return at;
        }
    }
}
