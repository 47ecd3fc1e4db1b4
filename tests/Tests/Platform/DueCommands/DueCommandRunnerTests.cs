using System.Collections.Concurrent;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Tests.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Platform.DueCommands;

public sealed class DueCommandRunnerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly Recorder _recorder = new();
    private CommitDatabase _database = null!;
    private EntityStore<Vehicle, VehicleKind> _vehicles = null!;

    public async Task InitializeAsync()
    {
        _database = await CommitDatabase.StartAsync();
        _vehicles = new(_database.Source, _database.Commits);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Due_OfOneTarget_IsCarriedOutOnceAndInTheOrderInWhichItWasWritten()
    {
        var target = Guid.NewGuid();
        await CommitAsync([.. Enumerable.Range(0, 20).Select(number => new DueCommand(target, new Note($"{number}")))]);

        while (await Runner().RunOnceAsync(CancellationToken.None) > 0)
        {
            // Each target's next one comes up when the one before it has ended.
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), _recorder.Done.Select(done => done.Text));
        Assert.Equal(20L, await CountAsync("state = 'done' AND ended_at IS NOT NULL"));
    }

    [Fact]
    public async Task Due_WithACommandThatWasStale_IsNotWritten()
    {
        var (_, vehicle) = await CommitAsync([]);

        var (applied, _) = await _vehicles.CommitAsync(
            vehicle! with { Version = 7 }, new(vehicle with { VehicleName = "stale" }) { Then = [new(vehicle.Id, new Note("never"))] }, "Test", Context(), Noon);

        Assert.False(applied);
        Assert.Equal(0L, await CountAsync("true"));
    }

    [Fact]
    public async Task Due_AtALaterTime_WaitsForItAndIsReplacedOrWithdrawnByItsKey()
    {
        var target = Guid.NewGuid();
        DueCommand Later(string text, string key) => new(target, new Note(text)) { At = Noon.AddHours(1), Key = key };
        var (_, vehicle) = await CommitAsync([Later("first", "a"), Later("withdrawn", "b")]);
        await _vehicles.CommitAsync(
            vehicle, new(vehicle! with { VehicleName = "again" }) { Then = [Later("second", "a")], Withdrawn = ["b"] }, "Test", Context(), Noon);

        Assert.Equal(0, await Runner().RunOnceAsync(CancellationToken.None));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Runner().RunOnceAsync(CancellationToken.None));

        Assert.Equal("second", Assert.Single(_recorder.Done).Text);
        Assert.Equal(2L, await CountAsync("state = 'withdrawn'"));
    }

    [Fact]
    public async Task Due_ThatItsTargetRefuses_IsOnRecordAtTheEntityThatAsked()
    {
        var (_, vehicle) = await CommitAsync([new(Guid.NewGuid(), new Note("refuse"))]);

        await Runner().RunOnceAsync(CancellationToken.None);

        Assert.Equal(1L, await CountAsync("state = 'refused' AND last_error = 'not this one'"));
        Assert.Equal(1L, await _database.Database.ScalarAsync(
            "SELECT count(*) FROM audit_log WHERE record_id = $1 AND change_summary LIKE '%refused%not this one%'", vehicle!.Id));
        Assert.Equal(1L, await _database.Database.ScalarAsync(
            "SELECT count(*) FROM change_event WHERE entity_id = $1 AND type = 'due_command.refused'", vehicle.Id));
    }

    [Fact]
    public async Task Due_ThatFailsAgainAndAgain_StopsAndHoldsNobodyUpAfterThat()
    {
        var target = Guid.NewGuid();
        await CommitAsync([new(target, new Note("fail")), new(target, new Note("behind it"))]);
        var runner = Runner();
        for (var attempt = 0; attempt < new DueCommandOptions().Attempts; attempt++)
        {
            Assert.Equal(1, await runner.RunOnceAsync(CancellationToken.None));
            Assert.Empty(_recorder.Done);
            _time.Advance(TimeSpan.FromHours(1));
        }

        await runner.RunOnceAsync(CancellationToken.None);

        Assert.Equal("behind it", Assert.Single(_recorder.Done).Text);
        Assert.Equal(1L, await CountAsync("state = 'failed' AND last_error = 'poisoned'"));
    }

    /// <summary>As when a host dies with what it took: nobody else takes it before the lease is over, and then one does.</summary>
    [Fact]
    public async Task Due_ThatADeadHostHolds_IsTakenWhenItsLeaseIsOver()
    {
        await CommitAsync([new(Guid.NewGuid(), new Note("left behind"))]);
        var store = new DueCommandStore(_database.Source, _database.Commits);
        Assert.Single(await store.TakeAsync(Noon, Noon + new DueCommandOptions().Lease, CancellationToken.None));

        Assert.Equal(0, await Runner().RunOnceAsync(CancellationToken.None));
        _time.Advance(new DueCommandOptions().Lease);
        Assert.Equal(1, await Runner().RunOnceAsync(CancellationToken.None));

        Assert.Equal("left behind", Assert.Single(_recorder.Done).Text);
    }

    private Task<(bool Applied, Vehicle? After)> CommitAsync(IReadOnlyList<DueCommand> then)
    {
        var made = VehicleKind.Rows.New(Guid.CreateVersion7(), Noon) with { LicensePlate = $"{Guid.NewGuid():n}"[..12], VehicleType = VehicleType.Van };
        return _vehicles.CommitAsync(null, new(made) { Then = then }, "Test", Context(), Noon);
    }

    private static CommandContext Context() => new(Guid.CreateVersion7(), new Actor(ActorKind.Key, Guid.NewGuid(), "test"));

    private DueCommandRunner Runner() => new(
        new DueCommandStore(_database.Source, _database.Commits), new DueCommandRoutes(null!, _recorder, [new DueCommandType(typeof(Note))]), new DueSignal(),
        Options.Create(new DueCommandOptions()), _time, NullLogger<DueCommandRunner>.Instance);

    private async Task<long> CountAsync(string where) => (long)(await _database.Database.ScalarAsync($"SELECT count(*) FROM due_command WHERE {where}"))!;

    /// <summary>Something to do.</summary>
    [Alias("test.note")]
    internal sealed record Note(string Text);

    private sealed class Recorder : IDueCommandHandler<Note>, IServiceProvider
    {
        public ConcurrentQueue<Note> Done { get; } = new();

        public object? GetService(Type serviceType) => this;

        public Task<Error?> CarryOutAsync(Guid targetId, Note command, CommandContext context, CancellationToken cancellation)
        {
            switch (command.Text)
            {
                case "refuse":
                    return Task.FromResult<Error?>(new Conflict("no", "not this one"));
                case "fail":
                    throw new InvalidOperationException("poisoned");
                default:
                    Done.Enqueue(command);
                    return Task.FromResult<Error?>(null);
            }
        }
    }
}
