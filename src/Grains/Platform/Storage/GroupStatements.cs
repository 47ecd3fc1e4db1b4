using ChargeCars.Platform.Changes;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// What follows the commands' own statements in their transaction, for the whole group at once: transitions, current
/// statuses, change events. A command whose version was stale inserted no audit row and is passed over here, so it never
/// fails or fakes another's. That the row must be this transaction's (<c>xmin</c>) keeps out a repeated command, whose
/// audit row is there from the first time. A commit without audit says in a setting of the transaction that it was applied.
/// </summary>
internal sealed class GroupStatements
{
    private const string Applied =
        "(SELECT a.xmin FROM audit_log a WHERE a.id = t.command_id) = pg_current_xact_id()::xid";

    private const string Said =
        $"strpos(coalesce(current_setting('{Storage.Commit.Setting}', true), ''), t.command_id::text) > 0";

    private const string InsertTransitions = $"""
        WITH applied AS MATERIALIZED (
            SELECT t.* FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[],
                    $8::text[], $9::jsonb[], $10::uuid[], $11::text[], $12::boolean[])
                AS t(command_id, id, entity_type, entity_id, from_status, to_status, at, reason, context, contact_id, system, milestone)
            WHERE {Applied}),
        history AS (
            INSERT INTO status_transition (id, entity_type, entity_id, from_status, to_status, transition_reason, business_context,
                triggered_by_contact_id, triggered_by_system, is_milestone, created_at)
            SELECT id, entity_type, entity_id, from_status, to_status, reason, context, contact_id, system, milestone, at FROM applied)
        INSERT INTO entity_current_status (id, entity_type, entity_id, current_status, status_since, last_transition_id, created_at, updated_at)
        SELECT id, entity_type, entity_id, to_status, at, id, at, at FROM applied
        ON CONFLICT (entity_type, entity_id) DO UPDATE SET
            current_status = excluded.current_status, status_since = excluded.status_since,
            last_transition_id = excluded.last_transition_id, updated_at = excluded.updated_at, version = entity_current_status.version + 1
        """;

    /// <summary>
    /// Held until the commit is visible, so sequences are given out in the order in which transactions become readable:
    /// a reader that has seen n can never be surprised by a smaller number. Taken last, so that it is held only for the
    /// insert and the flush to disk.
    /// </summary>
    private const string LockChanges = "SELECT pg_advisory_xact_lock(7214001)";

    private const string InsertChanges = $"""
        WITH numbered AS MATERIALIZED (
            SELECT t.*, (SELECT coalesce(max(sequence), 0) FROM change_event) + row_number() OVER (ORDER BY ordinal) AS sequence
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::jsonb[], $7::jsonb[],
                    $8::text[], $9::uuid[], $10::uuid[], $11::uuid[], $12::boolean[]) WITH ORDINALITY
                AS t(command_id, type, entity_type, entity_id, at, actor, data, business_entity, partner_id, contact_id, vehicle_id, audited, ordinal)
            WHERE CASE WHEN audited THEN {Applied} ELSE {Said} END),
        inserted AS (
            INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data,
                business_entity, partner_organization_id, contact_id, vehicle_id)
            SELECT sequence, type, entity_type, entity_id, at, actor, data, business_entity, partner_id, contact_id, vehicle_id FROM numbered)
        SELECT ordinal, sequence FROM numbered ORDER BY ordinal
        """;

    private readonly List<(Commit Commit, StatusTransition Row)> _transitions = [];
    private readonly List<(Commit Commit, NewChange Row)> _changes = [];

    public static GroupStatements Of(IReadOnlyList<Commit> group)
    {
        var statements = new GroupStatements();
        foreach (var commit in group)
        {
            if (commit.Transition is { } transition)
            {
                statements._transitions.Add((commit, transition));
            }

            foreach (var change in commit.Changes)
            {
                statements._changes.Add((commit, change));
            }
        }

        return statements;
    }

    public void AppendTo(NpgsqlBatch batch)
    {
        if (_transitions.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertTransitions)
            {
                Parameters =
                {
                    Column(_transitions, NpgsqlDbType.Uuid, t => t.Commit.CommandId),
                    Column(_transitions, NpgsqlDbType.Uuid, t => t.Row.Id),
                    Column(_transitions, NpgsqlDbType.Text, t => t.Row.EntityType),
                    Column(_transitions, NpgsqlDbType.Uuid, t => t.Commit.EntityId),
                    Column(_transitions, NpgsqlDbType.Text, t => t.Row.From),
                    Column(_transitions, NpgsqlDbType.Text, t => t.Row.To),
                    Column(_transitions, NpgsqlDbType.TimestampTz, t => t.Row.At),
                    Column(_transitions, NpgsqlDbType.Text, t => t.Row.Reason),
                    Column(_transitions, NpgsqlDbType.Jsonb, t => t.Row.BusinessContext?.Text),
                    Column(_transitions, NpgsqlDbType.Uuid, t => t.Row.ContactId),
                    Column(_transitions, NpgsqlDbType.Text, t => t.Row.System),
                    Column(_transitions, NpgsqlDbType.Boolean, t => t.Row.IsMilestone),
                },
            });
        }

        if (_changes.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(LockChanges));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertChanges)
            {
                Parameters =
                {
                    Column(_changes, NpgsqlDbType.Uuid, c => c.Commit.CommandId),
                    Column(_changes, NpgsqlDbType.Text, c => c.Row.Type),
                    Column(_changes, NpgsqlDbType.Text, c => c.Row.EntityType),
                    Column(_changes, NpgsqlDbType.Uuid, c => c.Row.EntityId ?? c.Commit.EntityId),
                    Column(_changes, NpgsqlDbType.TimestampTz, c => c.Row.At),
                    Column(_changes, NpgsqlDbType.Jsonb, c => c.Row.Actor.Text),
                    Column(_changes, NpgsqlDbType.Jsonb, c => c.Row.Data.Text),
                    Column(_changes, NpgsqlDbType.Text, c => c.Row.Scope?.BusinessEntity),
                    Column(_changes, NpgsqlDbType.Uuid, c => c.Row.Scope?.PartnerOrganizationId),
                    Column(_changes, NpgsqlDbType.Uuid, c => c.Row.Scope?.ContactId),
                    Column(_changes, NpgsqlDbType.Uuid, c => c.Row.Scope?.VehicleId),
                    Column(_changes, NpgsqlDbType.Boolean, c => c.Commit.IsAudited),
                },
            });
        }
    }

    /// <summary>Reads the sequences; the reader stands after the commands' own results.</summary>
    public async Task<IReadOnlyList<ChangeEvent>> ReadChangesAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        if (_changes.Count == 0)
        {
            return [];
        }

        await reader.NextResultAsync(cancellation); // past the lock's empty answer
        var committed = new List<ChangeEvent>(_changes.Count);
        while (await reader.ReadAsync(cancellation))
        {
            var (commit, row) = _changes[(int)reader.GetInt64(0) - 1];
            committed.Add(new(reader.GetInt64(1), row.Type, row.EntityType, row.EntityId ?? commit.EntityId, row.At, row.Actor, row.Data) { Scope = row.Scope });
        }

        await reader.NextResultAsync(cancellation); // a fault of the commit itself surfaces here
        return committed;
    }

    private static NpgsqlParameter<T[]> Column<TRow, T>(List<TRow> rows, NpgsqlDbType type, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
