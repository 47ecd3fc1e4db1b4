using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Platform.Live;

/// <summary>Reads <c>change_event</c>.</summary>
internal sealed class ChangeRows(NpgsqlDataSource source)
{
    /// <summary>Rows of one reading.</summary>
    public const int Page = 1_000;

    /// <summary>The columns of <see cref="Read"/>.</summary>
    public const string Columns = """
        sequence, type, entity_type, entity_id, occurred_at, actor, data, business_entity, partner_organization_id, contact_id, vehicle_id
        """;

    private const string SelectMaximum = "SELECT coalesce(max(sequence), 0) FROM change_event";

    private const string SelectAfter = $"SELECT {Columns} FROM change_event WHERE sequence > $1 ORDER BY sequence LIMIT 1000";

    // A feed that waits for a database that hangs is a feed that is late: give up early, try again.
    private const int TimeoutSeconds = 5;

    public static ChangeEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetGuid(3), row.GetFieldValue<DateTimeOffset>(4),
        new RawJson(row.GetString(5)), new RawJson(row.GetString(6)))
    {
        Scope = new(row.Optional<string>(7), row.OptionalValue<Guid>(8), row.OptionalValue<Guid>(9), row.OptionalValue<Guid>(10)),
    };

    /// <summary>The last sequence; 0 while there is none.</summary>
    public async Task<long> MaximumAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectMaximum);
        command.CommandTimeout = TimeoutSeconds;
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The next page after a sequence, and the last sequence there is; one round trip.</summary>
    public async Task<(IReadOnlyList<ChangeEvent> Rows, long Maximum)> AfterAsync(long sequence, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.Timeout = TimeoutSeconds;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SelectAfter) { Parameters = { Sql.Bigint(sequence) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SelectMaximum));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = new List<ChangeEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(Read(reader));
        }

        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (rows, reader.GetInt64(0));
    }
}
