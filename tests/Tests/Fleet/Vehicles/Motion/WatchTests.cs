using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Motion;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

#pragma warning disable CA1001 // xunit's DisposeAsync disposes of the fields
public sealed class WatchTests : IAsyncLifetime
{
    private readonly PositionDatabase _database = new();
    private readonly ChangePublisher _publisher = new(null!, NullLogger<ChangePublisher>.Instance);
    private GroupCommit _commits = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _commits = new(_database.Source, _publisher, new DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        await _commits.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _commits.StopAsync(CancellationToken.None);
        _commits.Dispose();
        _publisher.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Freshness_AsPositionsGrowOldAndComeAgain_IsToldOnceEach()
    {
        var vehicle = await _database.AddVehicleAsync("W-1");
        await SeenAsync(vehicle, _database.Time.GetUtcNow());
        using var watch = Watch();
        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);
        _database.Time.Advance(_database.Limits.StaleAfter);
        await watch.LookAsync(CancellationToken.None);
        _database.Time.Advance(_database.Limits.OfflineAfter);

        // Another host, after a restart, and two at once.
        using var other = Watch();
        var told = await Task.WhenAll(watch.LookAsync(CancellationToken.None), other.LookAsync(CancellationToken.None));
        await SeenAsync(vehicle, _database.Time.GetUtcNow());
        await other.LookAsync(CancellationToken.None);

        Assert.Equal(1, told.Sum());
        Assert.Equal(
            "unknown>live, live>stale, stale>offline, offline>live", await _database.ScalarAsync<string>($"""
                SELECT string_agg((data->>'from') || '>' || (data->>'to'), ', ' ORDER BY sequence)
                FROM change_event WHERE type = 'vehicle.freshness_changed' AND vehicle_id = '{vehicle}'
                """));
    }

    [Fact]
    public async Task Reminder_OfADueDate_IsToldOnceAndAgainWhenItMoves()
    {
        var vehicle = await _database.AddVehicleAsync("W-2");
        await DueAsync(vehicle, 20);
        using var watch = new ReminderWatch(
            _database.Source, _commits, _database.Time, Options.Create(new MotionOptions()), NullLogger<ReminderWatch>.Instance);
        Assert.Equal(0, await watch.LookAsync(CancellationToken.None));
        await DueAsync(vehicle, 14);

        Assert.Equal(1, await watch.LookAsync(CancellationToken.None));
        Assert.Equal(0, await watch.LookAsync(CancellationToken.None));
        await DueAsync(vehicle, 13);
        Assert.Equal(1, await watch.LookAsync(CancellationToken.None));

        Assert.Equal(
            "14, 13", await _database.ScalarAsync<string>($"""
                SELECT string_agg(data->>'daysLeft', ', ' ORDER BY sequence)
                FROM change_event WHERE type = 'vehicle.maintenance_due' AND vehicle_id = '{vehicle}'
                """));
    }

    private FreshnessWatch Watch() => new(
        _database.Source, _commits, _database.Time, Options.Create(_database.Limits), NullLogger<FreshnessWatch>.Instance);

    private Task SeenAsync(Guid vehicle, DateTimeOffset at) => ExecuteAsync(
        "UPDATE vehicle SET last_location_update = $2 WHERE id = $1", Sql.Uuid(vehicle), Sql.Time(at));

    private Task DueAsync(Guid vehicle, int days) => ExecuteAsync(
        "UPDATE vehicle SET maintenance_due = $2 WHERE id = $1", Sql.Uuid(vehicle), Sql.Date(DateOnly.FromDateTime(Fixes.Noon.Date).AddDays(days)));

    private async Task ExecuteAsync(string sql, params Npgsql.NpgsqlParameter[] parameters)
    {
        await using var command = _database.Source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync();
    }
}
