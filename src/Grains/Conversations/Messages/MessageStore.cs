using ChargeCars.Conversations.Channels;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Conversations.Messages;

/// <summary>The channel account of a thread, as far as its messages need it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Channel">The way its messages travel.</param>
/// <param name="Name">As it is called.</param>
/// <param name="Address">Where messages come from and go to.</param>
/// <param name="BusinessEntity">The name that it speaks for.</param>
internal sealed record ChannelAccount(Guid Id, ChannelType Channel, string Name, string? Address, BusinessEntity BusinessEntity);

/// <summary>Reads what a thread's commands need beside its state.</summary>
internal sealed class MessageStore(NpgsqlDataSource source)
{
    private static readonly string SelectSeveral = $"SELECT {MessageKind.Rows.ColumnList} FROM {MessageKind.Rows.From} WHERE id = ANY ($1)";

    private const string SelectContactAddress = """
        SELECT CASE WHEN $2 = 'email' THEN nullif(lower(c.email), '') ELSE coalesce(
            (SELECT min(n.phone_number) FROM phone_number n WHERE n.contact_id = c.id), c.mobile, c.phone) END
        FROM contact c WHERE c.id = $1
        """;

    private const string SelectAccount = """
        SELECT c.id, c.channel, c.name, c.address, named.entity_code FROM communication_channel c JOIN business_entity named ON named.id = c.business_entity_id
        WHERE c.id = $1
        """;

    // The account through which a name speaks on a channel: its oldest that is in use.
    private const string SelectDefaultAccount = """
        SELECT c.id, c.channel, c.name, c.address, named.entity_code FROM communication_channel c JOIN business_entity named ON named.id = c.business_entity_id
        WHERE c.channel = $1 AND named.entity_code = $2 AND c.is_active ORDER BY c.created_at, c.id LIMIT 1
        """;

    private const string SelectOptOut = "SELECT count(*) FROM communication_opt_out WHERE channel_account_id = $1 AND address = ANY ($2) AND ended_at IS NULL";

    private const string SelectFiles = """
        SELECT id, file_name, mime_type, coalesce(file_size, 0), sha256 FROM attachment
        WHERE entity_type = 'communication_message' AND entity_id = $1 ORDER BY created_at, id LIMIT 101
        """;

    private const string SelectLastInbound = """
        SELECT max(sent_at) FROM communication_message WHERE thread_id = $1 AND direction = 'inbound' AND nature = 'person'
        """;

    private const string SelectTimesWithout = """
        SELECT min(sent_at), max(sent_at) FROM communication_message
        WHERE thread_id = $1 AND id <> $2 AND position IS NOT NULL AND nature <> 'moved'
        """;

    /// <summary>A message; null where there is none.</summary>
    public async Task<CommunicationMessage?> FindAsync(Guid id, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(MessageKind.Rows.SelectOne);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? MessageKind.Rows.Read(row) : null;
    }

    /// <summary>Several messages, as far as they are there.</summary>
    public async Task<IReadOnlyList<CommunicationMessage>> FindAllAsync(IReadOnlyList<Guid> ids)
    {
        await using var command = source.CreateCommand(SelectSeveral);
        command.Parameters.Add(Sql.Array(NpgsqlTypes.NpgsqlDbType.Uuid, ids.ToArray()));
        await using var row = await command.ExecuteReaderAsync();
        var messages = new List<CommunicationMessage>();
        while (await row.ReadAsync())
        {
            messages.Add(MessageKind.Rows.Read(row));
        }

        return messages;
    }

    /// <summary>Where a contact is written to on a channel; null where the books do not say.</summary>
    public async Task<string?> AddressOfAsync(Guid contact, ChannelType channel)
    {
        await using var command = source.CreateCommand(SelectContactAddress);
        command.Parameters.Add(Sql.Uuid(contact));
        command.Parameters.Add(Sql.Word<ChannelType>(channel));
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>The account that a thread runs over: its own, else the one through which its name speaks on the channel.</summary>
    public async Task<ChannelAccount?> AccountAsync(Guid? account, ChannelType channel, BusinessEntity? entity)
    {
        await using var command = source.CreateCommand(account is null ? SelectDefaultAccount : SelectAccount);
        if (account is null)
        {
            command.Parameters.Add(Sql.Word<ChannelType>(channel));
            command.Parameters.Add(Sql.Word(entity));
        }
        else
        {
            command.Parameters.Add(Sql.Uuid(account));
        }

        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync()
            ? new(row.GetGuid(0), WireText.Parse<ChannelType>(row.GetString(1)), row.GetString(2), row.Optional<string>(3), WireText.Parse<BusinessEntity>(row.GetString(4)))
            : null;
    }

    /// <summary>Whether one of these wants no messages of the account.</summary>
    public async Task<bool> OptedOutAsync(Guid account, IReadOnlyList<string> addresses)
    {
        await using var command = source.CreateCommand(SelectOptOut);
        command.Parameters.Add(Sql.Uuid(account));
        command.Parameters.Add(Sql.Array(NpgsqlTypes.NpgsqlDbType.Text, addresses.ToArray()));
        return (long)(await command.ExecuteScalarAsync())! > 0;
    }

    /// <summary>The files that were put to a message of ours.</summary>
    public async Task<IReadOnlyList<MessageAttachment>> FilesAsync(Guid message)
    {
        await using var command = source.CreateCommand(SelectFiles);
        command.Parameters.Add(Sql.Uuid(message));
        await using var row = await command.ExecuteReaderAsync();
        var files = new List<MessageAttachment>();
        while (await row.ReadAsync())
        {
            files.Add(new(row.GetString(1), null, row.GetString(2), row.GetInt32(3), null, false, row.GetString(4), MediaState.Fetched, row.GetGuid(0)));
        }

        return files;
    }

    /// <summary>When the other side of a thread wrote last, UTC; null where they did not.</summary>
    public async Task<DateTimeOffset?> LastInboundAsync(Guid thread)
    {
        await using var command = source.CreateCommand(SelectLastInbound);
        command.Parameters.Add(Sql.Uuid(thread));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return row.OptionalValue<DateTimeOffset>(0);
    }

    /// <summary>The earliest and the latest time of a thread's messages but for one, UTC.</summary>
    public async Task<(DateTimeOffset? First, DateTimeOffset? Last)> TimesWithoutAsync(Guid thread, Guid message)
    {
        await using var command = source.CreateCommand(SelectTimesWithout);
        command.Parameters.Add(Sql.Uuid(thread));
        command.Parameters.Add(Sql.Uuid(message));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.OptionalValue<DateTimeOffset>(0), row.OptionalValue<DateTimeOffset>(1));
    }
}
