using ChargeCars.Conversations.Providers;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Conversations.Intake;

/// <summary>Who wants no messages through which account; they say so by a word, and may take it back.</summary>
internal sealed class OptOuts(NpgsqlDataSource source, TimeProvider time)
{
    // Of two words the later one counts, in whatever order they come; of two at once the one that ends messages.
    private const string OfSaid = """
        ON CONFLICT (channel_account_id, address) DO UPDATE SET ended_at = excluded.ended_at,
            since = CASE WHEN excluded.ended_at IS NULL THEN excluded.since ELSE communication_opt_out.since END
        WHERE coalesce(communication_opt_out.ended_at, communication_opt_out.since) < excluded.since
            OR (communication_opt_out.ended_at = excluded.since AND excluded.ended_at IS NULL)
        """;

    private const string Say = $"""
        INSERT INTO communication_opt_out (channel_account_id, address, since, ended_at)
        SELECT $1, address, $3, CASE WHEN $4 THEN $3 END FROM unnest($2::text[]) AS given(address)
        {OfSaid}
        """;

    private const string StopReceivers = $"""
        INSERT INTO communication_opt_out (channel_account_id, address, since)
        SELECT DISTINCT m.channel_account_id, told.address, $2::timestamptz FROM communication_message m, jsonb_array_elements_text(m.recipient_emails) AS told(address)
        WHERE m.id = $1 AND m.channel_account_id IS NOT NULL
        {OfSaid}
        """;

    /// <summary>The receivers of a message of ours want no more through its account: a provider said so.</summary>
    public async Task StopAsync(Guid message, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(StopReceivers);
        command.Parameters.Add(Sql.Uuid(message));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Does what the word asks for, unless a later one was heard.</summary>
    /// <param name="account">The account of ours that it was said to.</param>
    /// <param name="with">Who said it.</param>
    /// <param name="word">What they said.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task ApplyAsync(Guid account, Counterpart with, OptOutWord word, DateTimeOffset at, CancellationToken cancellation)
    {
        if (word is not (OptOutWord.Stop or OptOutWord.Start))
        {
            return;
        }

        await using var command = source.CreateCommand(Say);
        command.Parameters.Add(Sql.Uuid(account));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, ChannelTranslation.Addresses(with).ToArray()));
        command.Parameters.Add(Sql.Time(at));
        command.Parameters.Add(Sql.Bool(word == OptOutWord.Start));
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
