using ChargeCars.Api.Identity;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Conversations.Threads;

/// <summary>Somebody who has a thread before them.</summary>
/// <param name="Actor">Who.</param>
/// <param name="ContactId">Their contact.</param>
/// <param name="State"><c>reading</c> or <c>answering</c>.</param>
/// <param name="Since">Since when, UTC.</param>
public sealed record ThreadReader(Actor Actor, Guid? ContactId, string State, DateTimeOffset Since);

/// <summary>How far a caller has read.</summary>
/// <param name="Position">The position of the newest message that they have read; 0 before the first.</param>
/// <param name="Unread">How many have come since.</param>
public sealed record ReadView(int Position, int Unread);

/// <summary>Who has a thread before them, and how far each has read.</summary>
internal sealed class ThreadReaders(NpgsqlDataSource source, GroupCommit commits, TimeProvider time)
{
    /// <summary>A client that reads or answers says so again before this is over; a closed lid needs no word.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(45);

    // Others are told when somebody comes, goes or begins to answer, not that they are still there.
    private static readonly string Enter = $"""
        WITH before AS (
            SELECT state FROM communication_thread_presence WHERE thread_id = $2 AND actor_id = $3 AND until > $7),
        written AS (
            INSERT INTO communication_thread_presence (thread_id, actor_id, actor, contact_id, state, since, until) VALUES ($2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (thread_id, actor_id) DO UPDATE SET actor = excluded.actor, state = excluded.state, until = excluded.until,
                since = CASE WHEN communication_thread_presence.state = excluded.state AND communication_thread_presence.until > $7
                    THEN communication_thread_presence.since ELSE excluded.since END
            RETURNING state)
        SELECT {Commit.SayApplied("$1")} FROM written WHERE state NOT IN (SELECT state FROM before)
        """;

    private static readonly string Leave = $"""
        WITH gone AS (DELETE FROM communication_thread_presence WHERE thread_id = $2 AND actor_id = $3 RETURNING until)
        SELECT {Commit.SayApplied("$1")} FROM gone WHERE until > $4
        """;

    private const string SelectPresent = """
        SELECT actor, contact_id, state, since FROM communication_thread_presence WHERE thread_id = $1 AND until > $2 ORDER BY since, actor_id
        """;

    private const string MarkRead = """
        INSERT INTO communication_thread_read AS known (thread_id, reader_id, position, read_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (thread_id, reader_id) DO UPDATE SET position = greatest(known.position, excluded.position), read_at = excluded.read_at
        """;

    private const string SelectRead = """
        SELECT coalesce(known.position, 0), (SELECT count(*)::integer FROM communication_message m
            WHERE m.thread_id = $1 AND m.position > coalesce(known.position, 0) AND m.nature <> 'moved')
        FROM (SELECT 1) asked LEFT JOIN communication_thread_read known ON known.thread_id = $1 AND known.reader_id = $2
        """;

    /// <summary>Somebody reads or answers from now on; null: neither any more.</summary>
    public Task<bool> SetAsync(CommunicationThread thread, Caller caller, string? state)
    {
        var (now, id, actor) = (time.GetUtcNow(), Guid.CreateVersion7(time.GetUtcNow()), caller.Actor);
        var statement = new NpgsqlBatchCommand(state is null ? Leave : Enter) { Parameters = { Sql.Uuid(id), Sql.Uuid(thread.Id), Sql.Uuid(actor.Id) } };
        if (state is null)
        {
            statement.Parameters.Add(Sql.Time(now));
        }
        else
        {
            statement.Parameters.Add(Sql.Jsonb(RowJson.ForRow(actor).Text));
            statement.Parameters.Add(Sql.Uuid(actor.ContactId));
            statement.Parameters.Add(Sql.Text(state));
            statement.Parameters.Add(Sql.Time(now));
            statement.Parameters.Add(Sql.Time(now + Lifetime));
        }

        var data = new { contactId = actor.ContactId, state = state ?? "none" };
        return commits.CommitAsync(new StatementCommit<bool>(id, id, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new("thread.presence_changed", ThreadKind.Rows.Table, now, RowJson.ForClient(actor), RowJson.ForClient(data))
                {
                    EntityId = thread.Id, Scope = ThreadKind.ScopeOf(thread),
                },
            ],
        });
    }

    /// <summary>Who reads or answers now.</summary>
    public async Task<IReadOnlyList<ThreadReader>> PresentAsync(Guid thread, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectPresent);
        command.Parameters.Add(Sql.Uuid(thread));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var present = new List<ThreadReader>();
        while (await row.ReadAsync(cancellation))
        {
            present.Add(new(
                System.Text.Json.JsonSerializer.Deserialize<Actor>(row.GetString(0), RowJson.Options)!, row.OptionalValue<Guid>(1), row.GetString(2),
                row.GetFieldValue<DateTimeOffset>(3)));
        }

        return present;
    }

    /// <summary>The caller has read up to a position; never back.</summary>
    public async Task MarkAsync(Guid thread, Caller caller, int position, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(MarkRead);
        command.Parameters.Add(Sql.Uuid(thread));
        command.Parameters.Add(Sql.Uuid(caller.Actor.Id));
        command.Parameters.Add(Sql.Integer(position));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>How far the caller has read.</summary>
    public async Task<ReadView> ReadAsync(Guid thread, Caller caller, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectRead);
        command.Parameters.Add(Sql.Uuid(thread));
        command.Parameters.Add(Sql.Uuid(caller.Actor.Id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(row.GetInt32(0), row.GetInt32(1));
    }
}
