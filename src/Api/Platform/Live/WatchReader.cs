using System.Data;
using System.Text.Json;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Reads snapshot and gap. All of an answer comes from one snapshot of the database, so they belong to its sequence; each row is
/// encoded as it comes.
/// </summary>
internal sealed class WatchReader(
    NpgsqlDataSource source, ChangeFeed feed, PositionBoard board, IOptions<PositionOptions> positions, IOptions<LiveOptions> options,
    IOptions<JsonHubProtocolOptions> json, TimeProvider time)
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

    private const string Unheard = $"SELECT entity_id, data FROM change_event WHERE sequence > $1 AND type = '{PositionRemoval.ChangeType}'";

    private readonly JsonSerializerOptions _json = json.Value.PayloadSerializerOptions;

    /// <param name="filter">What is watched.</param>
    /// <param name="since">The last sequence that the client has.</param>
    /// <param name="cancellation"></param>
    public async Task<WatchMoment> ReadAsync(WatchFilter filter, long? since, CancellationToken cancellation)
    {
        var longest = options.Value.MaximumReplay;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Bounds) { Parameters = { Sql.Bigint(since ?? -1) } });
        if (since is { } from)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Gap)
            {
                Parameters = { Sql.Bigint(from), Sql.Array(NpgsqlDbType.Text, filter.EntityTypes), Sql.Integer(longest) },
            });
        }

        if (filter.Fleet)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Unheard) { Parameters = { Sql.Bigint(feed.Head) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(WatchedVehicles.Select) { Parameters = { Sql.Array(NpgsqlDbType.Uuid, filter.SnapshotVehicles) } });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var (oldest, newest) = (reader.GetInt64(0), reader.GetInt64(1));
        var sinceAt = reader.OptionalValue<DateTimeOffset>(2);
        // Ahead of the newest: the client's sequence is of another history. Before the oldest: part of the gap is gone.
        var resumed = since is { } s && s <= newest && s + 1 >= oldest && newest - s <= longest;
        await using var writer = new Utf8JsonWriter(Stream.Null, EncodedItems.WriterOptions);
        var (changes, vehicles) = (new EncodedItems(), new EncodedItems());
        if (since is not null)
        {
            await reader.NextResultAsync(cancellation);
            while (resumed && await reader.ReadAsync(cancellation))
            {
                foreach (var change in filter.Select([ChangeRows.Read(reader)]))
                {
                    changes.Add(writer, change, _json);
                }
            }
        }

        var watched = new WatchedVehicles(filter, board, positions.Value, time.GetUtcNow(), resumed, sinceAt);
        if (filter.Fleet)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                // The answer counts it as told: the board must not be behind it.
                board.Remove(reader.GetGuid(0), PositionRemoval.SpanOf(new RawJson(reader.GetString(1))));
            }

            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                if (watched.Read(reader) is { } vehicle)
                {
                    vehicles.Add(writer, vehicle, _json);
                }
            }
        }

        return new(newest, resumed, vehicles, changes, watched.Inside);
    }
}
