using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Entities;

/// <summary>
/// The row of <c>audit_log</c> that a command leaves: a baseline on create, every changed field old and new after that,
/// who, from where, and the version it made. Its id is the command's.
/// </summary>
public sealed record AuditEntry(
    string Table, Guid RecordId, string Action, string? Old, string? New, string? Summary, string BusinessContext, DateTimeOffset At)
{
    internal const string Columns = """
        id, table_name, record_id, action, old_values, new_values, changed_by_contact_id, change_summary,
        business_context, ip_address, user_agent, created_at
        """;

    private static readonly ConcurrentDictionary<(string Row, string? Also), string> Statements = new();

    /// <summary>What stands in the audit in the place of a secret: that it was set or changed, and never what it is.</summary>
    public const string Redacted = RowJson.Redacted;

    /// <summary>
    /// The columns, of any table, whose values the audit does not repeat: secrets and their hashes, and what people wrote to one
    /// another or events said of a call, which must be erasable.
    /// </summary>
    internal static readonly FrozenSet<string> Secrets = new[]
    {
        "password", "two_factor_secret", "email_verification_token", "password_reset_token", "recovery_code_hashes", "token_hash", "key_hash",
        "former_key_hash", "secret", "xml", "api_key", "api_secret", "webhook_secret", "sealed_token", "wish_hash",
        "body_text", "body_html", "shown_html", "evidence", "comments",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string InsertAlone = $"WITH once AS (SELECT 1) {InsertFrom("once", 1)}";

    // Every change moves these; they say nothing.
    private static readonly string[] Unremarkable = ["version", "updated_at"];

    /// <summary>What lies between two states of a row, null before it was made and after it was deleted.</summary>
    /// <param name="rows">Its table.</param>
    /// <param name="id">Its id.</param>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    /// <param name="version">The version that the change makes, of the row or of the entity that it is a part of.</param>
    /// <param name="statusChanged">Whether the change is one of status.</param>
    /// <param name="summary">Why.</param>
    /// <param name="context">Who, and from where.</param>
    /// <param name="at">When, UTC.</param>
    public static AuditEntry Between<TState>(
        RowMapping<TState> rows, Guid id, TState? before, TState? after, long version, bool statusChanged, string? summary, CommandContext context,
        DateTimeOffset at)
        where TState : class, new()
    {
        var (old, @new) = rows.Difference(before, after, Secrets);
        return new(rows.Table, id, ActionOf(before, after, statusChanged), old, @new, summary, ContextOf(context, version), at);
    }

    /// <summary>What lies between two states of an entity, null before it was made and after it was deleted.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    /// <param name="statusChanged">Whether the change is one of status.</param>
    /// <param name="summary">Why.</param>
    /// <param name="context">Who, and from where.</param>
    /// <param name="at">When.</param>
    /// <param name="secrets">Columns that the change sets and the state does not hold, as they are secret.</param>
    public static AuditEntry Between<TState>(
        string table, TState? before, TState? after, bool statusChanged, string? summary, CommandContext context, DateTimeOffset at,
        params ReadOnlySpan<string> secrets)
        where TState : class, IEntityState
    {
        var (old, @new) = (before is null ? null : RowJson.ToObject(before), after is null ? null : RowJson.ToObject(after));
        if (old is not null && @new is not null)
        {
            foreach (var (name, value) in @new.ToArray())
            {
                if (Unremarkable.Contains(name) || JsonNode.DeepEquals(old[name], value))
                {
                    old.Remove(name);
                    @new.Remove(name);
                }
            }
        }

        Redact(old);
        Redact(@new);
        foreach (var secret in secrets)
        {
            old?[secret] = Redacted;
            @new?[secret] = Redacted;
        }

        var action = ActionOf(before, after, statusChanged);
        var version = after?.Version ?? before!.Version + 1;
        return new(table, (after ?? before)!.Id, action, old?.ToJsonString(), @new?.ToJsonString(), summary, ContextOf(context, version), at);
    }

    private static string ActionOf(object? before, object? after, bool statusChanged) => (before, after) switch
    {
        (null, _) => "CREATE",
        (_, null) => "DELETE",
        _ => statusChanged ? "STATUS_CHANGE" : "UPDATE",
    };

    private static void Redact(JsonObject? values)
    {
        foreach (var name in values?.Select(field => field.Key).Where(Secrets.Contains).ToArray() ?? [])
        {
            // Whether there is one at all is no secret.
            values![name] = values[name] is null or JsonArray { Count: 0 } ? null : Redacted;
        }
    }

    /// <summary>Gives a row the values that it had before a change. A value that the audit does not repeat stays as it is.</summary>
    internal static void Undo(JsonObject row, string old)
    {
        foreach (var (name, value) in JsonNode.Parse(old)!.AsObject())
        {
            if (value is null || !Secrets.Contains(name))
            {
                row[name] = value?.DeepClone();
            }
        }
    }

    /// <summary>The actor and the version made, as <c>business_context</c> holds them.</summary>
    public static string ContextOf(CommandContext context, long version) => JsonSerializer.Serialize(
        new { context.Actor, version }, RowJson.Options);

    /// <summary>
    /// <paramref name="row"/> — one INSERT, UPDATE or DELETE of the entity's row, without RETURNING — as one statement with
    /// the insert of this audit row, which happens only if the row changed. Answers a row if it did.
    /// </summary>
    /// <param name="row">The statement on the row.</param>
    /// <param name="context">Who, and from where.</param>
    /// <param name="also">What else is written if, and only if, the row changed.</param>
    public NpgsqlBatchCommand Around(NpgsqlBatchCommand row, CommandContext context, AlsoWritten? also = null)
    {
        var extra = row.Parameters.Count + 1;
        foreach (var value in also?.Values ?? [])
        {
            row.Parameters.Add(value);
        }

        var first = row.Parameters.Count + 1;
        row.CommandText = Statements.GetOrAdd((row.CommandText, also?.Text), texts => $"""
            WITH changed AS ({texts.Row} RETURNING 1){also?.At(extra)}
            {InsertFrom("changed", first)}
            """);
        AddTo(row.Parameters, context);
        return row;
    }

    /// <summary>This audit row alone, of something that changed no row, such as a login that was refused. Answers a row.</summary>
    public NpgsqlBatchCommand Alone(CommandContext context)
    {
        var row = new NpgsqlBatchCommand(InsertAlone);
        AddTo(row.Parameters, context);
        return row;
    }

    /// <summary>
    /// What ends a statement that begins with a WITH list: the insert of an audit row if <paramref name="source"/> has a row, and the
    /// word to the rest of the transaction that the command took effect. Its values are the twelve of <see cref="AddTo"/>, from
    /// parameter <paramref name="first"/> on. Answers a row if it did.
    /// </summary>
    public static string InsertFrom(string source, int first) => $"""
        , recorded AS (
            INSERT INTO audit_log ({Columns})
            SELECT {string.Join(", ", Enumerable.Range(first, 12).Select(n => string.Create(CultureInfo.InvariantCulture, $"${n}")))} FROM {source}
            RETURNING id)
        SELECT id, {Commit.SayApplied(string.Create(CultureInfo.InvariantCulture, $"${first}"))} FROM recorded
        """;

    /// <summary>Adds this row's twelve values, in the order of the columns above.</summary>
    public void AddTo(NpgsqlParameterCollection parameters, CommandContext context)
    {
        parameters.Add(Sql.Uuid(context.CommandId));
        parameters.Add(Sql.Text(Table));
        parameters.Add(Sql.Uuid(RecordId));
        parameters.Add(Sql.Text(Action));
        parameters.Add(Sql.Jsonb(Old));
        parameters.Add(Sql.Jsonb(New));
        parameters.Add(Sql.Uuid(context.Actor.ContactId));
        parameters.Add(Sql.Text(Summary));
        parameters.Add(Sql.Jsonb(BusinessContext));
        parameters.Add(Sql.Text(context.IpAddress));
        parameters.Add(Sql.Text(context.UserAgent));
        parameters.Add(Sql.Time(At));
    }
}

/// <summary>A further part of an audited statement.</summary>
/// <param name="Text">A common table expression that selects from <c>changed</c>; its own values are <c>${0}</c>, <c>${1}</c>, ….</param>
/// <param name="Values">Those values.</param>
public sealed record AlsoWritten(string Text, IReadOnlyList<NpgsqlParameter> Values)
{
    internal string At(int first) => ", " + string.Format(
        CultureInfo.InvariantCulture, Text, [.. Enumerable.Range(first, Values.Count).Select(n => (object)n)]);
}
