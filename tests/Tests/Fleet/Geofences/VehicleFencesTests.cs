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
