using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Conversations;

/// <summary>
/// The webhooks of a steady stream of calls: each call goes from ring to tag in six events, a second apart, and at any moment calls of
/// every stage are under way, each with an agent of its own.
/// </summary>
internal sealed class CallTraffic
{
    private static readonly string[] Events = ["call.created", "call.ringing_on_agent", "call.answered", "call.hungup", "call.ended", "call.tagged"];

    private const string Tag = """{"id":3,"name":"Storing"}""";

    private readonly BenchHost _host;
    private readonly string _token;
    private readonly long _firstCall;
    private readonly int _perSecond;
    private readonly long _began = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private readonly byte[] _head;
    private long _taken;
    private long _refused;

    /// <param name="host">Who gets them.</param>
    /// <param name="token">By which Aircall proves itself.</param>
    /// <param name="perSecond">How many events a second.</param>
    /// <param name="firstCall">Aircall's id of the first call; others follow.</param>
    public CallTraffic(BenchHost host, string token, int perSecond, long firstCall)
    {
        (_host, _token, _perSecond, _firstCall) = (host, token, perSecond, firstCall);
        _head = Encoding.ASCII.GetBytes(
            $"POST /api/telephony/aircall HTTP/1.1\r\nHost: {host.Url.Authority}\r\nContent-Type: application/json\r\nContent-Length: ");
    }

    /// <summary>When the events that ring were sent, by call, in order; ticks of <see cref="Stopwatch"/>.</summary>
    public ConcurrentDictionary<long, ConcurrentQueue<long>> Rung { get; } = new();

    /// <summary>How many were taken.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>How often one was refused for a moment and sent again, as Aircall does.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public async Task<Func<long, Task>[]> OpenAsync(int lines) => await Task.WhenAll(Enumerable.Range(0, lines).Select(async _ =>
    {
        var line = await HttpLine.OpenAsync(_host.Url);
        return (Func<long, Task>)(number => SendAsync(line, number));
    }));

    /// <summary>An event's body, by its number in the stream.</summary>
    public byte[] Body(long number) => Body(number, out _, out _);

    private async Task SendAsync(HttpLine line, long number)
    {
        var body = Body(number, out var call, out var turn);
        byte[] request = [.. _head, .. Encoding.ASCII.GetBytes($"{body.Length}\r\n\r\n"), .. body];
        if (turn <= 1)
        {
            Rung.GetOrAdd(call, _ => new()).Enqueue(Stopwatch.GetTimestamp());
        }

        var (status, answer) = await line.AskUntilTakenAsync(request, () => Interlocked.Increment(ref _refused));
        if (status != 200)
        {
            throw Requests.Unexpected(status, answer);
        }

        Interlocked.Increment(ref _taken);
    }

    private byte[] Body(long number, out long call, out int turn)
    {
        var (second, lane) = (number / _perSecond, number % _perSecond);
        turn = (int)((second + lane) % Events.Length);
        var place = (((second + lane) / Events.Length) * _perSecond) + lane;
        call = _firstCall + place;
        var (now, started) = (_began + second, _began + second - turn);
        var (answered, ended) = (turn >= 2 ? $"{started + 2}" : "null", turn >= 3 ? $"{started + 3}" : "null");
        return Encoding.UTF8.GetBytes($$$"""
            {"resource":"call","event":"{{{Events[turn]}}}","timestamp":{{{now}}},"token":"{{{_token}}}",
            "data":{"id":{{{call}}},"call_uuid":"CA{{{call}}}","direct_link":"https://api.aircall.io/v1/calls/{{{call}}}",
            "direction":"inbound","status":"{{{(turn >= 3 ? "done" : turn == 2 ? "answered" : "initial")}}}",
            "started_at":{{{started}}},"answered_at":{{{answered}}},"ended_at":{{{ended}}},"duration":{{{Math.Min(turn, 3)}}},
            "raw_digits":"{{{Customers.DigitsOf(place)}}}",
            "missed_call_reason":null,"hangup_cause":null,"cost":"1.25","asset":null,"recording":null,"voicemail":null,
            "number":{"id":{{{Customers.Line}}},"name":"Service","digits":"+31 85 012 3456","country":"NL","time_zone":"Europe/Amsterdam"},
            "user":{{{(turn == 0 ? "null" : AgentOf(lane))}}},"contact":null,"assigned_to":null,
            "transferred_by":null,"transferred_to":null,"archived":false,"teams":[{"id":1,"name":"Eerste lijn"}],
            "tags":[{{{(turn == 5 ? Tag : "")}}}],"comments":[],"participants":[],"ivr_options_selected":[]}}
            """);
    }

    // Nobody is on two calls at once.
    private static string AgentOf(long lane) => $$"""{"id":{{501 + lane}},"name":"Agent {{lane}}","email":"agent{{lane}}@chargecars.example"}""";
}
