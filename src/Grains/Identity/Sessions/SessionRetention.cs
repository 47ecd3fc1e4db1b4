using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Identity.Sessions;

/// <summary>Deletes sessions, with their former tokens, a quarter of a year after they ended. The audit keeps that they were.</summary>
public sealed class SessionRetention(NpgsqlDataSource source, TimeProvider time) : IExpiringRows
{
    /// <inheritdoc/>
    public string Task => "delete old sessions";

    /// <summary>How long an ended session is kept, for who asks where somebody was logged in.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private const string DeleteSql = """
        WITH gone AS (
            DELETE FROM user_session WHERE id IN (SELECT id FROM user_session WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)
            RETURNING id, user_id, created_at, expires_at, revoked, revoke_reason, version)
        INSERT INTO audit_log (id, table_name, record_id, action, old_values, change_summary, business_context, created_at)
        SELECT gen_random_uuid(), 'user_session', id, 'DELETE', to_jsonb(gone) - 'version', 'Retention',
            $2 || jsonb_build_object('version', version + 1), $3
        FROM gone
        """;

    /// <summary>Deletes in batches, each a short transaction.</summary>
    /// <returns>How many sessions were deleted.</returns>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var deleted = 0L;
        while (true)
        {
            var now = time.GetUtcNow();
            await using var command = source.CreateCommand(DeleteSql);
            command.Parameters.Add(Sql.Time(now - Retention));
            command.Parameters.Add(Sql.Jsonb(AuditEntry.ContextOf(new(Guid.Empty, Actor.System), version: 0)));
            command.Parameters.Add(Sql.Time(now));
            var batch = await command.ExecuteNonQueryAsync(ct);
            deleted += batch;
            if (batch < 1_000)
                return deleted;
        }
    }
}
