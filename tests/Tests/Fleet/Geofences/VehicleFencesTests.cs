using ChargeCars.Fleet.Geofences;
using static ChargeCars.Tests.Fleet.Geofences.Ground;

namespace ChargeCars.Tests.Fleet.Geofences;

public sealed class VehicleFencesTests(FenceDatabase database) : IClassFixture<FenceDatabase>
{
    [Fact]
    public async Task Crossings_OfADrive_AreOnRecordWithAuditPresenceAndChangeEvents()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 30)));
        var fences = database.Fences(vehicle);

        await FollowAsync(fences, Fix(0, 20), Fix(30, 20));
        Assert.Equal(1L, await ScalarAsync<long>($"SELECT count(*) FROM geofence_presence WHERE vehicle_id = '{vehicle}'"));
        await FollowAsync(fences, Fix(90, 900));

        Assert.Equal([(fence.Id, "entered", Noon), (fence.Id, "left", Noon.AddSeconds(90))], await database.RecordedAsync(vehicle));
        Assert.Equal(0L, await ScalarAsync<long>($"SELECT count(*) FROM geofence_presence WHERE vehicle_id = '{vehicle}'"));
        Assert.Equal(
            $"geofence.entered:circle:2026-03-02T12:00:00Z,geofence.left:circle:2026-03-02T12:01:30Z",
            await ScalarAsync<string>($"""
                SELECT string_agg(type || ':' || (data->>'name') || ':' || (data->>'at'), ',' ORDER BY sequence)
                FROM change_event WHERE vehicle_id = '{vehicle}' AND entity_id = '{fence.Id}'
                """));
        Assert.Equal(2L, await ScalarAsync<long>($"SELECT count(*) FROM audit_log a JOIN geofence_event e ON e.id = a.record_id WHERE e.vehicle_id = '{vehicle}'"));
    }

    [Fact]
    public async Task Crossing_RecordedTwice_IsOnRecordAndToldOnce()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 0)));
        var crossing = new Crossing(new Fence(fence), Entered: true, Noon, Fix(0, 0), null);

        Assert.True(await database.Store.RecordAsync(vehicle, crossing));
        Assert.False(await database.Store.RecordAsync(vehicle, crossing));

        Assert.Single(await database.RecordedAsync(vehicle));
        Assert.Equal(1L, await ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE vehicle_id = '{vehicle}'"));
    }

    [Fact]
    public async Task FenceDeletedMeanwhile_LeavesTheOthersCrossingsOnRecord()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 0, east: 5_000)));
        var gone = await database.AddAsync(Circle(dwell: 0, east: 5_000));
        var fences = database.Fences(vehicle);
        await ScalarAsync<int>($"DELETE FROM geofence WHERE id = '{gone.Id}'");

        await FollowAsync(fences, Fix(0, 5_000));
        await database.Catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal([(fence.Id, "entered", Noon)], await database.RecordedAsync(vehicle));
        Assert.Null(database.Catalog.Current.Find(gone.Id));
    }

    /// <summary>
    /// A drive among fences, with crashes between the disk and the fences: what is on record in the end is what an
    /// undisturbed drive tells.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Crashes_AnywhereInADrive_LoseAndRepeatNoCrossing(int seed)
    {
        var random = new Random(seed);
        var vehicle = await VehicleAsync();
        var middle = 20_000 * seed; // away from the other tests' fences
        for (var i = 0; i < 6; i++)
        {
            await database.AddAsync(Circle(random.Next(50, 400), 50, random.Next(0, 3) * 30, middle + random.Next(-600, 600)));
        }

        var (fences, index) = (database.Fences(vehicle), database.Catalog.Current);
        var (expected, state, east) = (new List<(Guid, string, DateTimeOffset)>(), FenceState.Nowhere, (double)middle);
        for (var i = 0; i < 150; i++)
        {
            east = Math.Clamp(east + random.Next(-150, 151), middle - 1_000, middle + 1_000);
            var fix = Fix(i * 10, east, accuracy: random.Next(0, 40));
            (state, var crossings) = FenceTracker.Step(state, fix, index);
            expected.AddRange(crossings.OrderBy(crossing => crossing.Fence.Id.ToString(), StringComparer.Ordinal)
                .Select(crossing => (crossing.Fence.Id, crossing.Entered ? "entered" : "left", crossing.At)));
            await database.StoreAsync(vehicle, fix);
            if (random.Next(10) == 0)
            {
                // The host dies before the fences hear of the fix, and wakes.
                await fences.WrittenAsync();
                fences = database.Fences(vehicle);
                await fences.RestoreAsync(FenceDatabase.LiveOf(vehicle, fix), CancellationToken.None);
            }
            else if (random.Next(10) == 0)
            {
                // Whether the fix is on disk is not known, so the fences are not told: the next fix makes them look.
                fences.OnOutcomeUnknown();
            }
            else
            {
                fences.OnStored([FenceDatabase.PositionOf(fix)]);
                await fences.WrittenAsync();
            }
        }

        await fences.WrittenAsync();
        fences = database.Fences(vehicle);
        await fences.RestoreAsync(FenceDatabase.LiveOf(vehicle, state.Last), CancellationToken.None);
        await fences.WrittenAsync();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Order(), (await database.RecordedAsync(vehicle)).Order());
    }

    [Fact]
    public async Task Restore_OfAVehicleThatLeftWhileTheHostWasAway_TellsTheLeavingOnce()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 0, north: 50_000)));
        var fences = database.Fences(vehicle);
        await database.StoreAsync(vehicle, Fix(0, 0, 50_000));
        await FollowAsync(fences, Fix(0, 0, 50_000));
        await database.StoreAsync(vehicle, Fix(7_200, 0, 90_000));

        for (var i = 0; i < 2; i++)
        {
            fences = database.Fences(vehicle);
            await fences.RestoreAsync(FenceDatabase.LiveOf(vehicle, Fix(7_200, 0, 90_000)), CancellationToken.None);
            await fences.WrittenAsync();
        }

        Assert.Equal([(fence.Id, "entered", Noon), (fence.Id, "left", Noon.AddHours(2))], await database.RecordedAsync(vehicle));
    }

    [Fact]
    public async Task Silence_AfterStandingInside_IsDecidedByTime()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 60, north: -30_000)));
        var fences = database.Fences(vehicle);
        await FollowAsync(fences, Fix(-61, 0, -30_000, speed: 0));
        Assert.True(fences.IsWaiting);

        fences.Wait();
        await fences.WrittenAsync();

        Assert.False(fences.IsWaiting);
        Assert.Equal([(fence.Id, "entered", Noon.AddSeconds(-61))], await database.RecordedAsync(vehicle));
    }

    [Fact]
    public async Task LateFixes_OfAVisit_AreItsCrossingsAsHistory()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 60, north: 200_000)));
        var fences = database.Fences(vehicle);
        await LateAsync(fences, vehicle, Fix(3_600, 5_000, 200_000));

        await LateAsync(fences, vehicle, [.. Enumerable.Range(0, 20).Select(i => Fix(i * 60, i is > 3 and < 15 ? 20 : 3_000, 200_000))]);
        await LateAsync(fences, vehicle, Fix(270, 20, 200_000), Fix(899, 3_000, 200_000));

        Assert.Equal([(fence.Id, "entered", Noon.AddSeconds(240)), (fence.Id, "left", Noon.AddSeconds(900))], await database.RecordedAsync(vehicle));
        Assert.Equal(0L, await ScalarAsync<long>($"SELECT count(*) FROM geofence_presence WHERE vehicle_id = '{vehicle}'"));
        Assert.Equal("true,true", await ScalarAsync<string>(
            $"SELECT string_agg(data->>'isLate', ',' ORDER BY sequence) FROM change_event WHERE vehicle_id = '{vehicle}'"));
    }

    [Fact]
    public async Task LateFixes_OfAnEarlierVisitOfAVehicleThatIsInsideNow_LeaveItInside()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 0, north: 300_000)));
        var fences = database.Fences(vehicle);
        await LateAsync(fences, vehicle, Fix(0, 3_000, 300_000), Fix(3_600, 20, 300_000));

        await LateAsync(fences, vehicle, Fix(600, 20, 300_000), Fix(1_200, 20, 300_000), Fix(1_800, 3_000, 300_000));
        await LateAsync(fences, vehicle, Fix(7_200, 3_000, 300_000));

        Assert.Equal([(600, "entered"), (1_800, "left"), (3_600, "entered"), (7_200, "left")], await TimesAsync(vehicle));
        Assert.Equal(0L, await ScalarAsync<long>($"SELECT count(*) FROM geofence_presence WHERE vehicle_id = '{vehicle}'"));
    }

    [Fact]
    public async Task LateFixes_OfAVisitThatLasts_MakeItInsideSinceThen()
    {
        var (vehicle, fence) = (await VehicleAsync(), await database.AddAsync(Circle(dwell: 60, north: 400_000)));
        var fences = database.Fences(vehicle);
        await LateAsync(fences, vehicle, Fix(1_800, 20, 400_000));
        Assert.True(fences.IsWaiting);

        await LateAsync(fences, vehicle, Fix(0, 3_000, 400_000), Fix(600, 20, 400_000), Fix(900, 20, 400_000));

        Assert.False(fences.IsWaiting);
        Assert.Equal([(600, "entered")], await TimesAsync(vehicle));
        Assert.Equal(Noon.AddSeconds(600).UtcDateTime, await ScalarAsync<DateTime>($"SELECT entered_at FROM geofence_presence WHERE vehicle_id = '{vehicle}'"));
    }

    /// <summary>A drive of which parts come late: at each fence entering and leaving take turns, no true stay is missing, and the last fix says where it is.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task LateFixes_OfAnyPartsOfADrive_GiveCrossingsInTurnsAndMissNoStay(int seed)
    {
        var random = new Random(seed);
        var vehicle = await VehicleAsync();
        var middle = 20_000 * seed;
        for (var i = 0; i < 5; i++)
        {
            await database.AddAsync(Circle(random.Next(80, 400), 50, random.Next(0, 3) * 30, middle + random.Next(-800, 800)));
        }

        var (east, drive) = ((double)middle, new List<FenceFix>());
        for (var i = 0; i < 150; i++)
        {
            east = Math.Clamp(east + random.Next(-150, 151), middle - 1_200, middle + 1_200);
            drive.Add(Fix(i * 10, east, accuracy: random.Next(0, 30)));
        }

        var fences = database.Fences(vehicle);
        var parts = drive.Chunk(random.Next(5, 40)).ToArray();
        foreach (var part in parts.OrderBy(_ => random.Next()))
        {
            await LateAsync(fences, vehicle, part);
        }

        var (expected, state) = (new List<Crossing>(), FenceState.Nowhere);
        foreach (var fix in drive)
        {
            (state, var crossings) = FenceTracker.Step(state, fix, database.Catalog.Current);
            expected.AddRange(crossings);
        }

        var recorded = (await database.RecordedAsync(vehicle)).GroupBy(one => one.Fence).ToDictionary(one => one.Key, one => one.OrderBy(crossing => crossing.At).ToArray());
        Assert.NotEmpty(expected);
        Assert.All(recorded.Values, crossings => Assert.Equal(
            crossings.Select((_, i) => i % 2 == 0 ? "entered" : "left"), crossings.Select(crossing => crossing.Word)));
        foreach (var stay in expected.GroupBy(crossing => crossing.Fence.Id).SelectMany(Stays))
        {
            Assert.Contains(Stays(recorded[stay.Fence]), other => other.From < stay.To && stay.From < other.To);
        }

        Assert.Equal(
            state.Stays.Where(stay => stay.Counts).Select(stay => stay.FenceId).Order(),
            recorded.Where(one => one.Value[^1].Word == "entered").Select(one => one.Key).Order());
    }

    private static IEnumerable<(Guid Fence, DateTimeOffset From, DateTimeOffset To)> Stays(IEnumerable<Crossing> crossings) =>
        Stays([.. crossings.Select(crossing => (crossing.Fence.Id, crossing.Entered ? "entered" : "left", crossing.At))]);

    private static IEnumerable<(Guid Fence, DateTimeOffset From, DateTimeOffset To)> Stays((Guid Fence, string Word, DateTimeOffset At)[] crossings) =>
        crossings.Where(crossing => crossing.Word == "entered").Select((entered, i) =>
            (entered.Fence, entered.At, crossings.ElementAtOrDefault((i * 2) + 1).At is var left && left == default ? DateTimeOffset.MaxValue : left));

    /// <summary>As the recorder and the motion have it: on disk, then told, and if they came late taken as such.</summary>
    private async Task LateAsync(VehicleFences fences, Guid vehicle, params FenceFix[] fixes)
    {
        foreach (var fix in fixes)
        {
            await database.StoreAsync(vehicle, fix);
        }

        await FollowAsync(fences, fixes);
        await fences.TakeLateAsync(fixes[0].Time, fixes[^1].Time);
        await fences.WrittenAsync();
    }

    private async Task<IEnumerable<(int Second, string Word)>> TimesAsync(Guid vehicle) =>
        (await database.RecordedAsync(vehicle)).OrderBy(one => one.At).Select(one => ((int)(one.At - Noon).TotalSeconds, one.Word));

    private Task<Guid> VehicleAsync() => database.Positions.AddVehicleAsync($"T-{Guid.NewGuid().ToString("N")[..8]}");

    private static async Task FollowAsync(VehicleFences fences, params FenceFix[] fixes)
    {
        foreach (var fix in fixes)
        {
            fences.OnStored([FenceDatabase.PositionOf(fix)]);
        }

        await fences.WrittenAsync();
    }

    private Task<T?> ScalarAsync<T>(string sql) => database.Positions.ScalarAsync<T>(sql);
}
