using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using ChargeCars.Fleet.Vehicles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Tests.Platform.Storage;

public sealed class GroupCommitTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Somebody = new(ActorKind.Key, Guid.CreateVersion7(Noon), "test");

    /// <summary>
    /// A group with a command that was committed before is undone and committed one by one. The connection that it comes
    /// to then is another one, which knows other statements by the names that the first one prepared.
    /// </summary>
    [Fact]
    public async Task Group_WithARepeatedCommand_CommitsAllTheOthersOnAnotherConnection()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var pool = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, NoResetOnClose = true, MaxPoolSize = 2 };
        await using var source = NpgsqlDataSource.Create(pool.ConnectionString);
        var repeated = Guid.CreateVersion7(Noon);
        await CommitAllAsync(source, [NewVehicle("first")], [repeated]);
        // Twice used, the statements are prepared on the one connection that the pool has yet.
        await CommitAllAsync(source, [NewVehicle("second"), NewVehicle("third")], [Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon)]);

        NpgsqlConnection other;
        await using (await source.OpenConnectionAsync())
        {
            other = await source.OpenConnectionAsync();
        }

        await PrepareOthersAsync(other);
        // While the table is locked the group waits on the first connection; who waits for that one gets it before the group does again.
        await using var locking = await other.BeginTransactionAsync();
        await ExecuteAsync(other, "LOCK TABLE vehicle IN SHARE MODE");
        var vehicles = Enumerable.Range(0, 8).Select(number => NewVehicle($"{number}")).ToList();
        var group = CommitAllAsync(source, vehicles, [.. vehicles.Select((_, number) => number == 3 ? repeated : Guid.CreateVersion7(Noon))]);
        while (await database.ScalarAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'vehicle'::regclass AND NOT granted)") is not true)
        {
            Assert.False(group.IsCompleted);
        }

        var first = source.OpenConnectionAsync().AsTask();
        await locking.CommitAsync();
        await using (await first)
        {
            await other.DisposeAsync();
            var outcomes = await group;

            for (var number = 0; number < outcomes.Count; number++)
            {
                if (number == 3)
                {
                    var fault = await Assert.ThrowsAsync<PostgresException>(() => outcomes[number]);
                    Assert.Equal("audit_log_pkey", fault.ConstraintName);
                }
                else
                {
                    Assert.True(await outcomes[number]);
                }
            }
        }

        Assert.Equal(7L, await database.ScalarAsync("""
            SELECT count(*) FROM vehicle v JOIN audit_log a ON a.record_id = v.id JOIN change_event c ON c.entity_id = v.id
            WHERE v.id = ANY($1) AND (SELECT max(sequence) FROM change_event) = (SELECT count(*) FROM change_event)
            """, vehicles.Select(vehicle => vehicle.Id).ToArray()));
    }

    /// <summary>An index takes no value of more than 2.7 kB, compressed.</summary>
    [Fact]
    public async Task Group_WithAValueThatNoIndexTakes_CommitsAllTheOthers()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using (var create = source.CreateCommand("CREATE TABLE kept (text text PRIMARY KEY)"))
        {
            await create.ExecuteNonQueryAsync();
        }

        using var commits = CommitDatabase.CommitsOn(source, new() { Writers = 1 });
        var wide = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8_000));
        var outcomes = new[] { "one", wide, "two" }.Select(text => commits.CommitAsync(new StatementCommit<bool>(
            Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), new("INSERT INTO kept VALUES ($1) RETURNING true") { Parameters = { Sql.Text(text) } },
            static async (reader, cancellation) => await reader.ReadAsync(cancellation)))).ToList();
        await commits.StartAsync(CancellationToken.None);
        await commits.StopAsync(CancellationToken.None);

        Assert.True(await outcomes[0]);
        Assert.Equal("54000", (await Assert.ThrowsAsync<PostgresException>(() => outcomes[1])).SqlState);
        Assert.True(await outcomes[2]);
        Assert.Equal(2L, await database.ScalarAsync("SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task Background_HasThousandsToTell_AndNoCommandIsRefusedForIt()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var commits = CommitDatabase.CommitsOn(source, new() { Writers = 1, GroupSize = 4, Capacity = 8 });
        // Nothing is written yet: all of it waits.
        var told = Enumerable.Range(0, 100).Select(_ => commits.CommitInBackgroundAsync(Statement())).ToList();

        var asked = commits.CommitAsync(Statement());

        Assert.False(asked.IsFaulted);
        await commits.StartAsync(CancellationToken.None);
        Assert.True(await asked);
        Assert.All(await Task.WhenAll(told), Assert.True);
        await commits.StopAsync(CancellationToken.None);

        static StatementCommit<bool> Statement()
        {
            var id = Guid.CreateVersion7(Noon);
            return new(id, id, new("SELECT true"), static async (reader, cancellation) => await reader.ReadAsync(cancellation));
        }
    }

    /// <summary>In one group: they wait before there is a writer. Answers when each has its outcome.</summary>
    private static async Task<IReadOnlyList<Task<bool>>> CommitAllAsync(NpgsqlDataSource source, IReadOnlyList<Vehicle> vehicles, Guid[] commands)
    {
        using var commits = CommitDatabase.CommitsOn(source, new() { Writers = 1 });
        var store = new EntityStore<Vehicle, VehicleKind>(source, commits);
        var outcomes = vehicles.Zip(commands, (vehicle, command) => CommitAsync(store, vehicle, command)).ToList();
        await commits.StartAsync(CancellationToken.None);
        await commits.StopAsync(CancellationToken.None);
        return outcomes;
    }

    private static Vehicle NewVehicle(string plate) => new() { LicensePlate = plate, VehicleType = VehicleType.Van, Id = Guid.CreateVersion7(Noon), CreatedAt = Noon };

    private static async Task<bool> CommitAsync(EntityStore<Vehicle, VehicleKind> store, Vehicle vehicle, Guid commandId) =>
        (await store.CommitAsync(null, VehicleKind.Created(vehicle, Noon).Value!, "Create", new CommandContext(commandId, Somebody), Noon)).Applied;

    private static async Task PrepareOthersAsync(NpgsqlConnection connection)
    {
        for (var statement = 0; statement < 8; statement++)
        {
            for (var use = 0; use < 3; use++)
            {
                await ExecuteAsync(connection, $"SELECT 'other {statement}'");
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
