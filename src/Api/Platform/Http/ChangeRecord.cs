using Npgsql;

namespace ChargeCars.Api.Platform.Http;

/// <summary>How far back the record of changes reaches: to the making of the database.</summary>
internal sealed class ChangeRecord(NpgsqlDataSource source)
{
    // The audit has no index that would find its first row.
    private const string SelectBeginning = "SELECT min(applied_at) FROM schema_migration";

    private long _begins;

    /// <summary>When it begins, UTC; read once, as it never changes.</summary>
    public async ValueTask<DateTimeOffset> BeginsAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _begins) is > 0 and var known)
        {
            return new(known, TimeSpan.Zero);
        }

        await using var command = source.CreateCommand(SelectBeginning);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var begins = row.GetFieldValue<DateTimeOffset>(0);
        Volatile.Write(ref _begins, begins.UtcTicks);
        return begins;
    }
}
