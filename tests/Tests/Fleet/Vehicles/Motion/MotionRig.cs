using System.Text.Json;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>Vehicles' motions on a real database without their grains: activations are made and left at will, as crashes leave them.</summary>
internal sealed class MotionRig : IAsyncDisposable
{
    public static readonly MotionOptions Rules = new();

    private readonly ChangePublisher _publisher = new(null!, NullLogger<ChangePublisher>.Instance);
    private readonly PositionDatabase _database;

    public MotionRig(PositionDatabase database)
    {
        _database = database;
        Writer = database.Writer();
        Commits = new(database.Source, _publisher, new ChargeCars.Platform.DueCommands.DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        Checkpoints = new(database.Source, database.Time, Options.Create(Rules), NullLogger<MotionCheckpoints>.Instance);
        Store = new(database.Source, Commits);
        Parts = new(
            Store, Checkpoints, database.Time, Options.Create(Rules), Options.Create(database.Limits), NullLogger<VehicleMotion>.Instance);
    }

    public PositionWriter Writer { get; }

    public GroupCommit Commits { get; }

    public MotionCheckpoints Checkpoints { get; }

    public MotionStore Store { get; }

    public MotionParts Parts { get; }

    // What was sent past the due commands, after how many of those.
    private readonly List<(Guid Vehicle, long After, FollowMotion Command)> _sent = [];

    /// <summary>What every vehicle's status is, whatever it was told; null: none has any.</summary>
    public VehicleStatus? Status { get; set; }

    public static async Task<MotionRig> StartAsync(PositionDatabase database)
    {
        var rig = new MotionRig(database);
        await rig.Commits.StartAsync(CancellationToken.None);
        await rig.Writer.StartAsync(CancellationToken.None);
        return rig;
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Commits.StopAsync(CancellationToken.None);
        Commits.Dispose();
        Checkpoints.Dispose();
        _publisher.Dispose();
        Parts.Dispose();
    }

    public Task<Guid> AddVehicleAsync() => _database.AddVehicleAsync($"M-{Guid.NewGuid():N}"[..12]);

    /// <summary>One activation of a vehicle: its way to the disk and its motion.</summary>
    public async Task<(PositionRecorder Recorder, VehicleMotion Motion)> ActivateAsync(Guid vehicle)
    {
        var motion = new VehicleMotion(vehicle, Parts, async (command, _) =>
        {
            var due = await DueAsync(vehicle);
            lock (_sent)
            {
                _sent.Add((vehicle, due.Count, (FollowMotion)command));
            }

            return new VehicleSnapshot(new Vehicle());
        }, () => Status, _ => Task.CompletedTask);
        var recorder = _database.Recorder(vehicle, Writer, motion);
        motion.Restore(await recorder.RestoreAsync());
        return (recorder, motion);
    }

    /// <summary>Puts fixes on disk of which no motion hears, as a crash right after the commit leaves them.</summary>
    public async Task StoreUnheardAsync(Guid vehicle, IEnumerable<PositionFix> fixes)
    {
        var recorder = _database.Recorder(vehicle, Writer);
        await recorder.RestoreAsync();
        await recorder.RecordAsync([.. fixes], VehicleStatus.Parked);
    }

    /// <summary>Sends parts one after the other, with an activation anew after each crash; then all settles.</summary>
    public Task<LivePosition?> PlayAsync(Guid vehicle, params IReadOnlyList<Part> play) => InTurnAsync(async () =>
    {
        var (recorder, motion) = await ActivateAsync(vehicle);
        foreach (var part in play)
        {
            await recorder.RecordAsync([.. part.Fixes], VehicleStatus.Parked);
            if (part.Crash)
            {
                (recorder, motion) = await ActivateAsync(vehicle);
            }
        }

        await motion.SettleAsync();
        return recorder.Live;
    });

    /// <summary>On one thread at a time, as a grain runs.</summary>
    public static Task<T> InTurnAsync<T>(Func<Task<T>> run) => Task.Factory.StartNew(
        run, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    /// <summary>The legs that the fold makes of fixes in their order, and its state after them.</summary>
    public static (Leg[] Legs, MotionState State) Fold(IReadOnlyList<PositionFix> fixes)
    {
        var fold = new MotionFold(Rules, new PositionOptions());
        var state = fold.Begin(fixes[0]);
        List<Leg> legs = [Leg.Open(state)];
        foreach (var fix in fixes.Skip(1))
        {
            state = fold.Step(state, fix, out var turn);
            if (turn is not null)
            {
                legs[^1] = legs[^1] with { End = turn.At };
                legs.Add(Leg.Open(turn.To));
            }
        }

        return ([.. legs], state);
    }

    public async Task<Leg[]> StoredAsync(Guid vehicle) => [.. await Store.LegsAroundAsync(vehicle, DateTimeOffset.MinValue)];

    /// <summary>What a vehicle is to follow, in the order in which it is.</summary>
    public async Task<IReadOnlyList<FollowMotion>> FollowedByAsync(Guid vehicle)
    {
        var due = await DueAsync(vehicle);
        lock (_sent)
        {
            return
            [
                .. due.Select((command, place) => (After: place, Sent: 0, Command: command))
                    .Concat(_sent.Where(sent => sent.Vehicle == vehicle).Select(sent => (After: (int)sent.After - 1, Sent: 1, sent.Command)))
                    .OrderBy(one => one.After).ThenBy(one => one.Sent).Select(one => one.Command),
            ];
        }
    }

    /// <summary>The metres that its mileage has by the commands, and those that it will have.</summary>
    public async Task<double> CountedAsync(Guid vehicle) =>
        ((await FollowedByAsync(vehicle)).Sum(followed => followed.AddKm) * 1000.0) + (await Store.LoadAsync(vehicle)).Uncounted;

    // Nobody carries them out here.
    private async Task<List<FollowMotion>> DueAsync(Guid vehicle)
    {
        await using var command = _database.Source.CreateCommand(
            "SELECT command FROM due_command WHERE kind = 'vehicle.follow-motion' AND target_id = $1 ORDER BY sequence");
        command.Parameters.Add(Sql.Uuid(vehicle));
        await using var row = await command.ExecuteReaderAsync();
        var due = new List<FollowMotion>();
        while (await row.ReadAsync())
        {
            due.Add(JsonSerializer.Deserialize<FollowMotion>(row.GetString(0), RowJson.Options)!);
        }

        return due;
    }

    /// <summary>How often a change of a type was told of a vehicle.</summary>
    public Task<long> ToldAsync(Guid vehicle, string type) =>
        _database.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{vehicle}' AND type = '{type}'");

    /// <summary>One request; after it the host may die.</summary>
    public sealed record Part(PositionFix[] Fixes, bool Crash = false)
    {
        public override string ToString() => $"{string.Join(' ', Fixes.Take(3).Select(fix => $"{fix.FixTime:HH:mm:ss}"))}… {Fixes.Length}{(Crash ? " crash" : "")}";
    }
}
