using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using ChargeCars.Identity.Sessions;
using ChargeCars.Identity.Accounts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Platform.Storage;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);

    private MigrationDatabase _database = null!;

    public async Task InitializeAsync() => _database = await MigrationDatabase.MigratedAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Changes_OlderThanRetention_AreDeleted()
    {
        await InsertChangesAsync(8, 8, 8, 6, 1);

        Assert.Equal(3, await Changes().DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(["4", "5"], await SequencesAsync());
    }

    [Fact]
    public async Task Changes_AllExpired_LeaveTheNewest()
    {
        await InsertChangesAsync(20, 19, 18);

        Assert.Equal(2, await Changes().DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(["3"], await SequencesAsync());
    }

    [Fact]
    public async Task Changes_InMoreThanOneBatch_AreAllDeleted()
    {
        await InsertChangesAsync(9, 9, 9, 9, 9, 1);

        Assert.Equal(5, await Changes(batchSize: 2).DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(["6"], await SequencesAsync());
    }

    [Fact]
    public async Task Changes_WithAnExpiredOneBehindAKeptOne_LeaveNoHole()
    {
        await InsertChangesAsync(9, 6, 8, 1);

        Assert.Equal(1, await Changes().DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(["2", "3", "4"], await SequencesAsync());
    }

    [Fact]
    public async Task Changes_OnAnEmptyFeed_DeleteNothing() =>
        Assert.Equal(0, await Changes().DeleteExpiredAsync(CancellationToken.None));

    [Fact]
    public async Task IdempotencyKeys_OlderThanADay_AreDeleted()
    {
        await using (var command = _database.Source.CreateCommand("""
            INSERT INTO idempotency_key (caller, key, fingerprint, created_at)
            VALUES ('c', 'old', '\x00', $1), ('c', 'new', '\x00', $2)
            """))
        {
            command.Parameters.Add(new() { Value = Noon.AddHours(-24).AddSeconds(-1).UtcDateTime });
            command.Parameters.Add(new() { Value = Noon.AddHours(-24).UtcDateTime });
            await command.ExecuteNonQueryAsync();
        }

        Assert.Equal(1, await new IdempotencyRetention(_database.Source, _time).DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(["new"], await _database.LinesAsync("SELECT key FROM idempotency_key"));
    }

    [Fact]
    public async Task Trips_ThatEndedBeforeTheRetention_AreDeletedAndCountedInTheAudit_AndThoseThatLastAreKept()
    {
        await using (var command = _database.Source.CreateCommand("""
            WITH van AS (INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES (gen_random_uuid(), 'R-1', 'van') RETURNING id)
            INSERT INTO vehicle_trip (vehicle_id, started_at, kind, ended_at, start_latitude, start_longitude, place_latitude, place_longitude,
                distance, decided_at, decided_source)
            SELECT id, started, 'stop', ended, 52, 5, 52, 5, 0, started, 'api'
            FROM van, unnest($1::timestamptz[], $2::timestamptz[]) AS leg(started, ended)
            """))
        {
            var kept = Noon - TimeSpan.FromDays(365);
            command.Parameters.Add(Sql.Array(NpgsqlTypes.NpgsqlDbType.TimestampTz, (DateTimeOffset[])[kept.AddDays(-3), kept.AddDays(-2), kept.AddDays(-1), kept.AddDays(1)]));
            command.Parameters.Add(Sql.Array(NpgsqlTypes.NpgsqlDbType.TimestampTz, (DateTimeOffset?[])[kept.AddDays(-2), kept.AddSeconds(-1), kept.AddDays(1), null]));
            await command.ExecuteNonQueryAsync();
        }

        var trips = new TripRetention(_database.Source, _time, Options.Create(new PositionOptions()));
        Assert.Equal(2, await trips.DeleteExpiredAsync(CancellationToken.None));
        Assert.Equal(0, await trips.DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(["f", "t"], await _database.LinesAsync("SELECT left((ended_at IS NULL)::text, 1) FROM vehicle_trip ORDER BY started_at"));
        Assert.Equal(["DELETE 2 Retention system"], await _database.LinesAsync("""
            SELECT concat_ws(' ', action, old_values ->> 'rows', change_summary, business_context -> 'actor' ->> 'kind') FROM audit_log WHERE table_name = 'vehicle_trip'
            """));
    }

    [Fact]
    public async Task Service_WhenOneTaskFails_StillRunsTheOthers()
    {
        await InsertChangesAsync(8, 1);
        await using var elsewhere = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Database = "no_such_database" }.ConnectionString);
        using var service = Service(elsewhere);

        await service.RunOnceAsync(CancellationToken.None);

        Assert.Equal(["2"], await SequencesAsync());
    }

    [Fact]
    public async Task Service_AMinuteAfterItsStart_RunsForTheFirstTime()
    {
        using var service = Service(_database.Source);
        await service.StartAsync(CancellationToken.None);

        // The timer is made on another thread: move the clock until it is there and rings.
        while (await _database.ScalarAsync<long>("SELECT count(*) FROM pg_inherits") == 0)
        {
            _time.Advance(RetentionService.FirstRun);
            await Task.Yield();
        }

        await service.StopAsync(CancellationToken.None);
    }

    private RetentionService Service(NpgsqlDataSource partitions) => new(
        [
            new PositionDayRetention(new PositionPartitions(partitions, _time, Options.Create(new PositionOptions { MaxAge = TimeSpan.FromDays(1) }))),
            Changes(),
        ],
        _time,
        NullLogger<RetentionService>.Instance);

    private ChangeEventRetention Changes(int batchSize = 100) =>
        new(_database.Source, _time, Options.Create(new ChangeEventOptions()), batchSize);

    private async Task InsertChangesAsync(params int[] daysAgo)
    {
        await using var command = _database.Source.CreateCommand("""
            INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data)
            SELECT row_number() OVER (), 'order.created', 'order', gen_random_uuid(), t, '{}', '{}' FROM unnest($1) t
            """);
        command.Parameters.Add(new() { Value = daysAgo.Select(days => Noon.AddDays(-days).UtcDateTime).ToArray() });
        await command.ExecuteNonQueryAsync();
    }

    private Task<List<string>> SequencesAsync() =>
        _database.LinesAsync("SELECT sequence::text FROM change_event ORDER BY sequence");
}
