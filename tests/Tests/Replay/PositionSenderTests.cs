using System.Net;
using System.Net.Http.Headers;
using ChargeCars.Silo.Replay;
using Xunit;

namespace ChargeCars.Tests.Replay;

public sealed class PositionSenderTests : IDisposable
{
    private readonly JumpingClock _clock = new();
    private readonly StandInHost _host;
    private readonly ShownLines _display = new();

    public PositionSenderTests() => _host = new StandInHost(_clock);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Fixes_WhenDue_AreSentWithTheirNewTimes()
    {
        await SendAsync(Drive("A", seconds: [0, 10, 30]), speed: 2);

        Assert.Equal([0, 5, 15], _host.Requests.Select(request => (request.At - _host.Requests[0].At).TotalSeconds));
        Assert.Equal(
            ["2026-11-23T07:59:45.000000Z", "2026-11-23T07:59:55.000000Z", "2026-11-23T08:00:15.000000Z"],
            _host.Stored.Select(position => position.GetProperty("fixTime").GetString()));
        Assert.All(_host.Requests, request => Assert.Contains("X-Api-Key: secret", request.Headers, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Position_OnTheWire_CarriesWhatWasRecordedAndNothingElse()
    {
        var full = new Fix(DateTime.UnixEpoch, 52.0907, 5.1214, 36.123456f, 359.7f, 4.2f, -1.5f, 0);
        var bare = full with { SpeedKmh = float.NaN, HeadingDegrees = float.NaN, AccuracyMeters = float.NaN, AltitudeMeters = float.NaN };

        await SendAsync(new Trace("a", ["V-1"], [full, bare]));

        Assert.Equal(
            """{"positions":[{"licensePlate":"V-1","fixTime":"2026-11-23T08:00:00.000000Z","latitude":52.0907,"longitude":5.1214,"accuracyMeters":5,"speedKmh":36.12,"headingDegrees":0,"altitudeMeters":-1.5},"""
            + """{"licensePlate":"V-1","fixTime":"2026-11-23T08:00:00.000000Z","latitude":52.0907,"longitude":5.1214}]}""",
            Assert.Single(_host.Requests).Body.GetRawText());
    }

    [Fact]
    public async Task Fixes_DueTogether_GoInRequestsOfAtMost500()
    {
        var tally = await SendAsync(Drive("A", seconds: new int[1201]));

        Assert.Equal([500, 500, 201], _host.Requests.Select(request => request.Body.GetProperty("positions").GetArrayLength()));
        Assert.True(tally.EverythingIsStored);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Host_BusyWithRetryAfter_IsWaitedForAndEverythingSentOnceInOrder(HttpStatusCode busy)
    {
        _host.Answer(StandInHostAccepts).Answer(_ =>
        {
            var answer = new HttpResponseMessage(busy);
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7));
            return answer;
        });

        var tally = await SendAsync(Drive("A", seconds: [0, 1, 2, 3, 20]));

        // What became due while waiting follows in one request.
        Assert.Equal([0, 1, 8, 8, 20], _host.Requests.Select(request => (int)(request.At - _host.Requests[0].At).TotalSeconds));
        Assert.Equal([0, 1, 2, 3, 4], _host.Stored.Select(position => position.GetProperty("latitude").GetInt32()));
        Assert.True(tally.EverythingIsStored);
        Assert.Contains("trying again in 7 s", Assert.Single(_host.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_Unreachable_IsAskedAgainEverMoreSlowly()
    {
        _host.Answer(StandInHostAccepts);
        for (var failures = 0; failures < 100; failures++) _host.Answer(_ => throw new HttpRequestException("refused"));

        var tally = await SendAsync(Drive("A", seconds: [0, 1]));

        Assert.True(tally.EverythingIsStored);
        Assert.Equal(2, _host.Stored.Count());
        Assert.Equal([0.5, 1, 2, 4, 8, 10, 10], _host.Requests.Skip(1).Take(8).Zip(_host.Requests.Skip(2), (one, next) => (next.At - one.At).TotalSeconds).Take(7));
    }

    [Fact]
    public async Task Host_NeverReached_IsGivenUpAfterAMinute()
    {
        for (var failures = 0; failures < 100; failures++) _host.Answer(_ => throw new HttpRequestException("refused"));

        var error = await Assert.ThrowsAsync<ReplayException>(() => SendAsync(Drive("A", seconds: [0])));

        Assert.Contains("Is the host running", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_LostAfterStoring_EndsAsDuplicatesAndIsNoFailure()
    {
        _host.Answer(_ => throw new HttpRequestException("reset")).Answer(body => StandInHost.Accepted(body, Rejected(0, "duplicate"), Rejected(1, "duplicate")));

        var tally = await SendAsync(Drive("A", seconds: [0, 0]));

        Assert.True(tally.EverythingIsStored);
        Assert.Equal(2, tally.Rejections["duplicate"].Count);
    }

    [Fact]
    public async Task Rejections_OfSeveralRequests_AreSummedByReason()
    {
        _host.Answer(body => StandInHost.Accepted(body, Rejected(0, "impossible_speed")))
            .Answer(body => StandInHost.Accepted(body, Rejected(0, "null_island"), Rejected(1, "impossible_speed")));

        var tally = await SendAsync(Drive("A", seconds: [0, 1, 1, 1]));

        Assert.Equal([("impossible_speed", 2), ("null_island", 1)], tally.Rejections.Select(entry => (entry.Key, (int)entry.Value.Count)));
        Assert.Equal((4, 1), (tally.Sent, tally.Stored));
        Assert.False(tally.EverythingIsStored);
    }

    [Fact]
    public async Task Answer_ThatLeavesFixesUnmentioned_IsNotSuccess()
    {
        _host.Answer(HttpStatusCode.OK, new { accepted = 0, stored = 0, rejected = Array.Empty<object>() });

        Assert.False((await SendAsync(Drive("A", seconds: [0]))).EverythingIsStored);
    }

    [Fact]
    public async Task Vehicle_UnknownAmongOthers_IsToldOnceAndTheOthersGoOn()
    {
        for (var requests = 0; requests < 2; requests++) _host.Answer(body => StandInHost.Accepted(body, Rejected(1, "unknown_vehicle")));

        var tally = await SendAsync(Drive("A", seconds: [0, 1]), Drive("B", seconds: [0, 1]));

        Assert.Equal(["B"], _display.UnknownVehicles);
        Assert.Equal(2, tally.Stored);
    }

    [Fact]
    public async Task Vehicles_AllUnknown_EndTheReplay()
    {
        _host.Answer(body => StandInHost.Accepted(body, Rejected(0, "unknown_vehicle")));

        await Assert.ThrowsAsync<ReplayException>(() => SendAsync(Drive("A", seconds: [0, 3600])));

        Assert.Equal(["A"], _display.UnknownVehicles);
        Assert.Single(_host.Requests);
    }

    [Fact]
    public async Task Key_Refused_EndsTheReplayWithTheServersReason()
    {
        _host.Answer(HttpStatusCode.Forbidden, new { title = "Forbidden", detail = "positions.write is missing." });

        var error = await Assert.ThrowsAsync<ReplayException>(() => SendAsync(Drive("A", seconds: [0])));

        Assert.Equal("POST http://stand-in/api/telemetry/positions is refused with 403: positions.write is missing. The key lacks the permission for this.", error.Message);
    }

    private static HttpResponseMessage StandInHostAccepts(System.Text.Json.JsonElement body) => StandInHost.Accepted(body);

    private static object Rejected(int index, string reason) => new { index, reason, detail = "as prepared" };

    private Task<ReplayTally> SendAsync(params Trace[] traces) => SendAsync(traces, 1);

    private Task<ReplayTally> SendAsync(Trace trace, decimal speed) => SendAsync([trace], speed);

    private async Task<ReplayTally> SendAsync(Trace[] traces, decimal speed)
    {
        var schedule = new TraceSchedule(traces, speed);
        var tally = new ReplayTally(schedule.Count);
        await new PositionSender(_host.Client(), _clock, _display).SendAsync(schedule, tally, CancellationToken.None);
        return tally;
    }

    // The latitude tells the fixes apart.
    private static Trace Drive(string vehicle, int[] seconds) => new(vehicle, [vehicle], [.. seconds.Select(
        (second, index) => new Fix(DateTime.UnixEpoch.AddSeconds(second), index % 90, 5, float.NaN, float.NaN, float.NaN, float.NaN, 0))]);

    private sealed class ShownLines : IReplayDisplay
    {
        public List<string> UnknownVehicles { get; } = [];

        public void Show(ReplayTally tally)
        {
        }

        public void Note(string line)
        {
        }

        public void UnknownVehicle(string plate) => UnknownVehicles.Add(plate);
    }
}
