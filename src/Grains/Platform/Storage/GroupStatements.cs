using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// All statements of a group but the commits' own: the rows of each table by one statement, then the audit, what is found by, transitions and current
/// statuses, what is due, and last the change events, for the commands that took effect. A repeated command meets its audit row of
/// the first time, which undoes the group; alone, each of the others goes through.
/// </summary>
internal sealed class GroupStatements
{
    private static readonly string InsertTransitions = $"""
        WITH applied AS MATERIALIZED (
            SELECT t.* FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[],
                    $8::text[], $9::jsonb[], $10::uuid[], $11::text[], $12::boolean[])
                AS t(command_id, id, entity_type, entity_id, from_status, to_status, at, reason, context, contact_id, system, milestone)
            WHERE {Commit.IsApplied("t.command_id")}),
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

    // A deadline that moves is a new one: whether it was missed is found out anew.
    private static readonly string SetDeadlines = $"""
        UPDATE entity_current_status s SET sla_deadline = t.deadline, is_overdue = false, version = s.version + 1
        FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) AS t(command_id, entity_type, entity_id, deadline)
        WHERE s.entity_type = t.entity_type AND s.entity_id = t.entity_id AND s.sla_deadline IS DISTINCT FROM t.deadline AND {Commit.IsApplied("t.command_id")}
        """;

    private static readonly string SetAssignments = $"""
        UPDATE entity_current_status s SET assigned_user_id = t.contact_id, assigned_team_id = t.team_id, version = s.version + 1
        FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[]) AS t(command_id, entity_type, entity_id, contact_id, team_id)
        WHERE s.entity_type = t.entity_type AND s.entity_id = t.entity_id
          AND (s.assigned_user_id, s.assigned_team_id) IS DISTINCT FROM (t.contact_id, t.team_id) AND {Commit.IsApplied("t.command_id")}
        """;

    /// <summary>
    /// Held until the commit is visible, so sequences are given out in the order in which transactions become readable:
    /// a reader that has seen n can never be surprised by a smaller number. Taken last, so that it is held only for the
    /// insert and the flush to disk.
    /// </summary>
    private const string LockChanges = "SELECT pg_advisory_xact_lock(7214001)";

    private static readonly string InsertChanges = $"""
        WITH numbered AS MATERIALIZED (
            SELECT t.*, (SELECT coalesce(max(sequence), 0) FROM change_event) + row_number() OVER (ORDER BY ordinal) AS sequence
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::jsonb[], $7::jsonb[],
                    $8::text[], $9::uuid[], $10::uuid[], $11::uuid[]) WITH ORDINALITY
                AS t(command_id, type, entity_type, entity_id, at, actor, data, business_entity, partner_id, contact_id, vehicle_id, ordinal)
            WHERE {Commit.IsApplied("t.command_id")}),
        inserted AS (
            INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data,
                business_entity, partner_organization_id, contact_id, vehicle_id)
            SELECT sequence, type, entity_type, entity_id, at, actor, data, business_entity, partner_id, contact_id, vehicle_id FROM numbered)
        SELECT ordinal, sequence FROM numbered ORDER BY ordinal
        """;

    private readonly IReadOnlyList<Commit> _group;
    private readonly List<IGrouping<(IRowMapping Mapping, RowOperation Operation), RowWrite>> _rows;
    private readonly List<(Commit Commit, NewChange Row)> _changes;

    public GroupStatements(IReadOnlyList<Commit> group)
    {
        _group = group;
        _rows = [.. group.Where(commit => commit.Rows.Count > 0).Select(commit => commit.Rows[0]).GroupBy(row => (row.Mapping, row.Operation))];
        _changes = [.. group.SelectMany(commit => commit.Changes, (commit, row) => (commit, row))];
    }

    public void AppendTo(NpgsqlBatch batch)
    {
        var commands = batch.BatchCommands;
        foreach (var rows in _rows)
        {
            commands.Add(rows.Key.Mapping.Write(rows.Key.Operation, parts: false, [.. rows]));
        }

        // A part that goes before one that comes: a line may take the place of another's unique value.
        foreach (var parts in _group.SelectMany(commit => commit.Rows.Skip(1)).GroupBy(row => (row.Operation, row.Mapping)).OrderBy(rows => rows.Key.Operation))
        {
            commands.Add(parts.Key.Mapping.Write(parts.Key.Operation, parts: true, [.. parts]));
        }

        Append(commands, [.. _group.SelectMany(commit => commit.Audits)], AuditRow.Insert);
        SearchRow.AppendTo(commands, [.. _group.SelectMany(commit => commit.Search)]);
        Append(commands, [.. _group.Where(commit => commit.Transition is not null)], Transitions);
        Append(commands, [.. _group.Where(commit => commit.Deadline is not null)], Deadlines);
        Append(commands, [.. _group.Where(commit => commit.Assignment is not null)], Assignments);
        Append(commands, [.. _group.SelectMany(commit => commit.Withdrawn, (commit, key) => (commit.CommandId, key))], NewDueCommand.Withdraw);
        Append(commands, [.. _group.SelectMany(commit => commit.Due, (commit, due) => (commit.CommandId, due))], NewDueCommand.Insert);
        if (_changes.Count > 0)
        {
            commands.Add(new NpgsqlBatchCommand(LockChanges));
            commands.Add(Changes());
        }
    }

    /// <summary>Reads which commands took effect; the reader stands after the commits' own results.</summary>
    public async Task ReadRowsAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        foreach (var _ in _rows)
        {
            await reader.ReadAsync(cancellation);
            if (!await reader.IsDBNullAsync(0, cancellation))
            {
                var applied = reader.GetFieldValue<Guid[]>(0).ToHashSet();
                foreach (var commit in _group.Where(commit => commit.Rows.Count > 0 && applied.Contains(commit.CommandId)))
                {
                    commit.Apply();
                }
            }

            await reader.NextResultAsync(cancellation);
        }
    }

    /// <summary>Reads the sequences; the reader stands after the rows' results.</summary>
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

        return committed;
    }

    private static void Append<T>(NpgsqlBatchCommandCollection commands, IReadOnlyList<T> rows, Func<IReadOnlyList<T>, NpgsqlBatchCommand> insert)
    {
        if (rows.Count > 0)
        {
            commands.Add(insert(rows));
        }
    }

    private static NpgsqlBatchCommand Transitions(IReadOnlyList<Commit> commits) => new(InsertTransitions)
    {
        Parameters =
        {
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.CommandId),
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.Transition!.Id),
            Sql.Column(commits, NpgsqlDbType.Text, c => c.Transition!.EntityType),
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.EntityId),
            Sql.Column(commits, NpgsqlDbType.Text, c => c.Transition!.From),
            Sql.Column(commits, NpgsqlDbType.Text, c => c.Transition!.To),
            Sql.Column(commits, NpgsqlDbType.TimestampTz, c => c.Transition!.At),
            Sql.Column(commits, NpgsqlDbType.Text, c => c.Transition!.Reason),
            Sql.Column(commits, NpgsqlDbType.Jsonb, c => c.Transition!.BusinessContext?.Text),
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.Transition!.ContactId),
            Sql.Column(commits, NpgsqlDbType.Text, c => c.Transition!.System),
            Sql.Column(commits, NpgsqlDbType.Boolean, c => c.Transition!.IsMilestone),
        },
    };

    private static NpgsqlBatchCommand Deadlines(IReadOnlyList<Commit> commits) => new(SetDeadlines)
    {
        Parameters =
        {
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.CommandId),
            Sql.Column(commits, NpgsqlDbType.Text, c => c.EntityType),
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.EntityId),
            Sql.Column(commits, NpgsqlDbType.TimestampTz, c => c.Deadline!.At?.ToUniversalTime()),
        },
    };

    private static NpgsqlBatchCommand Assignments(IReadOnlyList<Commit> commits) => new(SetAssignments)
    {
        Parameters =
        {
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.CommandId),
            Sql.Column(commits, NpgsqlDbType.Text, c => c.EntityType),
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.EntityId),
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.Assignment!.ContactId),
            Sql.Column(commits, NpgsqlDbType.Uuid, c => c.Assignment!.TeamId),
        },
    };

    private NpgsqlBatchCommand Changes() => new(InsertChanges)
    {
        Parameters =
        {
            Sql.Column(_changes, NpgsqlDbType.Uuid, c => c.Commit.CommandId),
            Sql.Column(_changes, NpgsqlDbType.Text, c => c.Row.Type),
            Sql.Column(_changes, NpgsqlDbType.Text, c => c.Row.EntityType),
            Sql.Column(_changes, NpgsqlDbType.Uuid, c => c.Row.EntityId ?? c.Commit.EntityId),
            Sql.Column(_changes, NpgsqlDbType.TimestampTz, c => c.Row.At),
            Sql.Column(_changes, NpgsqlDbType.Jsonb, c => c.Row.Actor.Text),
            Sql.Column(_changes, NpgsqlDbType.Jsonb, c => c.Row.Data.Text),
            Sql.Column(_changes, NpgsqlDbType.Text, c => c.Row.Scope?.BusinessEntity),
            Sql.Column(_changes, NpgsqlDbType.Uuid, c => c.Row.Scope?.PartnerOrganizationId),
            Sql.Column(_changes, NpgsqlDbType.Uuid, c => c.Row.Scope?.ContactId),
            Sql.Column(_changes, NpgsqlDbType.Uuid, c => c.Row.Scope?.VehicleId),
        },
    };
}
