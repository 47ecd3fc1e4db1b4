using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>The end of several sessions of one person: one statement, with an audit row for each, so that all end or none does.</summary>
internal static class SessionRevocation
{
    // Locked in one order, so that two of these never wait for one another. The first audit row has the command's id.
    private static readonly string RevokeSql = $$"""
        WITH doomed AS (
            SELECT id FROM user_session WHERE id = ANY($1) AND NOT revoked ORDER BY id FOR UPDATE),
        changed AS (
            UPDATE user_session s SET revoked = true, revoke_reason = $2, version = s.version + 1
            FROM doomed WHERE s.id = doomed.id
            RETURNING s.id, s.version),
        recorded AS (
            INSERT INTO audit_log (id, table_name, record_id, action, old_values, new_values, changed_by_contact_id, change_summary,
                business_context, ip_address, user_agent, created_at)
            SELECT CASE WHEN row_number() OVER (ORDER BY id) = 1 THEN $3 ELSE gen_random_uuid() END, $4, id, $6, $7, $8, $9, $10,
                jsonb_set($11, '{version}', to_jsonb(version)), $12, $13, $14
            FROM changed
            RETURNING id)
        SELECT id, {{Commit.SayApplied("$3")}} FROM recorded
        """;

    public static StatementCommit<bool> Of(Guid userId, IReadOnlyList<Session> sessions, string reason, CommandContext context, DateTimeOffset now)
    {
        // What changes is the same of each, but for the version.
        var first = sessions[0];
        var audit = AuditEntry.Between(
            Session.Table, first, first with { Revoked = true, RevokeReason = reason }, statusChanged: false, reason, context, now);
        var statement = new NpgsqlBatchCommand(RevokeSql)
        {
            Parameters = { Sql.Array(NpgsqlDbType.Uuid, sessions.Select(session => session.Id).ToArray()), Sql.Text(reason) },
        };
        audit.AddTo(statement.Parameters, context);
        return new(userId, context.CommandId, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes = [.. sessions.Select(session => Change(session, context, now))],
        };
    }

    /// <summary>What nodes and connections are told of a session's end.</summary>
    public static NewChange Change(Session session, CommandContext context, DateTimeOffset now) => new(
        "user_session.revoked", Session.Table, now, RowJson.ForClient(context.Actor), RowJson.ForClient(new { session.UserId }))
    {
        EntityId = session.Id,
        Scope = new(null, null, context.Actor.ContactId, null),
    };
}
