using System.Globalization;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Telemetry.Ulu;

public sealed class UluFeedTests : IAsyncLifetime
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private TestDatabase _database = null!;
    private StandInUlu _ulu = null!;

    public async Task InitializeAsync()
    {
        (_database, _ulu) = (await PostgresServer.CreateDatabaseAsync(), await StandInUlu.StartAsync());
        await using var vehicle = _database.DataSource.CreateCommand(
            "INSERT INTO vehicle (id, license_plate, vehicle_type, ulu_vehicle_id) VALUES (gen_random_uuid(), 'U-1', 'van', '29')");
        await vehicle.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync()
    {
        await _ulu.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Poll_ReadsEveryPageAndTheLivePosition_AndLeavesOutWhatCannotBeRead()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Vehicle("30", minutes: -1, latitude: "52.010");
        _ulu.Vehicles["bad"] = """{"id":{},"lat":[]}""";
        _ulu.Vehicles["worse"] = "17";
        _ulu.Trips["29"] = [Trip("1", -60, -30), """{"id":"2"}""", "null", """{"id":"3","utc_start_at":"soon"}""", Trip("lost", -29, -28)];
        _ulu.Points["1"] = [Point("52.001", -50), Point("52.002", -49), """{"lat":"x"}""", Point("52.003", -48), "[]", Point("zero", -47), Point("52.005", -46)];
        await using var host = await new UluHost(_database, _ulu).StartAsync();

        Assert.Equal(PollClock.Interval, await host.PollAsync());

        Assert.Equal("U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.003@50 ulu, U-1 52.005@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());
        Assert.DoesNotContain(_ulu.Requests, request => request.StartsWith("GET /api/v1/vehicles/30", StringComparison.Ordinal));
        Assert.Equal(1, _ulu.Sessions);
        Assert.DoesNotContain(StandInUlu.Password, host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_OfAPrivateTrip_StoresNeitherItsPointsNorWhereItEnded()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5, "private"), Trip("0", -90, -80, "something new")];
        _ulu.Points["0"] = [Point("52.0005", -85)];
        _ulu.Points["1"] = [Point("52.001", -50)];
        _ulu.Points["2"] = [Point("52.005", -20)];
        await using var host = await new UluHost(_database, _ulu).StartAsync();

        await host.PollAsync();
        Assert.Equal("U-1 52.001@50 ulu", await host.StoredAsync());
        Assert.DoesNotContain(_ulu.Requests, request => request.Contains("/trips/2/", StringComparison.Ordinal) || request.Contains("/trips/0/", StringComparison.Ordinal));

        _ulu.Trips["29"] = [.. _ulu.Trips["29"], Trip("3", -1, null)];
        _ulu.Points["3"] = [Point("52.006", -0.9)];
        Vehicle("29", minutes: -0.5, latitude: "52.007");
        await host.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu, U-1 52.006@50 ulu, U-1 52.007@80 ulu", await host.StoredAsync());
    }

    [Theory]
    [InlineData("private", "")]
    [InlineData(null, "U-1 52.009@80 ulu")]
    public async Task Poll_WhoseTripsAreAllOlderThanItLooksBack_StoresWhereTheVanStandsIfTheLastIsShared(string? privacy, string stored)
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -32 * 60, -31 * 60), Trip("2", -30 * 60, -29 * 60, privacy)];
        _ulu.Points["2"] = [Point("52.005", -29.5 * 60)];
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        Assert.Equal(stored, await host.StoredAsync());

        // The same of the next polls, which look back no further than they must.
        var before = _ulu.Requests.Count;
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal(stored.Length > 0 ? stored + ", U-1 52.0091@80 ulu" : "", await host.StoredAsync());
        Assert.Single(_ulu.Requests.Skip(before), request => request.Contains("/trips", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Poll_OfAVanWithoutATrip_HoldsBackWhereItStandsUntilItHasOne()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        _ulu.Trips["29"] = [];
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        Assert.Equal("", await host.StoredAsync());

        _ulu.Trips["29"] = [Trip("1", -0.9, null)];
        _ulu.Points["1"] = [];
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal("U-1 52.0091@80 ulu", await host.StoredAsync());
    }

    [Fact]
    public async Task Poll_OfATripThatBecamePrivateAfterItWasRead_TakesItAwayAndBringsItBackWhenItIsShared()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        _ulu.Points["1"] = [Point("52.001", -50)];
        _ulu.Points["2"] = [.. Enumerable.Range(0, 5).Select(i => Point($"52.005{i}", -20 + i))];
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        await host.PollAsync();
        Assert.EndsWith("52.0054@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync(), StringComparison.Ordinal);

        _ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5, "private")];
        Vehicle("29", minutes: -0.5, latitude: "52.0095");
        await host.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu", await host.StoredAsync());
        const string Hidden = "SELECT count(*) FROM audit_log WHERE table_name = 'vehicle_position' AND action = 'DELETE'";
        Assert.Equal(1, await host.ScalarAsync<long>(Hidden));
        Assert.Equal(52.001, await host.LatitudeAsync());
        Assert.Equal("52.001", await host.ScalarAsync<string>("SELECT current_location ->> 'latitude' FROM vehicle"));
        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM vehicle_trip WHERE start_latitude > 52.001 OR end_latitude > 52.001 OR place_latitude > 52.001"));

        _ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        Vehicle("29", minutes: -0.2, latitude: "52.0096");
        await host.PollAsync();

        Assert.EndsWith("52.0054@50 ulu, U-1 52.0096@80 ulu", await host.StoredAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await host.ScalarAsync<long>(Hidden));
    }

    [Fact]
    public async Task Poll_OfAnOldTripThatBecamePrivateWhileTheVanIsSilent_FindsItWithinTheHour()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        _ulu.Points["1"] = [Point("52.001", -50)];
        _ulu.Points["2"] = [Point("52.005", -20)];
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        await host.PollAsync();
        var before = _ulu.Requests.Count;

        // Not even the trips are asked for while there is no news.
        _ulu.Trips["29"] = [Trip("1", -60, -40, "private"), Trip("2", -30, -5)];
        await host.PollAsync();
        Assert.DoesNotContain(_ulu.Requests.Skip(before), request => request.Contains("/trips", StringComparison.Ordinal));
        host.Clock.Ahead = TimeSpan.FromMinutes(61);
        await host.PollAsync();

        Assert.Equal("U-1 52.005@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());
    }

    [Fact]
    public async Task Poll_AfterARestart_GoesOnWhereItEnded()
    {
        Vehicle("29", minutes: -10, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -60, -30), Trip("2", -12, null)];
        _ulu.Points["1"] = [Point("52.001", -50)];
        _ulu.Points["2"] = [.. Enumerable.Range(0, 7).Select(i => Point($"52.002{i}", -11.9 + (i / 10.0)))];
        await using (var host = await new UluHost(_database, _ulu).StartAsync())
        {
            await host.PollAsync();
        }

        var before = _ulu.Requests.Count;
        _ulu.Points["2"] = [.. _ulu.Points["2"], Point("52.0027", -11)];
        Vehicle("29", minutes: -9, latitude: "52.0091");
        await using var next = await new UluHost(_database, _ulu).StartAsync();

        var asked = _ulu.Requests.Skip(before).Where(request => request.Contains("/trip_points", StringComparison.Ordinal)).ToList();
        Assert.Equal(["GET /api/v1/trips/2/trip_points?page=3&limit=3"], asked);
        Assert.EndsWith("U-1 52.0026@50 ulu, U-1 52.0027@50 ulu, U-1 52.009@80 ulu, U-1 52.0091@80 ulu", await next.StoredAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_WhileUluFailsAndForgetsTheToken_LosesNothing()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -60, -30)];
        _ulu.Points["1"] = [Point("52.001", -50)];
        _ulu.Fail(5);
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        Assert.Contains("ULU could not be polled", host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(2 * PollClock.Interval, host.FirstWait);

        Assert.Equal(PollClock.Interval, await host.PollAsync());
        _ulu.ForgetTokens();
        Vehicle("29", minutes: 0, latitude: "52.011");
        await host.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu, U-1 52.009@80 ulu, U-1 52.011@80 ulu", await host.StoredAsync());
        Assert.DoesNotContain(StandInUlu.Password, host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_OfAVehicleThatUluDoesNotServe_ReadsTheOthersAndAsksAgainLater()
    {
        await AddAsync("28", "30");
        foreach (var id in new[] { "28", "29", "30" })
        {
            Vehicle(id, minutes: -1, latitude: $"52.0{id}");
            _ulu.Trips[id] = [Trip(id, -60, -30)];
            _ulu.Points[id] = [];
        }

        _ulu.Broken["vehicles/29/trips"] = true;
        await using var host = await new UluHost(_database, _ulu).StartAsync();

        Assert.Equal(PollClock.Interval, host.FirstWait);
        Assert.Equal("U-28 52.028@80 ulu, U-30 52.03@80 ulu", await host.StoredAsync());

        // Left alone for its own time, asked again after it, and on record once.
        var before = _ulu.Requests.Count;
        Assert.Equal(PollClock.Interval, await host.PollAsync());
        Assert.DoesNotContain(_ulu.Requests.Skip(before), IsOfTheBroken);
        host.Clock.Ahead = (2 * PollClock.Interval) + TimeSpan.FromSeconds(1);
        Assert.Equal(PollClock.Interval, await host.PollAsync());
        Assert.Contains(_ulu.Requests.Skip(before), IsOfTheBroken);
        Assert.Single(host.Log.Text.Split("ULU does not serve its vehicle 29").Skip(1));

        _ulu.Broken.Clear();
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
        _ulu.Trips["29"] = [Trip("1", -60, -50), Trip("2", -40, -30), Trip("3", -20, -10)];
        (_ulu.Points["1"], _ulu.Points["2"], _ulu.Points["3"]) = ([Point("52.001", -55)], [Point("52.002", -35)], [Point("52.003", -15)]);
        _ulu.Broken["trips/2/trip_points"] = true;
        await AddAsync("30");
        Vehicle("30", minutes: -1, latitude: "52.030");
        _ulu.Trips["30"] = [Trip("30", -60, -30)];
        _ulu.Points["30"] = [];
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        Assert.Equal("U-1 52.001@50 ulu, U-1 52.003@50 ulu, U-1 52.009@80 ulu, U-30 52.03@80 ulu", await host.StoredAsync());

        _ulu.Broken.Clear();
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
            _ulu.Broken[$"vehicles/{id}/trips"] = true;
        }

        await using var host = await new UluHost(_database, _ulu).StartAsync();
        Assert.Equal(2 * PollClock.Interval, host.FirstWait);
        Assert.Contains("ULU serves none of 2 vehicles", host.Log.Text, StringComparison.Ordinal);

        _ulu.Broken.Clear();
        foreach (var id in new[] { "29", "30" })
        {
            (_ulu.Trips[id], _ulu.Points[id]) = ([Trip(id, -60, -30)], []);
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
        (_ulu.Trips["29"], _ulu.Points["1"]) = ([Trip("1", -60, -30)], [Point("52.001", -50)]);
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        _ulu.Refusal = (status, "3000");

        // The first whole number of intervals.
        Assert.Equal(64 * PollClock.Interval, await host.PollAsync());
        Assert.Equal(1, _ulu.Refused);

        _ulu.Refusal = null;
        Assert.Equal(PollClock.Interval, await host.PollAsync());
    }

    [Fact]
    public async Task Poll_WithATokenThatIsRefusedByAnotherStatus_SignsInAnew()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (_ulu.Trips["29"], _ulu.Points["1"]) = ([Trip("1", -60, -30)], [Point("52.001", -50)]);
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        _ulu.ExpiredStatus = 403;
        _ulu.ForgetTokens();
        Vehicle("29", minutes: -0.5, latitude: "52.0091");

        Assert.Equal(2 * PollClock.Interval, await host.PollAsync());
        Assert.Equal(PollClock.Interval, await host.PollAsync());

        Assert.EndsWith("52.0091@80 ulu", await host.StoredAsync(), StringComparison.Ordinal);
    }

    /// <summary>What a tracker sent late stands where it belongs, on a page that was read, and pushes the others on.</summary>
    [Fact]
    public async Task Poll_OfATripWhosePagesChange_HasAllOfItOnceItIsOver()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -30, -2)];
        _ulu.Points["1"] = [Point("52.001", -29), Point("52.004", -26), Point("52.005", -25), Point("52.006", -24)];
        await using var host = await new UluHost(_database, _ulu).StartAsync();

        _ulu.Points["1"] = [Point("52.001", -29), Point("52.002", -28), Point("52.003", -27), .. _ulu.Points["1"][1..]];
        var before = _ulu.Requests.Count;
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();
        Assert.Single(_ulu.Requests.Skip(before), request => request.Contains("/trip_points?page=2", StringComparison.Ordinal));
        host.Clock.Ahead = TimeSpan.FromMinutes(14);
        Vehicle("29", minutes: 0, latitude: "52.0092");
        await host.PollAsync();

        Assert.StartsWith(
            "U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.003@50 ulu, U-1 52.004@50 ulu, U-1 52.005@50 ulu, U-1 52.006@50 ulu, U-1 52.009",
            await host.StoredAsync(), StringComparison.Ordinal);
        before = _ulu.Requests.Count;
        Vehicle("29", minutes: 1, latitude: "52.0094");
        await host.PollAsync();
        Assert.DoesNotContain(_ulu.Requests.Skip(before), request => request.Contains("/trip_points", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Poll_OfPagesThatAreSmallerThanAskedForAndDoNotSayThatThereAreMore_ReadsAll()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (_ulu.PageSize, _ulu.SaysMore) = (2, false);
        _ulu.Trips["29"] = [Trip("1", -60, null)];
        _ulu.Points["1"] = [.. Enumerable.Range(0, 3).Select(i => Point($"52.00{i}", -50 + i))];
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        Assert.StartsWith("U-1 52@50 ulu, U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.009", await host.StoredAsync(), StringComparison.Ordinal);

        // The page after the last one was asked for and was empty; the last one has room.
        _ulu.Points["1"] = [.. _ulu.Points["1"], Point("52.003", -40), Point("52.004", -39)];
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();

        Assert.StartsWith(
            "U-1 52@50 ulu, U-1 52.001@50 ulu, U-1 52.002@50 ulu, U-1 52.003@50 ulu, U-1 52.004@50 ulu, U-1 52.009", await host.StoredAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_OfOnePageWithAllPoints_StoresThemAll()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (_ulu.PageSize, _ulu.SaysMore) = (20_000, false);
        _ulu.Trips["29"] = [Trip("1", -60, -2)];
        _ulu.Points["1"] = [.. Enumerable.Range(0, 10_001).Select(i => Point("52.001", -55 + (i * 0.004)))];
        await using var host = await new UluHost(_database, _ulu).StartAsync();

        Assert.Equal(10_002, await host.ScalarAsync<long>("SELECT count(*) FROM vehicle_position"));
    }

    /// <summary>The tracker was put into another van meanwhile: what is stored of the trip is stored of the first.</summary>
    [Fact]
    public async Task Poll_OfATripThatBecamePrivateAfterItsTrackerMoved_TakesItAwayFromTheVanThatDroveIt()
    {
        Vehicle("29", minutes: -4, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        (_ulu.Points["1"], _ulu.Points["2"]) = ([Point("52.001", -50)], [Point("52.005", -20)]);
        await using (var host = await new UluHost(_database, _ulu).StartAsync())
        {
            Assert.Equal("U-1 52.001@50 ulu, U-1 52.005@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());
        }

        await using (var move = _database.DataSource.CreateCommand("UPDATE vehicle SET ulu_vehicle_id = NULL"))
        {
            await move.ExecuteNonQueryAsync();
        }

        await using (var add = _database.DataSource.CreateCommand(
            "INSERT INTO vehicle (id, license_plate, vehicle_type, ulu_vehicle_id) VALUES (gen_random_uuid(), 'U-2', 'van', '29')"))
        {
            await add.ExecuteNonQueryAsync();
        }

        _ulu.Trips["29"] = [.. _ulu.Trips["29"], Trip("3", -3, null)];
        _ulu.Points["3"] = [Point("52.007", -2)];
        Vehicle("29", minutes: -1, latitude: "52.008");
        await using var next = await new UluHost(_database, _ulu).StartAsync();
        _ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5, "private"), Trip("3", -3, null)];
        Vehicle("29", minutes: -0.5, latitude: "52.0081");
        await next.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu, U-2 52.007@50 ulu, U-2 52.008@80 ulu, U-2 52.0081@80 ulu", await next.StoredAsync());
    }

    /// <summary>The list of vehicles was short for days, as when an account is moved: what was driven meanwhile is read.</summary>
    [Fact]
    public async Task Poll_OfAVehicleThatIsListedAgain_GoesOnWhereItEnded()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        (_ulu.Trips["29"], _ulu.Points["1"]) = ([Trip("1", -60, -30)], [Point("52.001", -50)]);
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        _ulu.Vehicles.Clear();
        await host.PollAsync();

        host.Clock.Ahead = TimeSpan.FromDays(3);
        const double Hours = 60;
        _ulu.Trips["29"] = [.. _ulu.Trips["29"], Trip("2", 10 * Hours, 11 * Hours)];
        _ulu.Points["2"] = [Point("52.002", 10.5 * Hours)];
        Vehicle("29", minutes: 71 * Hours, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu, U-1 52.009@80 ulu, U-1 52.002@50 ulu, U-1 52.0091@80 ulu", await host.StoredAsync());
    }

    [Fact]
    public async Task Poll_OfAServiceWhoseClockIsAhead_ReadsTheTripThatHasJustBegunAndTakesItAway()
    {
        Vehicle("29", minutes: 1.5, latitude: "52.009");
        _ulu.Trips["29"] = [Trip("1", 1, null)];
        _ulu.Points["1"] = [Point("52.001", 1.2)];
        await using var host = await new UluHost(_database, _ulu).StartAsync();
        Assert.Equal("U-1 52.001@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());

        _ulu.Trips["29"] = [Trip("1", 1, null, "private")];
        Vehicle("29", minutes: 1.6, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal("", await host.StoredAsync());
    }

    private async Task AddAsync(params string[] vehicles)
    {
        foreach (var id in vehicles)
        {
            await using var vehicle = _database.DataSource.CreateCommand(
                $"INSERT INTO vehicle (id, license_plate, vehicle_type, ulu_vehicle_id) VALUES (gen_random_uuid(), 'U-{id}', 'van', '{id}')");
            await vehicle.ExecuteNonQueryAsync();
        }
    }

    private void Vehicle(string id, double minutes, string latitude) => _ulu.Vehicles[id] =
        $$"""{"id":{{id}},"license_plate":"X","lat":"{{latitude}}","lon":"5.1","speed":80,"odometer":224518205,"engine_state":true,"heartbeat_at":"{{At(minutes)}}","battery_level":null}""";

    private string Trip(string id, double start, double? stop, string? privacy = null) =>
        $$"""{"id":"{{id}}","utc_start_at":"{{At(start)}}","utc_stop_at":{{(stop is { } at ? $"\"{At(at)}\"" : "null")}},"privacy":{{(privacy is null ? "null" : $"\"{privacy}\"")}},"distance":1}""";

    private string Point(string latitude, double minutes) =>
        $$"""{"id":1,"lat":"{{latitude}}","lon":"5.1","speed":50,"device_created_at":"{{At(minutes)}}"}""";

    private string At(double minutes) => _now.AddMinutes(minutes).ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
