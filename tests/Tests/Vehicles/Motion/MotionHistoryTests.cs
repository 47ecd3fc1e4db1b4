using ChargeCars.Changes;
using ChargeCars.Storage;
using ChargeCars.Tests.Vehicles.Positions;
using ChargeCars.Vehicles;
using ChargeCars.Vehicles.Motion;
using ChargeCars.Vehicles.Positions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Vehicles.Motion;

#pragma warning disable CA1001 // xunit's DisposeAsync disposes of the fields
public sealed class MotionHistoryTests : IClassFixture<PositionDatabase>, IAsyncLifetime
{
    private static readonly MotionOptions Rules = new();
    private static readonly Lazy<PositionFix[]> Day = new(RoundWithGaps);

    private readonly PositionDatabase _database;
    private readonly PositionWriter _writer;
    private readonly ChangePublisher _publisher = new(null!, NullLogger<ChangePublisher>.Instance);
    private readonly GroupCommit _commits;
    private readonly MotionParts _parts;
    private readonly List<FollowMotion> _followed = [];

    public MotionHistoryTests(PositionDatabase database)
    {
        _database = database;
        _writer = database.Writer();
        _commits = new(database.Source, _publisher, Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        _parts = new(
            new MotionStore(database.Source, _commits),
            new MotionCheckpoints(database.Source, database.Time, Options.Create(Rules), NullLogger<MotionCheckpoints>.Instance),
            database.Time, Options.Create(Rules), Options.Create(database.Limits), NullLogger<VehicleMotion>.Instance);
    }

    public async Task InitializeAsync()
    {
        await _commits.StartAsync(CancellationToken.None);
        await _writer.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _commits.StopAsync(CancellationToken.None);
        _commits.Dispose();
        _publisher.Dispose();
        _parts.Dispose();
    }

    [Fact]
    public async Task History_OfADayInOrder_IsTheFoldOfItsFixes()
    {
        var vehicle = await _database.AddVehicleAsync($"M-{Guid.NewGuid():N}"[..12]);

        await PlayAsync(vehicle, [new([.. Day.Value], false)]);

        Assert.Equal(Expected(Day.Value), await StoredAsync(vehicle));
        Assert.Equal(5, (await StoredAsync(vehicle)).Count(leg => leg.IsTrip));
        Assert.Equal(
            "5/5", await _database.ScalarAsync<string>($"""
                SELECT count(*) FILTER (WHERE type = 'vehicle.trip_started') || '/' || count(*) FILTER (WHERE type = 'vehicle.trip_ended')
                FROM change_event WHERE entity_id = '{vehicle}'
                """));
    }

    [Fact]
    public void History_OfAnyPermutationRepetitionBatchesAndCrashes_IsTheSame() =>
        Prop.ForAll(Arb.From(Plays), play => CheckAsync(play).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private async Task<bool> CheckAsync(Part[] play)
    {
        var vehicle = await _database.AddVehicleAsync($"M-{Guid.NewGuid():N}"[..12]);
        var state = await PlayAsync(vehicle, play);
        Assert.Equal(Words(Expected(Day.Value)), Words(await StoredAsync(vehicle)));
        Assert.Equal(0L, await _database.ScalarAsync<long>($"SELECT count(*) FROM vehicle_late_fix WHERE vehicle_id = '{vehicle}'"));
        Assert.Equal(Day.Value[^1].FixTime, state.Live!.FixTime);
        return true;
    }

    [Fact]
    public async Task History_OfAVanFirstSeenDriving_HasNoLegThatTookNoTime()
    {
        var vehicle = await _database.AddVehicleAsync($"M-{Guid.NewGuid():N}"[..12]);
        PositionFix[] fixes = [.. new Drive(Fixes.Noon.AddHours(-3), 5).Go(4_000).Stand(10).Go(3_000).Stand(10).Fixes];
        var expected = Expected(fixes);
        Assert.Contains(expected, leg => leg.End?.Time == leg.Start.Time);

        await PlayAsync(vehicle, [.. fixes.Chunk(7).Select(part => new Part(part, false))]);

        Assert.Equal(expected.Where(leg => leg.End?.Time != leg.Start.Time), await StoredAsync(vehicle));
    }

    [Fact]
    public async Task Settle_AfterACrashBeforeTheRepair_RepairsFromTheMark()
    {
        var vehicle = await _database.AddVehicleAsync($"M-{Guid.NewGuid():N}"[..12]);
        var (early, late) = (Day.Value.Where((_, i) => i % 3 != 1).ToArray(), Day.Value.Where((_, i) => i % 3 == 1).ToArray());
        await PlayAsync(vehicle, [new(early, false)]);
        // On disk with their mark, and nobody lived to fold them.
        var recorder = _database.Recorder(vehicle, _writer);
        await recorder.RestoreAsync();
        await recorder.RecordAsync(late, VehicleStatus.Parked);
        Assert.NotEqual(Expected(Day.Value), await StoredAsync(vehicle));

        await PlayAsync(vehicle, []);

        Assert.Equal(Expected(Day.Value), await StoredAsync(vehicle));
    }

    [Fact]
    public async Task Turn_IsFollowedByTheVehicleWithTheKilometresDriven()
    {
        var vehicle = await _database.AddVehicleAsync($"M-{Guid.NewGuid():N}"[..12]);

        await PlayAsync(vehicle, [new([.. Day.Value], false)]);

        var driven = Expected(Day.Value).Sum(leg => leg.Meters);
        Assert.InRange(_followed.Sum(command => command.AddKm), (int)(driven / 1000) - 1, (int)(driven / 1000));
        Assert.Null(await _database.ScalarAsync<string>($"SELECT due::text FROM vehicle_motion WHERE vehicle_id = '{vehicle}'"));
    }

    private static Gen<Part[]> Plays =>
        from order in Gen.Shuffle(Day.Value)
        from inOrder in Gen.Choose(0, 2)
        from size in Gen.Choose(1, 120)
        from repeated in Gen.Choose(0, 3)
        from crashes in Gen.ListOf(Gen.Choose(0, 4))
        let fixes = inOrder == 0 ? Day.Value : inOrder == 1 ? LateBlocks(order[0].FixTime) : order
        let parts = fixes.Chunk(size).ToArray()
        select parts.Concat(parts.Take(repeated)).Select((part, i) => new Part(part, crashes.ElementAtOrDefault(i) == 4)).ToArray();

    // A part of the day comes when the rest is there.
    private static PositionFix[] LateBlocks(DateTimeOffset from) =>
        [.. Day.Value.Where(fix => fix.FixTime < from || fix.FixTime > from.AddMinutes(40)), .. Day.Value.Where(fix => fix.FixTime >= from && fix.FixTime <= from.AddMinutes(40))];

    private static PositionFix[] RoundWithGaps()
    {
        var drive = new Drive(Fixes.Noon.AddHours(-11), 20) { Noise = 8 }.Stand(15);
        foreach (var meters in new[] { 3_000.0, 900, 5_000 })
        {
            drive.Go(meters).Stand(10);
        }

        drive.Go(4_000).BeSilent(75).Go(4_000).Stand(2).Go(1_500).Stand(20);
        return [.. drive.Fixes];
    }

    // On one thread at a time, as a grain runs.
    private Task<PositionRecorder> PlayAsync(Guid vehicle, IReadOnlyList<Part> play) => Task.Factory.StartNew(
        () => PlayInTurnAsync(vehicle, play), CancellationToken.None, TaskCreationOptions.None,
        new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    private async Task<PositionRecorder> PlayInTurnAsync(Guid vehicle, IReadOnlyList<Part> play)
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
        return recorder;
    }

    private async Task<(PositionRecorder Recorder, VehicleMotion Motion)> ActivateAsync(Guid vehicle)
    {
        var motion = new VehicleMotion(vehicle, _parts, (command, _) =>
        {
            _followed.Add((FollowMotion)command);
            return Task.FromResult((Result<VehicleSnapshot>)new VehicleSnapshot(new Vehicle()));
        });
        var recorder = _database.Recorder(vehicle, _writer, motion);
        motion.Restore(await recorder.RestoreAsync());
        return (recorder, motion);
    }

    // Short enough to see where two histories part.
    private static string Words(Leg[] legs) => string.Join('\n', legs.Select(leg =>
        $"{(leg.IsTrip ? "trip" : "stop")} {leg.Start.Time:HH:mm:ss}-{leg.End?.Time:HH:mm:ss} {leg.Meters:R} {leg.TopKmh:R} {leg.Place} {leg.DecidedBy.FixTime:HH:mm:ss}"));

    private static Leg[] Expected(PositionFix[] fixes)
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

        return [.. legs];
    }

    private async Task<Leg[]> StoredAsync(Guid vehicle) => [.. await _parts.Store.LegsAroundAsync(vehicle, DateTimeOffset.MinValue)];

    /// <summary>One request; after it the host may die.</summary>
    private sealed record Part(PositionFix[] Fixes, bool Crash)
    {
        public override string ToString() => $"{string.Join(' ', Fixes.Take(3).Select(fix => $"{fix.FixTime:HH:mm:ss}"))}… {Fixes.Length}{(Crash ? " crash" : "")}";
    }
}
