using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Npgsql;

namespace ChargeCars.Tests.Platform.Live;

/// <summary>Writes what the live feed reads, as the store does.</summary>
internal static class LiveRows
{
    // The scheme of GroupStatements: the lock, then one more than the largest.
    private const string Lock = "SELECT pg_advisory_xact_lock(7214001)";

    private const string Insert = """
        INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data)
        SELECT (SELECT coalesce(max(sequence), 0) FROM change_event) + n, $1, $2, $3, now(), '{"kind":"system"}', $4::jsonb
        FROM generate_series(1, $5) n
        """;

    public static async Task ChangeAsync(
        this NpgsqlDataSource source, string type = "vehicle.updated", string entityType = "vehicle", Guid? id = null, string data = "{}", int count = 1)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
        {
            Parameters = { Sql.Text(type), Sql.Text(entityType), Sql.Uuid(id ?? Guid.CreateVersion7()), Sql.Text(data), Sql.Integer(count) },
        });
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    public static async Task<Guid> VehicleAsync(this NpgsqlDataSource source, string plate)
    {
        var id = Guid.CreateVersion7();
        await using var command = source.CreateCommand("INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES ($1, $2, 'van')");
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Text(plate));
        await command.ExecuteNonQueryAsync();
        return id;
    }

    public static async Task RunAsync(this NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static LivePosition Position(Guid vehicle, double latitude = 52.1, double longitude = 5.1, DateTimeOffset? at = null) =>
        new(vehicle, at ?? DateTimeOffset.UtcNow, latitude, longitude, 50, 90, 5, null, ChargeCars.Fleet.Vehicles.VehicleStatus.Driving);
}
