using ChargeCars.Tests.Platform.Feeds;
namespace ChargeCars.Tests.Fleet.Telemetry.Ulu;

/// <summary>What is read of a service that serves.</summary>
public sealed class UluFeedTests : UluTest
{
    [Fact]
    public async Task Poll_ReadsEveryPageAndTheLivePosition_AndLeavesOutWhatCannotBeRead()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Vehicle("30", minutes: -1, latitude: "52.010");
        Ulu.Vehicles["bad"] = """{"id":{},"lat":[]}""";
        Ulu.Vehicles["worse"] = "17";
        Ulu.Trips["29"] = [Trip("1", -60, -30), """{"id":"2"}""", "null", """{"id":"3","utc_start_at":"soon"}""", Trip("lost", -29, -28)];
        Ulu.Points["1"] = [Point("52.001", -50), Point("52.002", -49), """{"lat":"x"}""", Point("52.003", -48), "[]", Point("zero", -47), Point("52.005", -46)];
        await using var host = await new UluHost(Database, Ulu).StartAsync();

        Assert.Equal(PollClock.Interval, await host.PollAsync());

        Assert.Equal("U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.003@50 ulu, U-1 52.005@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());
        Assert.DoesNotContain(Ulu.Requests, request => request.StartsWith("GET /api/v1/vehicles/30", StringComparison.Ordinal));
        Assert.Equal(1, Ulu.Sessions);
        Assert.DoesNotContain(StandInUlu.Password, host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_AfterARestart_GoesOnWhereItEnded()
    {
        Vehicle("29", minutes: -10, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -60, -30), Trip("2", -12, null)];
        Ulu.Points["1"] = [Point("52.001", -50)];
        Ulu.Points["2"] = [.. Enumerable.Range(0, 7).Select(i => Point($"52.002{i}", -11.9 + (i / 10.0)))];
        await using (var host = await new UluHost(Database, Ulu).StartAsync())
        {
            await host.PollAsync();
        }

        var before = Ulu.Requests.Count;
        Ulu.Points["2"] = [.. Ulu.Points["2"], Point("52.0027", -11)];
        Vehicle("29", minutes: -9, latitude: "52.0091");
        await using var next = await new UluHost(Database, Ulu).StartAsync();

        var asked = Ulu.Requests.Skip(before).Where(request => request.Contains("/trip_points", StringComparison.Ordinal)).ToList();
        Assert.Equal(["GET /api/v1/trips/2/trip_points?page=3&limit=3"], asked);
        Assert.EndsWith("U-1 52.0026@50 ulu, U-1 52.0027@50 ulu, U-1 52.009@80 ulu, U-1 52.0091@80 ulu", await next.StoredAsync(), StringComparison.Ordinal);
    }

    /// <summary>What a tracker sent late stands where it belongs, on a page that was read, and pushes the others on.</summary>
    [Fact]
    public async Task Poll_OfATripWhosePagesChange_HasAllOfItOnceItIsOver()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -30, -2)];
        Ulu.Points["1"] = [Point("52.001", -29), Point("52.004", -26), Point("52.005", -25), Point("52.006", -24)];
        await using var host = await new UluHost(Database, Ulu).StartAsync();

        Ulu.Points["1"] = [Point("52.001", -29), Point("52.002", -28), Point("52.003", -27), .. Ulu.Points["1"][1..]];
        var before = Ulu.Requests.Count;
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();
        Assert.Single(Ulu.Requests.Skip(before), request => request.Contains("/trip_points?page=2", StringComparison.Ordinal));
        host.Clock.Ahead = TimeSpan.FromMinutes(14);
        Vehicle("29", minutes: 0, latitude: "52.0092");
        await host.PollAsync();

        Assert.StartsWith(
            "U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.003@50 ulu, U-1 52.004@50 ulu, U-1 52.005@50 ulu, U-1 52.006@50 ulu, U-1 52.009",
            await host.StoredAsync(), StringComparison.Ordinal);
        before = Ulu.Requests.Count;
        Vehicle("29", minutes: 1, latitude: "52.0094");
        await host.PollAsync();
        Assert.DoesNotContain(Ulu.Requests.Skip(before), request => request.Contains("/trip_points", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Poll_OfPagesThatAreSmallerThanAskedForAndDoNotSayThatThereAreMore_ReadsAll()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (Ulu.PageSize, Ulu.SaysMore) = (2, false);
        Ulu.Trips["29"] = [Trip("1", -60, null)];
        Ulu.Points["1"] = [.. Enumerable.Range(0, 3).Select(i => Point($"52.00{i}", -50 + i))];
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Assert.StartsWith("U-1 52@50 ulu, U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.009", await host.StoredAsync(), StringComparison.Ordinal);

        // The page after the last one was asked for and was empty; the last one has room.
        Ulu.Points["1"] = [.. Ulu.Points["1"], Point("52.003", -40), Point("52.004", -39)];
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();

        Assert.StartsWith(
            "U-1 52@50 ulu, U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.003@50 ulu, U-1 52.004@50 ulu, U-1 52.009", await host.StoredAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_OfOnePageWithAllPoints_StoresThemAll()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (Ulu.PageSize, Ulu.SaysMore) = (20_000, false);
        Ulu.Trips["29"] = [Trip("1", -60, -2)];
        Ulu.Points["1"] = [.. Enumerable.Range(0, 10_001).Select(i => Point("52.001", -55 + (i * 0.004)))];
        await using var host = await new UluHost(Database, Ulu).StartAsync();

        Assert.Equal(10_002, await host.ScalarAsync<long>("SELECT count(*) FROM vehicle_position"));
    }

    /// <summary>The list of vehicles was short for days, as when an account is moved: what was driven meanwhile is read.</summary>
    [Fact]
    public async Task Poll_OfAVehicleThatIsListedAgain_GoesOnWhereItEnded()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (Ulu.Trips["29"], Ulu.Points["1"]) = ([Trip("1", -60, -30)], [Point("52.001", -50)]);
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Ulu.Vehicles.Clear();
        await host.PollAsync();

        host.Clock.Ahead = TimeSpan.FromDays(3);
        const double Hours = 60;
        Ulu.Trips["29"] = [.. Ulu.Trips["29"], Trip("2", 10 * Hours, 11 * Hours)];
        Ulu.Points["2"] = [Point("52.002", 10.5 * Hours)];
        Vehicle("29", minutes: 71 * Hours, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu, U-1 52.009@80 ulu, U-1 52.002@50 ulu, U-1 52.0091@80 ulu", await host.StoredAsync());
    }
}
