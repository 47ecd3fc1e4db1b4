using ChargeCars.Conversations.Providers;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Conversations.Intake;

/// <summary>Who wants no messages through which account; they say so by a word, and may take it back.</summary>
internal sealed class OptOuts(NpgsqlDataSource source, TimeProvider time)
{
    private const string Stop = """
        INSERT INTO communication_opt_out (channel_account_id, address, since) SELECT $1, address, $3 FROM unnest($2::text[]) AS given(address)
        ON CONFLICT DO NOTHING
        """;

    private const string Start = "DELETE FROM communication_opt_out WHERE channel_account_id = $1 AND address = ANY ($2)";

    private const string StopReceivers = """
        INSERT INTO communication_opt_out (channel_account_id, address, since)
        SELECT m.channel_account_id, told.address, $2 FROM communication_message m, jsonb_array_elements_text(m.recipient_emails) AS told(address)
        WHERE m.id = $1 AND m.channel_account_id IS NOT NULL
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The receivers of a message of ours want no more through its account: a provider said so.</summary>
    public async Task StopAsync(Guid message, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(StopReceivers);
        command.Parameters.Add(Sql.Uuid(message));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Does what the word asks for.</summary>
    public async Task ApplyAsync(Guid account, Counterpart with, OptOutWord word, CancellationToken cancellation)
    {
        if (word is not (OptOutWord.Stop or OptOutWord.Start))
        {
            return;
        }

        await using var command = source.CreateCommand(word == OptOutWord.Stop ? Stop : Start);
        command.Parameters.Add(Sql.Uuid(account));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, ChannelTranslation.Addresses(with).ToArray()));
        if (word == OptOutWord.Stop)
        {
            command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }
}
