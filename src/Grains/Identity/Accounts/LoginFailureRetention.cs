using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Identity.Accounts;

/// <summary>Deletes failed logins that the lockout counts no more.</summary>
public sealed class LoginFailureRetention(NpgsqlDataSource source, TimeProvider time) : IExpiringRows
{
    /// <inheritdoc/>
    public string Task => "delete failed logins that count no more";

    /// <summary>How long after its wait a failure counts; no less, or deleting it could be told from outside.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    private const int BatchSize = 10_000;

    private const string DeleteSql = """
        DELETE FROM login_failure
        WHERE ctid = ANY (ARRAY (SELECT ctid FROM login_failure WHERE locked_until <= $1 ORDER BY locked_until LIMIT $2)) AND locked_until <= $1
        """;

    /// <summary>Deletes in batches, each a short transaction.</summary>
    /// <returns>How many rows were deleted.</returns>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var deleted = 0L;
        while (true)
        {
            await using var command = source.CreateCommand(DeleteSql);
            command.Parameters.Add(Sql.Time(time.GetUtcNow() - Retention));
            command.Parameters.Add(Sql.Integer(BatchSize));
            var batch = await command.ExecuteNonQueryAsync(ct);
            deleted += batch;
            if (batch < BatchSize)
                return deleted;
        }
    }
}
