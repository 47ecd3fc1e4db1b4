using ChargeCars.Changes;
using ChargeCars.Entities;
using ChargeCars.Storage;
using ChargeCars.Testing;
using ChargeCars.Vehicles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Tests.Storage;

public sealed class GroupCommitTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Somebody = new(ActorKind.Key, Guid.CreateVersion7(Noon), "test");

    /// <summary>
    /// A group with a command that was committed before is undone and committed one by one: on other connections, where the
    /// server may know other statements by the names that the first one prepared.
    /// </summary>
    [Fact]
    public async Task Group_WithARepeatedCommand_CommitsAllTheOthersOnce()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var prepares = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, NoResetOnClose = true };
        await using var source = NpgsqlDataSource.Create(prepares.ConnectionString);
        var repeated = Guid.CreateVersion7(Noon);
        var made = new List<Guid>();
        for (var round = 0; round < 6; round++)
        {
            using var publisher = new ChangePublisher(null!, NullLogger<ChangePublisher>.Instance);
            using var commits = new GroupCommit(
                source, publisher, Options.Create(new GroupCommitOptions { Writers = 1 }), NullLogger<GroupCommit>.Instance);
            var store = new EntityStore<Vehicle, VehicleTable>(source, commits);
            var vehicles = Enumerable.Range(0, 8).Select(number => NewVehicle($"{round}-{number}")).ToList();
            // They wait before there is a writer, and so are one group.
            var outcomes = vehicles.Select((vehicle, number) =>
                CommitAsync(store, vehicle, number == 3 ? repeated : Guid.CreateVersion7(Noon))).ToList();
            // Another user of the pool has prepared statements of its own under the names that come first.
            await DisturbAsync(source);
            await commits.StartAsync(CancellationToken.None);

            for (var number = 0; number < outcomes.Count; number++)
            {
                if (number == 3 && round > 0)
                {
                    var fault = await Assert.ThrowsAsync<PostgresException>(() => outcomes[number]);
                    Assert.Equal("audit_log_pkey", fault.ConstraintName);
                }
                else
                {
                    Assert.True(await outcomes[number]);
                    made.Add(vehicles[number].Id);
                }
            }

            await commits.StopAsync(CancellationToken.None);
        }

        await using var rows = source.CreateCommand("""
            SELECT count(*) FROM vehicle v JOIN audit_log a ON a.record_id = v.id JOIN change_event c ON c.entity_id = v.id
            WHERE v.id = ANY($1) AND (SELECT max(sequence) FROM change_event) = (SELECT count(*) FROM change_event)
            """);
        rows.Parameters.Add(Sql.Array(NpgsqlTypes.NpgsqlDbType.Uuid, made.ToArray()));
        Assert.Equal((long)made.Count, await rows.ExecuteScalarAsync());
    }

    private static Vehicle NewVehicle(string plate) => new Vehicle(new VehicleDetails { LicensePlate = plate, VehicleType = VehicleType.Van })
    {
        Id = Guid.CreateVersion7(Noon),
    }.Stamped(1, Noon);

    private static Task<bool> CommitAsync(EntityStore<Vehicle, VehicleTable> store, Vehicle vehicle, Guid commandId)
    {
        var context = new CommandContext(commandId, Somebody);
        return store.CommitAsync(null, vehicle, VehicleNews.Of(null, vehicle, [new VehicleCreated(vehicle)], context, Noon), context, Noon);
    }

    private static async Task DisturbAsync(NpgsqlDataSource source)
    {
        await using var first = await source.OpenConnectionAsync();
        await using var second = await source.OpenConnectionAsync();
        for (var use = 0; use < 3; use++)
        {
            await using var other = new NpgsqlCommand("SELECT $1::integer + 1", second) { Parameters = { Sql.Integer(use) } };
            await other.ExecuteScalarAsync();
        }
    }
}
