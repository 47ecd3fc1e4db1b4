using ChargeCars.Fleet.Geofences;
using ChargeCars.Fleet.Vehicles.Positions;
using Npgsql;
using static ChargeCars.Tests.Fleet.Geofences.Ground;

namespace ChargeCars.Tests.Fleet.Geofences;

/// <summary>Crossings of a time whose positions must not be shown any more go with them.</summary>
public sealed class RemovedCrossingsTests(FenceDatabase database) : IClassFixture<FenceDatabase>
{
    // Away from the other tests' fences.
    private const double Home = -50_000;

    [Fact]
    public async Task Removal_OfATime_TakesItsCrossingsAndWhatWasToldOfThem()
    {
        var (vehicle, work, home) = (await VehicleAsync("RC-1"), await database.AddAsync(Circle(dwell: 0, east: Home + 2_000)), await database.AddAsync(Circle(dwell: 0, east: Home)));
        await FollowAsync(vehicle, Fix(-3600, Home + 2_000), Fix(-3000, Home + 1_000), Fix(-2400, Home), Fix(-1800, Home + 1_000));

        // From the way home on, and till the van was on its way again.
        Assert.True(await RemoveAsync(vehicle, Noon.AddSeconds(-3100), Noon.AddSeconds(-1900)));

        Assert.Equal([(work.Id, "entered", Noon.AddSeconds(-3600)), (home.Id, "left", Noon.AddSeconds(-1800))], await database.RecordedAsync(vehicle));
        Assert.Equal(
            $"geofence.entered {work.Id},geofence.left {home.Id}",
            await ScalarAsync<string>($"SELECT string_agg(type || ' ' || entity_id, ',' ORDER BY sequence) FROM change_event WHERE vehicle_id = '{vehicle}' AND type IN ('geofence.entered', 'geofence.left')"));
        Assert.Equal(
            "eventId,vehicleId geofence_event",
            await ScalarAsync<string>($"""
                SELECT string_agg(DISTINCT (SELECT string_agg(key, ',' ORDER BY key) FROM jsonb_object_keys(data) key) || ' ' || entity_type, ';')
                FROM change_event WHERE vehicle_id = '{vehicle}' AND type = 'geofence.event_removed'
                """));
        // By what is left it never left its work.
        Assert.Equal(work.Id, await ScalarAsync<Guid>($"SELECT geofence_id FROM geofence_presence WHERE vehicle_id = '{vehicle}'"));
        Assert.Equal("CREATE,CREATE,CREATE,CREATE,DELETE,DELETE", await AuditedAsync(vehicle, "string_agg(action, ',' ORDER BY action)"));
        Assert.Equal("created_at,id,vehicle_id", await AuditedAsync(
            vehicle, "(SELECT string_agg(DISTINCT key, ',' ORDER BY key) FROM audit_log b, jsonb_object_keys(coalesce(b.new_values, b.old_values)) key WHERE b.table_name = 'geofence_event')"));
        Assert.Equal(0L, await ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE table_name = 'geofence_event' AND change_summary LIKE '%circle%'"));
    }

    [Fact]
    public async Task Crossing_ThatWasTakenAway_DoesNotComeBack()
    {
        var (vehicle, home) = (await VehicleAsync("RC-2"), await database.AddAsync(Circle(dwell: 0, east: Home, north: 5_000)));
        var crossing = new Crossing(new Fence(home), Entered: true, Noon, Fix(0, Home, 5_000), null);
        await FollowAsync(vehicle, Fix(0, Home, 5_000));

        Assert.True(await RemoveAsync(vehicle, Noon, Noon.AddSeconds(1)));

        // Neither one that was still on its way nor one that is decided anew.
        Assert.False(await database.Store.RecordAsync(vehicle, crossing));
        Assert.Empty(await database.RecordedAsync(vehicle));
        Assert.Equal(0L, await ScalarAsync<long>($"SELECT count(*) FROM geofence_presence WHERE vehicle_id = '{vehicle}'"));
    }

    [Fact]
    public async Task Fences_ThatAreAboutToLoseFixes_GiveUpWhatIsNotWrittenAndDecideNoMore()
    {
        var (vehicle, home) = (await VehicleAsync("RC-3"), await database.AddAsync(Circle(dwell: 0, east: Home, north: 10_000)));
        var fences = database.Fences(vehicle);

        await fences.PauseAsync(Noon, Noon.AddSeconds(10));
        await FollowAsync(vehicle, fences, Fix(0, Home, 10_000));
        Assert.Empty(await database.RecordedAsync(vehicle));
        fences.GoOn();
        await FollowAsync(vehicle, fences, Fix(20, Home, 10_000));

        // They were not taken away after all: found on the disk.
        Assert.Equal([(home.Id, "entered", Noon)], await database.RecordedAsync(vehicle));
    }

    [Fact]
    public async Task Crossings_ByAnyOtherStatement_AreNotTakenAway()
    {
        var vehicle = await VehicleAsync("RC-4");
        await database.AddAsync(Circle(dwell: 0, east: Home, north: 15_000));
        await FollowAsync(vehicle, Fix(0, Home, 15_000));

        foreach (var statement in new[] { "DELETE FROM geofence_event", "UPDATE geofence_event SET latitude = 0" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync<int>($"{statement} WHERE vehicle_id = '{vehicle}'"));
            Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
        }
    }

    private Task<bool> RemoveAsync(Guid vehicle, DateTimeOffset from, DateTimeOffset to) => database.Removal.RemoveAsync(
        vehicle, new RemovedSpan("api", from, to, "its driver calls the trip private"), new CommandContext(Guid.CreateVersion7(), Actor.System));

    private Task FollowAsync(Guid vehicle, params FenceFix[] fixes) => FollowAsync(vehicle, database.Fences(vehicle), fixes);

    private async Task FollowAsync(Guid vehicle, VehicleFences fences, params FenceFix[] fixes)
    {
        foreach (var fix in fixes)
        {
            await database.StoreAsync(vehicle, fix);
            fences.OnStored([FenceDatabase.PositionOf(fix)]);
            await fences.WrittenAsync();
        }
    }

    private Task<string?> AuditedAsync(Guid vehicle, string what) => ScalarAsync<string>(
        $"SELECT {what} FROM audit_log WHERE table_name = 'geofence_event' AND coalesce(new_values, old_values) ->> 'vehicle_id' = '{vehicle}'");

    private Task<Guid> VehicleAsync(string plate) => database.Positions.AddVehicleAsync(plate);

    private Task<T?> ScalarAsync<T>(string sql) => database.Positions.ScalarAsync<T>(sql);
}
