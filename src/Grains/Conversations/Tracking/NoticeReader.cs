using System.Text.Json;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Conversations.Templates;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.BusinessEntities;
using ChargeCars.Relations.PhoneNumbers;
using Npgsql;

namespace ChargeCars.Conversations.Tracking;

/// <summary>How a customer is reached.</summary>
/// <param name="Channel">By which channel.</param>
/// <param name="Account">From which account of ours.</param>
/// <param name="Address">At which number or address.</param>
/// <param name="ContactId">The customer.</param>
/// <param name="ThreadId">The conversation about the order that goes on so; null where one must begin.</param>
/// <param name="OptedOut">Whether they asked for no messages there.</param>
internal sealed record NoticeWay(ChannelType Channel, ChannelAccount Account, string Address, Guid ContactId, Guid? ThreadId, bool OptedOut);

/// <summary>Reads what telling a customer takes.</summary>
internal sealed class NoticeReader(NpgsqlDataSource source, MessageStore messages, TimeProvider time)
{
    private const string SelectSettings = """
        SELECT b.on_the_way FROM visit v JOIN business_entity b ON b.entity_code = v.business_entity WHERE v.id = $1
        """;

    private const string SelectCustomer = """
        SELECT c.id, c.email, ARRAY (
            SELECT number FROM (
                SELECT c.mobile, 1 UNION ALL SELECT n.phone_number, 2 FROM phone_number n WHERE n.contact_id = c.id
                UNION ALL SELECT c.phone, 3) AS known (number, rank)
            WHERE number IS NOT NULL ORDER BY rank, number)
        FROM "order" o JOIN contact c ON c.id = o.primary_contact_id WHERE o.id = $1
        """;

    // Where they wrote to us by WhatsApp within its window, they are answered there.
    private const string SelectWhatsapp = """
        SELECT t.id, t.customer_address, t.channel_account_id FROM communication_thread t
        WHERE t.entity_type = 'order' AND t.entity_id = $1 AND t.channel = 'whatsapp' AND t.status <> 'archived' AND t.customer_address IS NOT NULL
            AND EXISTS (SELECT FROM communication_message m
                WHERE m.thread_id = t.id AND m.direction = 'inbound' AND m.nature = 'person' AND m.sent_at > $2)
        ORDER BY t.created_at DESC LIMIT 1
        """;

    private const string SelectThread = """
        SELECT t.id FROM communication_thread t
        WHERE t.entity_type = 'order' AND t.entity_id = $1 AND t.channel = $2 AND t.status <> 'archived'
            AND t.customer_address = $3 AND t.channel_account_id = $4
        ORDER BY t.created_at DESC LIMIT 1
        """;

    private static readonly string SelectTemplate = $"""
        SELECT {MessageTemplateKind.Rows.ColumnList} FROM message_template
        WHERE business_entity = $1 AND channel = $2 AND language = $3 AND purpose = $4 AND is_active
        """;

    /// <summary>What the business entity of a visit wants; null where it wants nothing.</summary>
    public async Task<OnTheWaySettings?> SettingsAsync(Guid visit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectSettings);
        command.Parameters.Add(Sql.Uuid(visit));
        return await command.ExecuteScalarAsync(cancellation) is string json ? JsonSerializer.Deserialize<OnTheWaySettings>(json, RowJson.Options) : null;
    }

    /// <summary>How the customer of a visit is reached: as they last wrote, else by text message, else by mail. Null where nobody knows.</summary>
    public async Task<NoticeWay?> WayAsync(Visit visit, CancellationToken cancellation)
    {
        if (await CustomerAsync(visit.OrderId, cancellation) is not { } customer)
        {
            return null;
        }

        if (await WhatsappAsync(visit, customer.Id, cancellation) is { } written)
        {
            return written;
        }

        var mobile = customer.Numbers.FirstOrDefault(PhoneNumberRules.IsMobile) is { } number ? MessageContentRules.Address(number, ChannelType.Sms) : null;
        var mail = customer.Email is { Length: > 0 } email ? MessageContentRules.Address(email, ChannelType.Email) : null;
        foreach (var (channel, address) in new[] { (ChannelType.Sms, mobile), (ChannelType.Email, mail) })
        {
            if (address is not null && await messages.AccountAsync(null, channel, visit.BusinessEntity) is { Address: not null } account)
            {
                return new(
                    channel, account, address, customer.Id, await ThreadAsync(visit.OrderId, channel, address, account.Id, cancellation),
                    await messages.OptedOutAsync(account.Id, [address]));
            }
        }

        return null;
    }

    /// <summary>The template that the program sends for a purpose; null where none is in use.</summary>
    public async Task<MessageTemplate?> TemplateAsync(
        BusinessEntity entity, ChannelType channel, TemplateLanguage language, TemplatePurpose purpose, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectTemplate);
        command.Parameters.Add(Sql.Word<BusinessEntity>(entity));
        command.Parameters.Add(Sql.Word<ChannelType>(channel));
        command.Parameters.Add(Sql.Word<TemplateLanguage>(language));
        command.Parameters.Add(Sql.Word<TemplatePurpose>(purpose));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? MessageTemplateKind.Rows.Read(row) : null;
    }

    private async Task<(Guid Id, string? Email, string[] Numbers)?> CustomerAsync(Guid order, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectCustomer);
        command.Parameters.Add(Sql.Uuid(order));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetGuid(0), row.Optional<string>(1), row.GetFieldValue<string[]>(2)) : null;
    }

    private async Task<NoticeWay?> WhatsappAsync(Visit visit, Guid customer, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectWhatsapp);
        command.Parameters.Add(Sql.Uuid(visit.OrderId));
        command.Parameters.Add(Sql.Time(time.GetUtcNow() - WhatsappRules.Window));
        Guid thread;
        string address;
        Guid? own;
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            if (!await row.ReadAsync(cancellation))
            {
                return null;
            }

            (thread, address, own) = (row.GetGuid(0), row.GetString(1), row.OptionalValue<Guid>(2));
        }

        return await messages.AccountAsync(own, ChannelType.Whatsapp, visit.BusinessEntity) is { Address: not null } account
            ? new(ChannelType.Whatsapp, account, address, customer, thread, await messages.OptedOutAsync(account.Id, [address]))
            : null;
    }

    private async Task<Guid?> ThreadAsync(Guid order, ChannelType channel, string address, Guid account, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectThread);
        command.Parameters.Add(Sql.Uuid(order));
        command.Parameters.Add(Sql.Word<ChannelType>(channel));
        command.Parameters.Add(Sql.Text(address));
        command.Parameters.Add(Sql.Uuid(account));
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }
}
