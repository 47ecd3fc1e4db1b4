using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Testing;
using Microsoft.Extensions.Options;
using Npgsql;
using static ChargeCars.Tests.Fleet.Vehicles.Motion.MotionRig;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>Fixes that must not be shown any more go, and what was made of them.</summary>
public sealed class RemovedPositionsTests : IAsyncLifetime
{
    private static readonly CommandContext Ulu = new(Guid.Empty, new Actor(ActorKind.System, null, "ulu"));

    private static readonly PositionFix[] Day =
        [.. new Drive(Fixes.Noon.AddHours(-4), 5).Stand(10).Go(6_000).Stand(10).Go(3_000).Stand(10).Go(4_000).Stand(10).Fixes];

    private readonly PositionDatabase _database = new();
    private MotionRig _rig = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _rig = await StartAsync(_database);
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Removal_OfATripAndTheStopAfterIt_LeavesTheHistoryOfTheRest()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, [.. Day.Chunk(50).Select(part => new Part(part))]);
        var legs = Fold(Day).Legs;
        var (from, to) = (legs[3].Start.Time, legs[5].Start.Time);
        PositionFix[] rest = [.. Day.Where(fix => fix.FixTime < from || fix.FixTime >= to)];

        Assert.True(await RemoveAsync(vehicle, from, to));
        Assert.False(await RemoveAsync(vehicle, from, to));
        await _rig.PlayAsync(vehicle);

        Assert.Equal(Fold(rest).Legs, await _rig.StoredAsync(vehicle));
        Assert.Equal(rest.Length, await _database.ScalarAsync<long>($"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{vehicle}'"));
        Assert.Equal(
            "DELETE its driver calls the trip private api ulu", await _database.ScalarAsync<string>($"""
                SELECT string_agg(action || ' ' || change_summary || ' ' || (old_values ->> 'source') || ' ' || (business_context -> 'actor' ->> 'name'), ',')
                FROM audit_log WHERE table_name = 'vehicle_position' AND record_id = '{vehicle}'
                """));
        // What was told of that trip says no more where it went, what was told of the others does.
        Assert.Equal(
            "f,t,t", await _database.ScalarAsync<string>($"""
                SELECT string_agg(DISTINCT (data ? 'latitude')::text, ',') FILTER (WHERE (data ->> 'endedAt')::timestamptz BETWEEN '{from:O}' AND '{to:O}')
                    || ',' || min((data ? 'latitude')::text) FILTER (WHERE NOT (data ->> 'endedAt')::timestamptz BETWEEN '{from:O}' AND '{to:O}')
                    || ',' || bool_or(type = 'vehicle.positions_removed')
                FROM change_event WHERE entity_id = '{vehicle}'
                """).ContinueWith(told => told.Result?.Replace("false", "f", StringComparison.Ordinal).Replace("true", "t", StringComparison.Ordinal), TaskScheduler.Default));
    }

    [Fact]
    public async Task Removal_OfTheNewest_MovesTheVehicleAndItsRowBack()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, new Part(Day));
        using var locations = _database.Locations();
        await FollowAsync(Day[^1]);
        var from = Fold(Day).Legs[5].Start.Time;
        PositionFix[] rest = [.. Day.Where(fix => fix.FixTime < from)];
        await RemoveAsync(vehicle, from, Fixes.Noon);

        // As it is written for the fix itself.
        const string Row = "SELECT current_location::text || last_location_update::text FROM vehicle";
        var movedBack = await _database.ScalarAsync<string>(Row);
        await _database.ScalarAsync<int>("UPDATE vehicle SET current_location = NULL, last_location_update = NULL");
        await FollowAsync(rest[^1]);
        Assert.Equal(await _database.ScalarAsync<string>(Row), movedBack);
        var live = await _rig.PlayAsync(vehicle);
        Assert.Equal(rest[^1].FixTime, live?.FixTime);
        Assert.Equal(Fold(rest).Legs, await _rig.StoredAsync(vehicle));
        Assert.Equal(Fold(rest).State, (await _rig.Store.LoadAsync(vehicle)).State);

        async Task FollowAsync(PositionFix fix)
        {
            locations.Follow([At(vehicle, fix)]);
            await locations.FlushAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Removal_WhileTheLocationWaitsOnAnotherHost_DoesNotBringItBack()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, new Part(Day));
        // The host on which the vehicle was until a moment ago; it hears nothing of the removal.
        using var elsewhere = _database.Locations();
        elsewhere.Follow([At(vehicle, Day[^1])]);
        var from = Fold(Day).Legs[5].Start.Time;

        await RemoveAsync(vehicle, from, Fixes.Noon);
        await elsewhere.FlushAsync(CancellationToken.None);

        Assert.Equal(Day.Last(fix => fix.FixTime < from).FixTime.UtcDateTime, await _database.ScalarAsync<DateTime>("SELECT last_location_update FROM vehicle"));
    }

    [Fact]
    public async Task Removal_WhileAnotherHostWritesTheLocation_TakesThatBackToo()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, new Part(Day));
        var from = Fold(Day).Legs[5].Start.Time;
        var left = Day.Last(fix => fix.FixTime < from).FixTime;
        await _database.ScalarAsync<int>($"UPDATE vehicle SET last_location_update = '{left:O}', current_location = '{{}}'");
        await using var elsewhere = await _database.Source.OpenConnectionAsync();
        await using var writing = await elsewhere.BeginTransactionAsync();
        await using var update = new NpgsqlCommand($"UPDATE vehicle SET last_location_update = '{Day[^1].FixTime:O}'", elsewhere);
        await update.ExecuteNonQueryAsync();

        // It began when nobody could see what is being written, and waits for it.
        var removal = RemoveAsync(vehicle, from, Fixes.Noon);
        await Patience.UntilAsync(
            async () => removal.IsCompleted
                || await _database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
            "the removal waits for the row");

        await writing.CommitAsync();
        Assert.True(await removal);

        Assert.Equal(left.UtcDateTime, await _database.ScalarAsync<DateTime>("SELECT last_location_update FROM vehicle"));
    }

    [Fact]
    public async Task Removal_OfEverything_LeavesNoTripAndTheNextFixBeginsAnew()
    {
        var vehicle = await _rig.AddVehicleAsync();
        var stop = Fold(Day).Legs[4].Start.Time;
        var split = Array.FindIndex(Day, fix => fix.FixTime >= stop);
        await _rig.PlayAsync(vehicle, new Part(Day[..split]));

        await RemoveAsync(vehicle, Fixes.Noon.AddDays(-1), Fixes.Noon);
        await _rig.PlayAsync(vehicle);
        Assert.Empty(await _rig.StoredAsync(vehicle));
        Assert.Null((await _rig.Store.LoadAsync(vehicle)).State);
        Assert.Equal(0, await _database.ScalarAsync<long>($"SELECT count(*) FROM vehicle_late_fix WHERE vehicle_id = '{vehicle}'"));

        await _rig.PlayAsync(vehicle, new Part(Day[split..]));
        Assert.Equal(Fold(Day[split..]).Legs, await _rig.StoredAsync(vehicle));
    }

    private static LivePosition At(Guid vehicle, PositionFix fix) => new(
        vehicle, fix.FixTime, fix.Latitude, fix.Longitude, fix.SpeedKmh, fix.HeadingDegrees, fix.AccuracyMeters, fix.AltitudeMeters, default);

    private Task<bool> RemoveAsync(Guid vehicle, DateTimeOffset from, DateTimeOffset to) => new PositionRemoval(_rig.Commits, _database.Time, Options.Create(_database.Limits)).RemoveAsync(
        vehicle, new RemovedSpan("api", from, to, "its driver calls the trip private"), Ulu with { CommandId = Guid.CreateVersion7() });
}
