namespace ChargeCars.Tests.Fleet.Telemetry.Ulu;

/// <summary>Private trips are not kept, whenever they are called so.</summary>
public sealed class UluPrivacyTests : UluTest
{
    [Fact]
    public async Task Poll_OfAPrivateTrip_StoresNeitherItsPointsNorWhereItEnded()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5, "private"), Trip("0", -90, -80, "something new")];
        Ulu.Points["0"] = [Point("52.0005", -85)];
        Ulu.Points["1"] = [Point("52.001", -50)];
        Ulu.Points["2"] = [Point("52.005", -20)];
        await using var host = await new UluHost(Database, Ulu).StartAsync();

        await host.PollAsync();
        Assert.Equal("U-1 52.001@50 ulu", await host.StoredAsync());
        Assert.DoesNotContain(Ulu.Requests, request => request.Contains("/trips/2/", StringComparison.Ordinal) || request.Contains("/trips/0/", StringComparison.Ordinal));

        Ulu.Trips["29"] = [.. Ulu.Trips["29"], Trip("3", -1, null)];
        Ulu.Points["3"] = [Point("52.006", -0.9)];
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
        Ulu.Trips["29"] = [Trip("1", -32 * 60, -31 * 60), Trip("2", -30 * 60, -29 * 60, privacy)];
        Ulu.Points["2"] = [Point("52.005", -29.5 * 60)];
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Assert.Equal(stored, await host.StoredAsync());

        // The same of the next polls, which look back no further than they must.
        var before = Ulu.Requests.Count;
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal(stored.Length > 0 ? stored + ", U-1 52.0091@80 ulu" : "", await host.StoredAsync());
        Assert.Single(Ulu.Requests.Skip(before), request => request.Contains("/trips", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Poll_OfAVanWithoutATrip_HoldsBackWhereItStandsUntilItHasOne()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Ulu.Trips["29"] = [];
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Assert.Equal("", await host.StoredAsync());

        Ulu.Trips["29"] = [Trip("1", -0.9, null)];
        Ulu.Points["1"] = [];
        Vehicle("29", minutes: -0.5, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal("U-1 52.0091@80 ulu", await host.StoredAsync());
    }

    [Fact]
    public async Task Poll_OfATripThatBecamePrivateAfterItWasRead_TakesItAwayAndBringsItBackWhenItIsShared()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        Ulu.Points["1"] = [Point("52.001", -50)];
        Ulu.Points["2"] = [.. Enumerable.Range(0, 5).Select(i => Point($"52.005{i}", -20 + i))];
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        await host.PollAsync();
        Assert.EndsWith("52.0054@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync(), StringComparison.Ordinal);

        Ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5, "private")];
        Vehicle("29", minutes: -0.5, latitude: "52.0095");
        await host.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu", await host.StoredAsync());
        const string Hidden = "SELECT count(*) FROM audit_log WHERE table_name = 'vehicle_position' AND action = 'DELETE'";
        Assert.Equal(1, await host.ScalarAsync<long>(Hidden));
        Assert.Equal(52.001, await host.LatitudeAsync());
        Assert.Equal("52.001", await host.ScalarAsync<string>("SELECT current_location ->> 'latitude' FROM vehicle"));
        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM vehicle_trip WHERE start_latitude > 52.001 OR end_latitude > 52.001 OR place_latitude > 52.001"));

        Ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        Vehicle("29", minutes: -0.2, latitude: "52.0096");
        await host.PollAsync();

        Assert.EndsWith("52.0054@50 ulu, U-1 52.0096@80 ulu", await host.StoredAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await host.ScalarAsync<long>(Hidden));
    }

    [Fact]
    public async Task Poll_OfAnOldTripThatBecamePrivateWhileTheVanIsSilent_FindsItWithinTheHour()
    {
        Vehicle("29", minutes: -1, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        Ulu.Points["1"] = [Point("52.001", -50)];
        Ulu.Points["2"] = [Point("52.005", -20)];
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        await host.PollAsync();
        var before = Ulu.Requests.Count;

        // Not even the trips are asked for while there is no news.
        Ulu.Trips["29"] = [Trip("1", -60, -40, "private"), Trip("2", -30, -5)];
        await host.PollAsync();
        Assert.DoesNotContain(Ulu.Requests.Skip(before), request => request.Contains("/trips", StringComparison.Ordinal));
        host.Clock.Ahead = TimeSpan.FromMinutes(61);
        await host.PollAsync();

        Assert.Equal("U-1 52.005@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());
    }

    /// <summary>The tracker was put into another van meanwhile: what is stored of the trip is stored of the first.</summary>
    [Fact]
    public async Task Poll_OfATripThatBecamePrivateAfterItsTrackerMoved_TakesItAwayFromTheVanThatDroveIt()
    {
        Vehicle("29", minutes: -4, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5)];
        (Ulu.Points["1"], Ulu.Points["2"]) = ([Point("52.001", -50)], [Point("52.005", -20)]);
        await using (var host = await new UluHost(Database, Ulu).StartAsync())
        {
            Assert.Equal("U-1 52.001@50 ulu, U-1 52.005@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());
        }

        await using (var move = Database.DataSource.CreateCommand("UPDATE vehicle SET ulu_vehicle_id = NULL"))
        {
            await move.ExecuteNonQueryAsync();
        }

        await using (var add = Database.DataSource.CreateCommand(
            "INSERT INTO vehicle (id, license_plate, vehicle_type, ulu_vehicle_id) VALUES (gen_random_uuid(), 'U-2', 'van', '29')"))
        {
            await add.ExecuteNonQueryAsync();
        }

        Ulu.Trips["29"] = [.. Ulu.Trips["29"], Trip("3", -3, null)];
        Ulu.Points["3"] = [Point("52.007", -2)];
        Vehicle("29", minutes: -1, latitude: "52.008");
        await using var next = await new UluHost(Database, Ulu).StartAsync();
        Ulu.Trips["29"] = [Trip("1", -60, -40), Trip("2", -30, -5, "private"), Trip("3", -3, null)];
        Vehicle("29", minutes: -0.5, latitude: "52.0081");
        await next.PollAsync();

        Assert.Equal("U-1 52.001@50 ulu, U-2 52.007@50 ulu, U-2 52.008@80 ulu, U-2 52.0081@80 ulu", await next.StoredAsync());
    }

    [Fact]
    public async Task Poll_OfAServiceWhoseClockIsAhead_ReadsTheTripThatHasJustBegunAndTakesItAway()
    {
        Vehicle("29", minutes: 1.5, latitude: "52.009");
        Ulu.Trips["29"] = [Trip("1", 1, null)];
        Ulu.Points["1"] = [Point("52.001", 1.2)];
        await using var host = await new UluHost(Database, Ulu).StartAsync();
        Assert.Equal("U-1 52.001@50 ulu, U-1 52.009@80 ulu", await host.StoredAsync());

        Ulu.Trips["29"] = [Trip("1", 1, null, "private")];
        Vehicle("29", minutes: 1.6, latitude: "52.0091");
        await host.PollAsync();

        Assert.Equal("", await host.StoredAsync());
    }
}
