using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static ChargeCars.Tests.Fleet.Vehicles.Motion.MotionRig;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>What a crash, a failed write or a race leaves half done, and who finishes it.</summary>
public sealed class MotionCrashTests : IAsyncLifetime
{
    private static readonly PositionFix[] Round =
        [.. new Drive(Fixes.Noon.AddHours(-4), 5).Stand(10).Go(6_000).Stand(10).Go(3_000).Stand(10).Fixes];

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fold_OfFixesReadFromTheDiskBeforeTheirWriterAnswers_CountsThemOnce(bool toldWhileReading)
    {
        var vehicle = await _rig.AddVehicleAsync();
        // On the way: twice the same stretch would be twice its length.
        PositionFix[] read = Round[150..200];

        await InTurnAsync(async () =>
        {
            var (recorder, motion) = await _rig.ActivateAsync(vehicle);
            await recorder.RecordAsync(Round[..150], default);
            await motion.SettleAsync();

            await _rig.StoreUnheardAsync(vehicle, read);
            motion.OnOutcomeUnknown();
            var settling = motion.SettleAsync();
            if (!toldWhileReading)
            {
                await settling;
            }

            motion.OnStored(read);
            await motion.SettleAsync();
            // The recorder that did the writing has seen the rest before it.
            await _rig.StoreUnheardAsync(vehicle, Round[200..]);
            motion.OnStored(Round.AsSpan(200));
            await motion.SettleAsync();
            return 0;
        });

        Assert.Equal(Fold(Round).Legs, await _rig.StoredAsync(vehicle));
    }

    [Fact]
    public async Task Settle_AfterACrashBeforeTheRepair_RepairsFromTheMark()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, new Part([.. Round.Where((_, i) => i % 3 != 1)]));
        // On disk with their mark, and nobody lived to fold them.
        await _rig.StoreUnheardAsync(vehicle, Round.Where((_, i) => i % 3 == 1));
        Assert.NotEqual(Fold(Round).Legs, await _rig.StoredAsync(vehicle));

        await _rig.PlayAsync(vehicle);

        Assert.Equal(Fold(Round).Legs, await _rig.StoredAsync(vehicle));
    }

    [Fact]
    public async Task Turn_SavedBeforeACrash_IsDueOnceWhateverComesAfter()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, new Part(Round[..200], Crash: true));
        await _rig.PlayAsync(vehicle);
        await _rig.PlayAsync(vehicle);

        Assert.True(Assert.Single(await _rig.FollowedByAsync(vehicle)).Driving);
    }

    [Fact]
    public async Task Turns_ThatTheVehicleHasNotFollowedYet_AreDueInTheirOrder()
    {
        var vehicle = await _rig.AddVehicleAsync();
        foreach (var part in Round.Chunk(40))
        {
            await _rig.PlayAsync(vehicle, new Part(part));
        }

        Assert.Equal(Fold(Round).Legs.Sum(leg => leg.Meters), await _rig.CountedAsync(vehicle), 3);
        Assert.Equal([true, false, true, false], (await _rig.FollowedByAsync(vehicle)).Select(followed => followed.Driving!.Value));
    }

    /// <summary>The legs and what follows from them are one transaction: where the legs are not written, nothing is due.</summary>
    [Fact]
    public async Task Turn_ThatAnotherActivationHasOvertaken_IsNotDue()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, new Part(Round[..50]));
        var saved = await _rig.Store.LoadAsync(vehicle);

        var written = await _rig.Store.SaveAsync(
            vehicle, Guid.CreateVersion7(), new(saved.State, [], Fixes.Noon), saved with { Version = saved.Version + 2 }, new FollowMotion(true), Fixes.Noon);

        Assert.False(written);
        Assert.Empty(await _rig.FollowedByAsync(vehicle));
    }

    [Fact]
    public async Task Watch_FindsWhatNobodyIsAboutToWake_AndLeavesTheOthers()
    {
        var (late, unfolded, whole, sending) = (
            await _rig.AddVehicleAsync(), await _rig.AddVehicleAsync(), await _rig.AddVehicleAsync(), await _rig.AddVehicleAsync());
        await _rig.PlayAsync(late, new Part([.. Round[..100], .. Round[150..]]));
        await _rig.StoreUnheardAsync(late, Round[100..150]);
        await _rig.PlayAsync(unfolded, new Part(Round[..100]));
        await _rig.StoreUnheardAsync(unfolded, Round[100..]);
        await _rig.PlayAsync(whole, new Part(Round));
        await _rig.StoreUnheardAsync(sending, [Fixes.At(-5)]);
        await SeenAsync(unfolded, Round[^1]);
        await SeenAsync(whole, Round[^1]);
        await SeenAsync(sending, Fixes.At(-5));
        await _rig.Checkpoints.FlushAsync(CancellationToken.None);

        var (first, second) = (new List<Guid>(), new List<Guid>());
        using var watch = Watch(first);
        await watch.LookAsync(CancellationToken.None);
        await _rig.Checkpoints.FlushAsync(CancellationToken.None);
        using var again = Watch(second);
        await again.LookAsync(CancellationToken.None);

        Assert.Equal(new[] { late, unfolded }.Order(), first.Order());
        Assert.Empty(second);
        Assert.Equal(Fold(Round).Legs, await _rig.StoredAsync(late));
        Assert.Equal(Fold(Round).Legs, await _rig.StoredAsync(unfolded));
    }

    [Fact]
    public async Task Save_ThatFails_IsMadeUpForWithoutAnotherFix()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await ExecuteAsync("ALTER TABLE vehicle_trip ADD CONSTRAINT ck_broken CHECK (started_at < '2000-01-01') NOT VALID");
        await InTurnAsync(async () =>
        {
            var (recorder, motion) = await _rig.ActivateAsync(vehicle);
            await recorder.RecordAsync(Round, default);
            await motion.SettleAsync();
            Assert.Empty(await _rig.StoredAsync(vehicle));
            await ExecuteAsync("ALTER TABLE vehicle_trip DROP CONSTRAINT ck_broken");
            await SeenAsync(vehicle, Round[^1]);

            using var watch = new MotionWatch(
                _database.Source, _ => motion.SettleAsync(), _database.Time, Options.Create(_database.Limits), NullLogger<MotionWatch>.Instance);
            return await watch.LookAsync(CancellationToken.None);
        });

        Assert.Equal(Fold(Round).Legs, await _rig.StoredAsync(vehicle));
        Assert.Equal(2, await _rig.ToldAsync(vehicle, "vehicle.trip_ended"));
    }

    [Fact]
    public async Task Overspeed_AcrossCrashesRepetitionAndRepair_IsToldOnce()
    {
        var vehicle = await _rig.AddVehicleAsync();
        PositionFix[] fixes = [.. new Drive(Fixes.Noon.AddHours(-2), 5).Stand(10).Go(2_000).Go(6_000, 145).Go(2_000, 100).Stand(10).Fixes];
        var fast = Array.FindIndex(fixes, fix => fix.SpeedKmh > 135);
        // A crash after every part, the first fast ones among them; a part in the middle of it comes late, and twice.
        PositionFix[] late = fixes[(fast + 10)..(fast + 15)];

        await _rig.PlayAsync(vehicle, [.. fixes.Except(late).Chunk(3).Select(part => new Part(part, Crash: true)), new(late, true), new(late)]);

        Assert.Equal(Fold(fixes).Legs, await _rig.StoredAsync(vehicle));
        Assert.Equal(1, await _rig.ToldAsync(vehicle, "vehicle.overspeed"));
        Assert.Equal(1, await _rig.ToldAsync(vehicle, "vehicle.trip_ended"));
    }

    [Fact]
    public async Task FirstFold_OfALongHistory_BeginsAtItsBoundAndIsWrittenInParts()
    {
        var vehicle = await _rig.AddVehicleAsync();
        var bound = Fixes.Noon - _database.Limits.MaxAge;
        var drive = new Drive(bound.AddMinutes(1), 60) { Noise = 0 };
        for (var i = 0; i < 150; i++)
        {
            drive.Stand(8).Go(6_000, 40);
        }

        PositionFix[] fixes = [.. drive.Stand(10).Fixes];
        PositionFix[] older = [.. new Drive(bound.AddHours(-4), 60) { Noise = 0 }.Stand(10).Go(6_000).Stand(10).Fixes];
        await InsertAsync(vehicle, [.. older, .. fixes]);

        await _rig.PlayAsync(vehicle);

        var expected = Fold(fixes).Legs;
        Assert.True(expected.Length > 290);
        Assert.Equal(expected, await _rig.StoredAsync(vehicle));
        // Each of them with its own transaction: a crash in between loses none of the work before it.
        Assert.InRange((await _rig.Store.LoadAsync(vehicle)).Version, 3, 6);
        Assert.Equal(expected.Sum(leg => leg.Meters), await _rig.CountedAsync(vehicle), 3);
    }

    [Fact]
    public async Task Checkpoint_Flushed_MovesTheFoldsMemoryOfItsVersionAlone()
    {
        var (one, other) = (await _rig.AddVehicleAsync(), await _rig.AddVehicleAsync());
        await _rig.PlayAsync(one, new Part(Round[..50]));
        await _rig.PlayAsync(other, new Part(Round[..50]));
        var (saved, later) = (await _rig.Store.LoadAsync(one), Fold(Round[..100]).State);

        _rig.Checkpoints.Offer(new FoldedSoFar(one, saved.Version, later));
        _rig.Checkpoints.Offer(new FoldedSoFar(one, saved.Version, Fold(Round[..70]).State));
        _rig.Checkpoints.Offer(new FoldedSoFar(other, saved.Version + 1, later));
        await _rig.Checkpoints.FlushAsync(CancellationToken.None);

        Assert.Equal((saved.Version, later), (await VersionAndStateAsync(one)));
        Assert.Equal(Fold(Round[..50]).State, (await _rig.Store.LoadAsync(other)).State);
    }

    [Fact]
    public async Task Checkpoint_WhoseDatabaseIsAway_IsWrittenByTheNextFlushAndWhenItStops()
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, new Part(Round[..50]));
        var (saved, later) = (await _rig.Store.LoadAsync(vehicle), Fold(Round[..100]).State);
        _rig.Checkpoints.Offer(new FoldedSoFar(vehicle, saved.Version, later));
        await ExecuteAsync("ALTER TABLE vehicle_motion RENAME TO away");
        await _rig.Checkpoints.FlushAsync(CancellationToken.None);
        await ExecuteAsync("ALTER TABLE away RENAME TO vehicle_motion");

        await _rig.Checkpoints.StopAsync(CancellationToken.None);

        Assert.Equal((saved.Version, later), await VersionAndStateAsync(vehicle));
    }

    private async Task<(long Version, MotionState? State)> VersionAndStateAsync(Guid vehicle)
    {
        var motion = await _rig.Store.LoadAsync(vehicle);
        return (motion.Version, motion.State);
    }

    private MotionWatch Watch(List<Guid> woken) => new(
        _database.Source,
        async vehicle =>
        {
            lock (woken)
            {
                woken.Add(vehicle);
            }

            await _rig.PlayAsync(vehicle);
        },
        _database.Time, Options.Create(_database.Limits), NullLogger<MotionWatch>.Instance);

    private Task SeenAsync(Guid vehicle, PositionFix fix) => ExecuteAsync(
        "UPDATE vehicle SET last_location_update = $2 WHERE id = $1", Sql.Uuid(vehicle), Sql.Time(fix.FixTime));

    private async Task InsertAsync(Guid vehicle, PositionFix[] fixes)
    {
        foreach (var day in fixes.Select(fix => fix.FixTime.UtcDateTime.Date).Distinct())
        {
            await ExecuteAsync($"""
                CREATE TABLE IF NOT EXISTS vehicle_position_{day:yyyyMMdd} PARTITION OF vehicle_position
                FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00')
                """);
        }

        await using var connection = await _database.Source.OpenConnectionAsync();
        await PositionInsert.WriteAsync(connection, [new PositionWrite(vehicle, fixes, suspect: true, live: null, Fixes.Noon)], CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, params Npgsql.NpgsqlParameter[] parameters)
    {
        await using var command = _database.Source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync();
    }
}
