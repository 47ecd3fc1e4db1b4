using ChargeCars.Tests.Platform.Feeds;
namespace ChargeCars.Tests.Fleet.Telemetry.Ulu;

/// <summary>A service that does not serve, wholly or in part.</summary>
public sealed class UluFaultTests : UluTest
{
    [Fact]
    public async Task Poll_WhileUluFailsAndForgetsTheToken_LosesNothing()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -60, -30)];
        Ulu.Points["1"] = [Point("52.001", -50)];
        Ulu.Fail(5);
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Assert.Contains("ULU could not be polled", host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(2 * PollClock.Interval, host.FirstWait);

        Assert.Equal(PollClock.Interval, await host.PollAsync());
        Ulu.ForgetTokens();
        Vehicle("29", minutes: 0, latitude: "52.011");
        await host.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu, U-1 52.009@80 ulu, U-1 52.011@80 ulu", await host.StoredAsync());
        Assert.DoesNotContain(StandInUlu.Password, host.Log.Text, StringComparison.Ordinal);
    }

    /// <summary>The password and the token are for the address that somebody configured, wherever that sends us.</summary>
    [Fact]
    public async Task Poll_SentOnElsewhere_DoesNotFollowWithItsCredentials()
    {
        await using var elsewhere = await StandInUlu.StartAsync();
        Ulu.MovedTo = elsewhere.Address;

        await using var host = await new UluHost(Database, Ulu).StartAsync();

        Assert.Contains("POST /api/v1/sessions", Ulu.Requests);
        Assert.Empty(elsewhere.Requests);
        Assert.Equal(0, elsewhere.Sessions);
        Assert.Contains("ULU could not be polled", host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_OfAVehicleThatUluDoesNotServe_ReadsTheOthersAndAsksAgainLater()
    {
        await AddAsync("28", "30");
        foreach (var id in new[] { "28", "29", "30" })
        {
            Vehicle(id, minutes: -1, latitude: $"52.0{id}");
            Ulu.Trips[id] = [Trip(id, -60, -30)];
            Ulu.Points[id] = [];
        }

        Ulu.Broken["vehicles/29/trips"] = true;
        await using var host = await new UluHost(Database, Ulu).StartAsync();

        Assert.Equal(PollClock.Interval, host.FirstWait);
        Assert.Equal("U-28 52.028@80 ulu, U-30 52.03@80 ulu", await host.StoredAsync());

        // Left alone for its own time, asked again after it, and on record once.
        var before = Ulu.Requests.Count;
        Assert.Equal(PollClock.Interval, await host.PollAsync());
        Assert.DoesNotContain(Ulu.Requests.Skip(before), IsOfTheBroken);
        host.Clock.Ahead = (2 * PollClock.Interval) + TimeSpan.FromSeconds(1);
        Assert.Equal(PollClock.Interval, await host.PollAsync());
        Assert.Contains(Ulu.Requests.Skip(before), IsOfTheBroken);
        Assert.Single(host.Log.Text.Split("ULU does not serve its vehicle 29").Skip(1));

        Ulu.Broken.Clear();
        host.Clock.Ahead = 8 * PollClock.Interval;
        await host.PollAsync();
        Assert.Equal("U-1 52.029@80 ulu, U-28 52.028@80 ulu, U-30 52.03@80 ulu", await host.StoredAsync());
        Assert.Contains("ULU serves its vehicle 29 again after 2 polls", host.Log.Text, StringComparison.Ordinal);

        static bool IsOfTheBroken(string request) => request.Contains("/vehicles/29/trips", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_OfATripThatUluDoesNotServe_ReadsTheOthers()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -60, -50), Trip("2", -40, -30), Trip("3", -20, -10)];
        (Ulu.Points["1"], Ulu.Points["2"], Ulu.Points["3"]) = ([Point("52.001", -55)], [Point("52.002", -35)], [Point("52.003", -15)]);
        Ulu.Broken["trips/2/trip_points"] = true;
        await AddAsync("30");
        Vehicle("30", minutes: -1, latitude: "52.030");
        Ulu.Trips["30"] = [Trip("30", -60, -30)];
        Ulu.Points["30"] = [];
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Assert.Equal("U-1 52.001@50 ulu, U-1 52.003@50 ulu, U-1 52.009@80 ulu, U-30 52.03@80 ulu", await host.StoredAsync());

        Ulu.Broken.Clear();
        host.Clock.Ahead = 3 * PollClock.Interval;
        await host.PollAsync();

        Assert.StartsWith("U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.003@50 ulu", await host.StoredAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_OfNoVehicleThatUluServes_WaitsForTheService()
    {
        await AddAsync("30");
        foreach (var id in new[] { "29", "30" })
        {
            Vehicle(id, minutes: -1, latitude: $"52.0{id}");
            Ulu.Broken[$"vehicles/{id}/trips"] = true;
        }

        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Assert.Equal(2 * PollClock.Interval, host.FirstWait);
        Assert.Contains("ULU serves none of 2 vehicles", host.Log.Text, StringComparison.Ordinal);

        Ulu.Broken.Clear();
        foreach (var id in new[] { "29", "30" })
        {
            (Ulu.Trips[id], Ulu.Points[id]) = ([Trip(id, -60, -30)], []);
        }

        Assert.Equal(PollClock.Interval, await host.PollAsync());
        Assert.Equal("U-1 52.029@80 ulu, U-30 52.03@80 ulu", await host.StoredAsync());
    }

    /// <summary>And it is not asked a second time in between.</summary>
    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Poll_OfAServiceThatAsksToBeLeftAlone_WaitsAsLongAsItSays(int status)
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (Ulu.Trips["29"], Ulu.Points["1"]) = ([Trip("1", -60, -30)], [Point("52.001", -50)]);
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Ulu.Refusal = (status, "3000");

        // The first whole number of intervals.
        Assert.Equal(64 * PollClock.Interval, await host.PollAsync());
        Assert.Equal(1, Ulu.Refused);

        Ulu.Refusal = null;
        Assert.Equal(PollClock.Interval, await host.PollAsync());
    }

    [Fact]
    public async Task Poll_WithATokenThatIsRefusedByAnotherStatus_SignsInAnew()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (Ulu.Trips["29"], Ulu.Points["1"]) = ([Trip("1", -60, -30)], [Point("52.001", -50)]);
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Ulu.ExpiredStatus = 403;
        Ulu.ForgetTokens();
        Vehicle("29", minutes: -0.5, latitude: "52.0091");

        Assert.Equal(2 * PollClock.Interval, await host.PollAsync());
        Assert.Equal(PollClock.Interval, await host.PollAsync());

        Assert.EndsWith("52.0091@80 ulu", await host.StoredAsync(), StringComparison.Ordinal);
    }
}
