using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using static ChargeCars.Tests.Fleet.Vehicles.Positions.Days.SettlingDatabase;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions.Days;

/// <summary>What is written and removed while a day is settled: nothing is lost, nothing comes back.</summary>
public sealed class PositionSettlingRaceTests : IAsyncLifetime
{
    /// <summary>How many plays are tried; a soak sets more.</summary>
    private static readonly int Plays = int.TryParse(Environment.GetEnvironmentVariable("CHARGECARS_TEST_PLAYS"), out var plays) ? plays : 60;

    private readonly SettlingDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Changes_CommittedBetweenTheSteps_AreInTheSettledDay()
    {
        await _database.FillAsync(vehicles: 4, fixes: 20);
        await using var run = await _database.LockedConnectionAsync();
        var steps = new PositionDaySettling(run, _database.Day);
        var expected = new List<string>();
        await using var other = await _database.Source.OpenConnectionAsync();

        Assert.True(await steps.PrepareAsync(CancellationToken.None));
        await _database.InsertAsync(9, 1); // before the copy reads
        await _database.RemoveAsync(0, 0, 1);
        await using (var open = await other.BeginTransactionAsync())
        {
            // Open while the copy reads: it does not see them.
            await _database.InsertAsync(9, 2, other);
            await _database.RemoveAsync(1, 0, 1, other);
            await using var reader = await _database.Source.OpenConnectionAsync();
            await steps.CopyAsync(reader, CancellationToken.None);
            await open.CommitAsync();
        }

        await _database.InsertAsync(9, 3);
        await _database.RemoveAsync(2, 0, 1);
        await _database.RemoveAsync(3, 0, 1);
        await _database.InsertAsync(3, 0, source: "ulu"); // the same key, another fix
        await _database.ExecuteAsync($"UPDATE vehicle_position SET speed = 77 WHERE vehicle_id = '{Vehicle(3)}' AND fix_time = '{Midnight.AddSeconds(7):O}'");
        await _database.ExecuteAsync($"UPDATE vehicle_position SET source = 'moved' WHERE vehicle_id = '{Vehicle(3)}' AND fix_time = '{Midnight.AddSeconds(14):O}'");
        Assert.InRange(await steps.CatchUpAsync(CancellationToken.None), 9, 12);
        Assert.Equal(0, await steps.CatchUpAsync(CancellationToken.None));
        await _database.InsertAsync(9, 4); // left to the swap
        await _database.RemoveAsync(9, 3, 4);
        await _database.InsertAsync(9, 5);
        await _database.RemoveAsync(9, 5, 6); // came and went
        expected = await _database.RowsAsync();

        Assert.True(await steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));

        Assert.Equal(expected, await _database.RowsAsync());
        Assert.Equal(
            ["late 1", "late 2", "late 4"],
            await _database.LinesAsync($"SELECT source || ' ' || extract(second FROM fix_time)::int FROM vehicle_position WHERE vehicle_id = '{Vehicle(9)}' ORDER BY 1"));
        Assert.Equal(80, expected.Count); // one less of each vehicle, of which one came again, and three new ones
        Assert.Equal([Due], await _database.SettledAsync());
    }

    [Fact]
    public async Task Changes_MoreThanTheSwapTakes_AreRefusedAndCaughtUpWithBefore()
    {
        await _database.FillAsync(vehicles: 20, fixes: 100);
        await using var run = await _database.LockedConnectionAsync();
        var steps = await CopyAsync(run);
        await _database.ExecuteAsync("UPDATE vehicle_position SET speed = 5");

        Assert.False(await steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));
        Assert.Empty(await _database.SettledAsync());
        Assert.Equal(2 * 2_000, await steps.CatchUpAsync(CancellationToken.None));
        Assert.True(await steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));

        Assert.Equal(2_000, await _database.ScalarAsync<long>($"SELECT count(*) FROM {Due} WHERE speed = 5"));
    }

    [Fact]
    public async Task Swap_WhileAReaderIsOpen_IsRefusedAndGivenAfterIt()
    {
        await _database.FillAsync();
        await using var run = await _database.LockedConnectionAsync();
        var steps = await CopyAsync(run);
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using (var reader = await connection.BeginTransactionAsync())
        {
            await _database.ExecuteAsync("SELECT count(*) FROM vehicle_position", connection);
            Assert.False(await steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));
            await reader.CommitAsync();
        }

        Assert.True(await steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));
        Assert.Equal(4_000, (await _database.RowsAsync()).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Run_ThatDiesAfterAnyStep_LeavesTheDayWholeAndTheNextRunSettlesIt(int stepsDone)
    {
        await _database.FillAsync();
        var run = await _database.LockedConnectionAsync();
        var steps = new PositionDaySettling(run, _database.Day);
        Assert.True(await steps.PrepareAsync(CancellationToken.None));
        await _database.RemoveAsync(1, 0, 50);
        if (stepsDone > 1)
        {
            await using var reader = await _database.Source.OpenConnectionAsync();
            await steps.CopyAsync(reader, CancellationToken.None);
        }

        if (stepsDone > 2)
        {
            await steps.CatchUpAsync(CancellationToken.None);
        }

        await _database.InsertAsync(1, 3);
        // Its session ends here, as that of a host that is killed.
        await _database.EndAsync(run);

        Assert.NotEmpty(await _database.DebrisAsync());
        await _database.RemoveAsync(2, 0, 50);
        var rows = await _database.RowsAsync();
        await _database.Partitions.EnsureAsync(CancellationToken.None);
        Assert.Equal(0, await _database.Partitions.DropExpiredAsync(CancellationToken.None));

        Assert.Equal(1, await _database.Settling.SettleAsync(CancellationToken.None));

        Assert.Equal(4_000 - 8 - 8 + 1, rows.Count);
        Assert.Equal(rows, await _database.RowsAsync());
        Assert.Equal(await _database.OrderOfKeysAsync(), await _database.OrderOnDiskAsync());
        Assert.Empty(await _database.DebrisAsync());
    }

    [Fact]
    public async Task Run_WhoseSessionIsEndedByTheServer_BreaksOffAndTheNextOneSettles()
    {
        await _database.FillAsync();
        await using var writer = await _database.Source.OpenConnectionAsync();
        await using (var open = await writer.BeginTransactionAsync())
        {
            // Holds the run up in its first step, so that there is somebody to end.
            await _database.InsertAsync(1, 1, writer);
            var run = _database.Settling.SettleAsync(CancellationToken.None);
            await Patience.UntilAsync(
                () => _database.ScalarAsync<bool>("""
                    SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_locks
                    WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """),
                "the run has the lock");

            await Assert.ThrowsAnyAsync<NpgsqlException>(() => _database.WithTimePassingAsync(run));
            await open.CommitAsync();
        }

        await _database.UnlockedAsync();
        Assert.Equal(1, await _database.Settling.SettleAsync(CancellationToken.None));
        Assert.Equal(4_001, (await _database.RowsAsync()).Count);
    }

    [Fact]
    public async Task Writers_ThatNeverPause_FindTheirFixesAndNotWhatTheyRemoved()
    {
        await _database.FillAsync(vehicles: 20, fixes: 500);
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(100, 4).Select(vehicle => Task.Run(() => WriteAsync(vehicle, enough.Token))).ToArray();

        var settled = await _database.WithTimePassingAsync(_database.Settling.SettleAsync(CancellationToken.None));
        await enough.CancelAsync();
        var expected = (await Task.WhenAll(writers)).SelectMany(keys => keys).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(1, settled);
        var found = await _database.LinesAsync($"""
            SELECT left(vehicle_id::text, 8) || ' ' || lpad((extract(epoch FROM fix_time) - {Midnight.ToUnixTimeSeconds()})::int::text, 5, '0')
            FROM vehicle_position WHERE source = 'late'
            """);
        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
        Assert.Equal(10_000 + expected.Count, await _database.ScalarAsync<long>($"SELECT count(*) FROM {Due}"));
    }

    [Fact]
    public void AnyInterleaving_OfWritersAndSteps_EndsAsIfNothingHadBeenSettled() =>
        Prop.ForAll(Arb.From(AnyPlay), play => CheckAsync(play).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(Plays));

    private async Task<bool> CheckAsync(Turn[] play)
    {
        await _database.ExecuteAsync($"TRUNCATE vehicle_position; COMMENT ON TABLE {Due} IS NULL");
        await _database.FillAsync(vehicles: 4, fixes: 4);
        await using var run = await _database.LockedConnectionAsync();
        await using var reader = await _database.Source.OpenConnectionAsync();
        await using var slow = await _database.Source.OpenConnectionAsync();
        var steps = new PositionDaySettling(run, _database.Day);
        NpgsqlTransaction? open = null;
        var done = 0;
        foreach (var turn in play.Append(new(Act.Step)).Append(new(Act.Step)).Append(new(Act.Step)).Append(new(Act.Step)))
        {
            switch (turn.Act)
            {
                case Act.Step when done is 0:
                    await CommitAsync();
                    Assert.True(await steps.PrepareAsync(CancellationToken.None));
                    done++;
                    break;
                case Act.Step when done is 1:
                    await steps.CopyAsync(reader, CancellationToken.None);
                    done++;
                    break;
                case Act.Step when done is 2:
                    await steps.CatchUpAsync(CancellationToken.None);
                    done++;
                    break;
                case Act.Step when done is 3:
                    await CommitAsync();
                    var before = await _database.RowsAsync();
                    Assert.True(await steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));
                    Assert.Equal(before, await _database.RowsAsync());
                    done++;
                    break;
                case Act.Step:
                    break;
                case Act.Commit:
                    await CommitAsync();
                    break;
                case Act.RollBack when open is not null:
                    await open.RollbackAsync();
                    open = null;
                    break;
                case Act.RollBack:
                    break;
                // A vehicle's fixes never meet in two transactions: the first two are written at once, the others in one that stays open.
                default:
                    if (turn.Vehicle > 1)
                    {
                        open ??= await slow.BeginTransactionAsync();
                    }

                    await ActAsync(turn, turn.Vehicle > 1 ? slow : null);
                    break;
            }
        }

        await CommitAsync();
        var found = await _database.LinesAsync("""
            SELECT left(vehicle_id::text, 8)::int || ' ' || extract(second FROM fix_time)::int || ' ' || (source = 'late') FROM vehicle_position
            """);
        Assert.Equal(Modelled(play), found.Order(StringComparer.Ordinal));
        Assert.Empty(await _database.DebrisAsync());
        return true;

        async Task CommitAsync()
        {
            if (open is not null)
            {
                await open.CommitAsync();
                open = null;
            }
        }
    }

    private Task ActAsync(Turn turn, NpgsqlConnection? connection) => turn.Act switch
    {
        Act.Insert => _database.InsertAsync(turn.Vehicle, turn.Second * 7, connection, turn.Second % 5 == 0 ? "ulu" : "api"),
        Act.InsertLate => _database.InsertAsync(turn.Vehicle, turn.Second * 7, connection),
        _ => _database.RemoveAsync(turn.Vehicle, turn.Second * 7, (turn.Second * 7) + 10, connection),
    };

    // The same without a database: what is committed in the end.
    private static List<string> Modelled(Turn[] play)
    {
        var kept = Enumerable.Range(0, 4).SelectMany(vehicle => Enumerable.Range(0, 4).Select(second => (vehicle, second, late: false))).ToHashSet();
        var (open, steps) = ((HashSet<(int, int, bool)>?)null, 0);
        foreach (var turn in play)
        {
            if (turn.Act is Act.Step && steps++ is 0 or 3 || turn.Act is Act.Commit or Act.RollBack)
            {
                kept = turn.Act is not Act.RollBack && open is not null ? open! : kept;
                open = null;
                continue;
            }

            if (turn.Act is Act.Step)
            {
                continue;
            }

            foreach (var rows in new[] { turn.Vehicle > 1 ? null : kept, turn.Vehicle > 1 ? open ??= [.. kept] : open })
            {
                switch (turn.Act)
                {
                    case Act.Insert:
                        rows?.Add((turn.Vehicle, turn.Second, false));
                        break;
                    case Act.InsertLate:
                        rows?.Add((turn.Vehicle, turn.Second, true));
                        break;
                    default:
                        rows?.RemoveWhere(row => row.Item1 == turn.Vehicle && row.Item2 >= turn.Second && row.Item2 <= turn.Second + 1);
                        break;
                }
            }
        }

        return [.. (open ?? kept).Select(row => $"{row.Item1} {row.Item2 * 7} {(row.Item3 ? "true" : "false")}").Order(StringComparer.Ordinal)];
    }

    private static Gen<Turn[]> AnyPlay =>
        from turns in Gen.ArrayOf(
            from act in Gen.Frequency(
                (3, Gen.Constant(Act.Insert)), (3, Gen.Constant(Act.InsertLate)), (4, Gen.Constant(Act.Remove)), (1, Gen.Constant(Act.Commit)), (1, Gen.Constant(Act.RollBack)))
            from vehicle in Gen.Choose(0, 3)
            from second in Gen.Choose(0, 5)
            select new Turn(act, vehicle, second))
        from places in Gen.ArrayOf(Gen.Choose(0, turns.Length), 4)
        let places1 = places.Order().Select((place, i) => place + i).ToHashSet()
        let rest = new Queue<Turn>(turns)
        select Enumerable.Range(0, turns.Length + 4).Select(i => places1.Contains(i) ? new Turn(Act.Step) : rest.Dequeue()).ToArray();

    private async Task<List<string>> WriteAsync(int vehicle, CancellationToken enough)
    {
        var keys = new SortedSet<int>();
        var random = new Random(vehicle);
        await using var connection = await _database.Source.OpenConnectionAsync(CancellationToken.None);
        while (!enough.IsCancellationRequested)
        {
            var second = random.Next(2_000);
            if (random.Next(3) > 0)
            {
                await _database.InsertAsync(vehicle, second, connection);
                keys.Add(second);
            }
            else
            {
                await _database.RemoveAsync(vehicle, second, second + 100, connection);
                keys.RemoveWhere(key => key >= second && key < second + 100);
            }
        }

        return [.. keys.Select(second => $"{vehicle:x8} {second:00000}")];
    }

    private async Task<PositionDaySettling> CopyAsync(NpgsqlConnection connection)
    {
        var steps = new PositionDaySettling(connection, _database.Day);
        Assert.True(await steps.PrepareAsync(CancellationToken.None));
        await using var reader = await _database.Source.OpenConnectionAsync();
        await steps.CopyAsync(reader, CancellationToken.None);
        return steps;
    }

    public enum Act
    {
        Insert,
        InsertLate,
        Remove,
        Commit,
        RollBack,
        Step,
    }

    /// <summary>What is done next; a time is a seventh of its seconds.</summary>
    public sealed record Turn(Act Act, int Vehicle = 0, int Second = 0);
}
