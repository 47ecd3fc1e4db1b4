using System.Data;
using System.Text.Json;
using ChargeCars.Changes;
using ChargeCars.Storage;
using ChargeCars.Vehicles;
using ChargeCars.Vehicles.Positions;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Live;

/// <summary>One moment of the database.</summary>
/// <param name="Sequence">The last sequence of that moment.</param>
/// <param name="Resumed">Whether the gap was still kept.</param>
/// <param name="SinceAt">When the change that the client has last was made; null where that is not known.</param>
/// <param name="Changes">The gap.</param>
/// <param name="Vehicles">The vehicles with the position of their row.</param>
/// <param name="Removed">Whose positions were removed, and of which time, that this node has not heard of yet.</param>
internal sealed record WatchMoment(
    long Sequence, bool Resumed, DateTimeOffset? SinceAt, IReadOnlyList<ChangeEvent> Changes, IReadOnlyList<VehicleSnapshot> Vehicles,
    IReadOnlyList<(Guid VehicleId, RemovedSpan Span)> Removed);

/// <summary>Reads snapshot and gap. All of an answer comes from one snapshot of the database, so they belong to its sequence.</summary>
internal sealed class WatchReader(NpgsqlDataSource source)
{
    private const string Bounds = """
        SELECT coalesce(min(sequence), 1), coalesce(max(sequence), 0), (SELECT occurred_at FROM change_event WHERE sequence = $1)
        FROM change_event
        """;

    // The last condition is the gap's bound: beyond it nothing is read, as a snapshot is cheaper.
    private const string Gap = $"""
        SELECT {ChangeRows.Columns} FROM change_event
        WHERE sequence > $1 AND entity_type = ANY($2) AND $1 >= (SELECT max(sequence) FROM change_event) - $3
        ORDER BY sequence
        """;

    private const string Vehicles = $"""
        SELECT {VehicleTable.Columns}, current_location, last_location_update
        FROM vehicle WHERE $1::uuid[] IS NULL OR id = ANY($1) ORDER BY license_plate, id
        """;

    private const string Unheard = $"SELECT entity_id, data FROM change_event WHERE sequence > $1 AND type = '{PositionRemoval.ChangeType}'";

    /// <param name="filter">What is watched.</param>
    /// <param name="since">The last sequence that the client has.</param>
    /// <param name="maximumReplay">How long a gap may be, in changes.</param>
    /// <param name="heard">The last sequence that this node has heard.</param>
    /// <param name="cancellation"></param>
    public async Task<WatchMoment> ReadAsync(WatchFilter filter, long? since, int maximumReplay, long heard, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Bounds) { Parameters = { Sql.Bigint(since ?? -1) } });
        if (since is { } from)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Gap)
            {
                Parameters = { Sql.Bigint(from), Sql.Array(NpgsqlDbType.Text, filter.EntityTypes), Sql.Integer(maximumReplay) },
            });
        }

        if (filter.Fleet)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Vehicles) { Parameters = { Sql.Array(NpgsqlDbType.Uuid, filter.SnapshotVehicles) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Unheard) { Parameters = { Sql.Bigint(heard) } });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var (oldest, newest) = (reader.GetInt64(0), reader.GetInt64(1));
        var sinceAt = reader.OptionalValue<DateTimeOffset>(2);
        // Ahead of the newest: the client's sequence is of another history. Before the oldest: part of the gap is gone.
        var resumed = since is { } s && s <= newest && s + 1 >= oldest && newest - s <= maximumReplay;
        List<ChangeEvent> changes = [];
        if (since is not null)
        {
            await reader.NextResultAsync(cancellation);
            while (resumed && await reader.ReadAsync(cancellation))
            {
                changes.AddRange(filter.Select([ChangeRows.Read(reader)]));
            }
        }

        var vehicles = new List<VehicleSnapshot>();
        var removed = new List<(Guid, RemovedSpan)>();
        if (filter.Fleet)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                vehicles.Add(ReadVehicle(reader));
            }

            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                removed.Add((reader.GetGuid(0), PositionRemoval.SpanOf(new(reader.GetString(1)))));
            }
        }

        return new(newest, resumed, sinceAt, changes, vehicles, removed);
    }

    private static VehicleSnapshot ReadVehicle(NpgsqlDataReader row) => new(VehicleTable.Read(row))
    {
        CurrentLocation = row.Optional<string>(VehicleTable.ColumnCount) is { } json ? JsonSerializer.Deserialize<Location>(json, RowJson.Options) : null,
        LastLocationUpdate = row.OptionalValue<DateTimeOffset>(VehicleTable.ColumnCount + 1),
    };
}
