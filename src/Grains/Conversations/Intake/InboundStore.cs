using System.Security.Cryptography;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Conversations.Intake;

/// <summary>What a provider sent, as it is kept. A row of <c>inbound_message</c>.</summary>
/// <param name="Id">Its id, which follows from its content.</param>
/// <param name="Channel">The way it came.</param>
/// <param name="Provider">Whose format it is; null for a raw mail.</param>
/// <param name="ContentType">As it was sent.</param>
/// <param name="Body">As it was sent.</param>
/// <param name="ReceivedAt">UTC.</param>
/// <param name="IsWorked">Whether all was made of it that is to be.</param>
/// <param name="MessageId">The message that was made of it.</param>
internal sealed record InboundRaw(
    Guid Id, ChannelType Channel, string? Provider, string? ContentType, ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt, bool IsWorked, Guid? MessageId)
{
    /// <summary>The account by whose mailbox it came, where that is known before anybody has read it.</summary>
    public Guid? ChannelAccountId { get; init; }

    /// <summary>A mail as it came: the same one is the same row, by whatever way it comes again.</summary>
    /// <param name="body">As it was sent.</param>
    /// <param name="provider">Whose format it is; null for a raw mail.</param>
    /// <param name="contentType">As it was sent.</param>
    /// <param name="now">UTC.</param>
    public static InboundRaw OfMail(ReadOnlyMemory<byte> body, string? provider, string? contentType, DateTimeOffset now) => new(
        NameBasedId.Of($"inbound/email/{provider}/{contentType}/{Convert.ToHexStringLower(SHA256.HashData(body.Span))}"), ChannelType.Email, provider,
        contentType, body, now, false, null);
}

/// <summary>Keeps what providers send before anything is made of it.</summary>
internal sealed class InboundStore(NpgsqlDataSource source, GroupCommit commits, DueSignal signal, TimeProvider time)
{
    // A larger body gets a transaction of its own: no command of a group should wait for 40 MB of pictures.
    private const int LargestOfAGroup = 256 * 1024;

    // The work is owed from the same moment on: a host that dies after it answered leaves nothing undone.
    private static readonly string Keep = $"""
        WITH kept AS (
            INSERT INTO inbound_message (id, channel, provider, received_at, content_type, body, channel_account_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO NOTHING RETURNING id)
        SELECT id, {Commit.SayApplied("$1")} FROM kept
        """;

    private const string Select = """
        SELECT id, channel, provider, content_type, body, received_at, worked_at IS NOT NULL, message_id, channel_account_id FROM inbound_message WHERE id = $1
        """;

    private const string MarkWorked = """
        WITH marked AS (
            UPDATE inbound_message SET worked_at = $2, message_id = coalesce($3, message_id), outcome = $4
            WHERE id = $1 AND ($3 IS NULL OR EXISTS (SELECT FROM communication_message m WHERE m.id = $3)))
        SELECT m.thread_id, m.raw_id FROM communication_message m WHERE m.id = $3
        """;

    /// <summary>Keeps it; answers whether it is new. It is on disk when this answers.</summary>
    /// <param name="raw">What came.</param>
    /// <param name="context">Who sent it.</param>
    /// <param name="workAt">When it is worked by whoever is there, unless that has been done before; UTC.</param>
    public Task<bool> KeepAsync(InboundRaw raw, CommandContext context, DateTimeOffset workAt)
    {
        var due = new DueCommand(raw.Id, new WorkInbound(raw.Id)) { At = workAt, Key = MessageDecider.WorkKey(raw.Id) };
        var statement = new NpgsqlBatchCommand(Keep)
        {
            Parameters =
            {
                Sql.Uuid(raw.Id), Sql.Word<ChannelType>(raw.Channel), Sql.Text(raw.Provider), Sql.Time(raw.ReceivedAt), Sql.Text(raw.ContentType),
                Sql.Bytes(raw.Body.ToArray()), Sql.Uuid(raw.ChannelAccountId),
            },
        };
        var owed = NewDueCommand.Of(due, 0, "inbound_message", raw.Id, context with { CommandId = raw.Id }, raw.ReceivedAt);
        return raw.Body.Length > LargestOfAGroup
            ? KeepAloneAsync(statement, owed)
            : commits.CommitAsync(new StatementCommit<bool>(raw.Id, raw.Id, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
            {
                Due = [owed],
            });
    }

    private async Task<bool> KeepAloneAsync(NpgsqlBatchCommand statement, NewDueCommand owed)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(statement);
        batch.BatchCommands.Add(NewDueCommand.Insert([(owed.TargetId, owed)]));
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync())
            {
                return false;
            }

            await reader.NextResultAsync();
        }

        signal.Wake();
        return true;
    }

    /// <summary>What was kept; null where there is none.</summary>
    public async Task<InboundRaw?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(
                row.GetGuid(0), WireText.Parse<ChannelType>(row.GetString(1)), row.Optional<string>(2), row.Optional<string>(3), row.GetFieldValue<byte[]>(4),
                row.GetFieldValue<DateTimeOffset>(5), row.GetBoolean(6), row.OptionalValue<Guid>(7))
            {
                ChannelAccountId = row.OptionalValue<Guid>(8),
            }
            : null;
    }

    /// <summary>
    /// Notes what was made of it. Answers where the message is, and of what it was made: of something else, where it came twice. Null, and nothing
    /// is noted, where there is no such message; null too where none was made.
    /// </summary>
    public Task<(Guid ThreadId, Guid? RawId)?> WorkedAsync(Guid id, Guid? message, string? outcome)
    {
        var statement = new NpgsqlBatchCommand(MarkWorked) { Parameters = { Sql.Uuid(id), Sql.Time(time.GetUtcNow()), Sql.Uuid(message), Sql.Text(outcome) } };
        return commits.CommitAsync(new StatementCommit<(Guid, Guid?)?>(
            id, id, statement, static async (row, cancellation) => await row.ReadAsync(cancellation) ? (row.GetGuid(0), row.OptionalValue<Guid>(1)) : null));
    }
}
