using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Conversations.Intake;

/// <summary>The account of ours that a message came to.</summary>
/// <param name="Id">The account.</param>
/// <param name="BusinessEntity">The name that it speaks for.</param>
internal sealed record ReachedAccount(Guid Id, BusinessEntity BusinessEntity);

/// <summary>Asks the store what <see cref="ThreadMatch"/> needs to know.</summary>
internal sealed class ThreadLookup(NpgsqlDataSource source, TimeProvider time)
{
    private const string SelectAccount = """
        SELECT c.id, named.entity_code FROM (
            SELECT c.id, c.business_entity_id, asked.ordinal FROM unnest($2::text[]) WITH ORDINALITY AS asked(address, ordinal)
            JOIN communication_channel c ON c.channel = $1 AND (lower(c.address) = asked.address
                OR c.address = (SELECT own.digits FROM business_phone_number own WHERE own.aircall_id = asked.address))
            UNION ALL
            SELECT c.id, c.business_entity_id, NULL FROM communication_channel c WHERE c.id = $3) c
        JOIN business_entity named ON named.id = c.business_entity_id
        ORDER BY c.ordinal NULLS LAST LIMIT 1
        """;

    // An address or number of one contact names them; one that several share names nobody.
    private const string SelectContact = """
        SELECT min(found.id::text)::uuid FROM (
            SELECT id FROM contact WHERE lower(email) = $1 OR mobile = $1 OR phone = $1
            UNION SELECT contact_id FROM phone_number WHERE phone_number = $1 AND contact_id IS NOT NULL) found
        HAVING count(*) = 1
        """;

    private const string SelectSameId = """
        SELECT m.id, m.direction = 'outbound', coalesce(m.sender_email, m.counterpart_key, ''), m.content_hash,
            m.channel_account_id IS NOT DISTINCT FROM $2
                OR EXISTS (SELECT FROM communication_message_place p WHERE p.message_id = m.id AND p.channel_account_id = $2)
        FROM communication_message m
        WHERE m.external_message_id = $1 AND ($3 OR m.channel_account_id IS NOT DISTINCT FROM $2)
        """;

    // Who takes part: whoever wrote or was written to in the thread, every address of its customer and of the customer's organization, and we.
    // OFFSET 0 makes PostgreSQL look threads up one by one. The plan for any mail expects thousands of hits and would read all threads.
    private const string SelectHits = """
        WITH hit AS MATERIALIZED (
            SELECT 1 AS step, t.id AS thread_id, asked.ordinal FROM unnest($1::uuid[]) WITH ORDINALITY AS asked(id, ordinal)
                JOIN communication_thread t ON t.id = asked.id
            UNION ALL
            SELECT 2, m.thread_id, asked.ordinal FROM unnest($2::text[]) WITH ORDINALITY AS asked(id, ordinal)
                JOIN communication_message m ON m.external_message_id = asked.id
                WHERE NOT EXISTS (SELECT FROM communication_message other WHERE other.external_message_id = asked.id AND other.id <> m.id)
            UNION ALL
            SELECT 3, m.thread_id, 1 FROM communication_message m WHERE m.reference_ids && ($2::text[] || $3::text)
            UNION ALL
            SELECT 4, m.thread_id, asked.ordinal FROM unnest($7::text[]) WITH ORDINALITY AS asked(id, ordinal)
                JOIN communication_message m ON m.provider_message_id = asked.id
            UNION ALL
            SELECT 5, t.id, 1 FROM communication_thread t
                WHERE t.channel = $6 AND t.customer_address = ANY ($4) AND t.channel_account_id IS NOT DISTINCT FROM $5)
        SELECT DISTINCT ON (hit.step, hit.ordinal, t.id) hit.step, t.id, t.status, t.created_at, coalesce(t.answer_subject, t.subject),
            t.customer_address = ANY ($4)
            OR EXISTS (SELECT FROM communication_message m WHERE m.thread_id = t.id
                AND (m.sender_email = ANY ($4) OR m.counterpart_key = ANY ($4) OR jsonb_exists_any(m.recipient_emails, $4) OR jsonb_exists_any(m.cc_emails, $4)))
            OR EXISTS (SELECT FROM contact c WHERE (lower(c.email) = ANY ($4) OR c.mobile = ANY ($4) OR c.phone = ANY ($4)) AND (
                c.id = t.customer_contact_id OR c.contact_type = 'employee'
                OR c.organization_id = (SELECT known.organization_id FROM contact known WHERE known.id = t.customer_contact_id)))
            OR EXISTS (SELECT FROM organization o JOIN contact known ON known.organization_id = o.id
                WHERE known.id = t.customer_contact_id AND lower(o.email) = ANY ($4))
            OR EXISTS (SELECT FROM communication_channel ours WHERE lower(ours.address) = ANY ($4))
        FROM hit CROSS JOIN LATERAL (SELECT * FROM communication_thread t WHERE t.id = hit.thread_id OFFSET 0) t
        ORDER BY hit.step, hit.ordinal, t.id
        """;

    // One plan suits every mail, and planning takes longer than the look-up: PostgreSQL plans these statements once.
    private const string PlanOnce = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true)";

    private const string SelectRecent = "SELECT count(*) FROM communication_message WHERE sender_email = $1 AND direction = 'inbound' AND created_at > $2";

    private const string SelectOurs = """
        SELECT m.id, m.thread_id, m.nature = 'automatic' FROM communication_message m
        WHERE m.direction = 'outbound' AND (m.id = ANY ($1) OR m.external_message_id = $2 OR m.provider_message_id = ANY ($3))
        ORDER BY m.id = ANY ($1) DESC LIMIT 1
        """;

    /// <summary>The account of ours that a message came to, and the contact who sent it. Either is null where it is not known.</summary>
    /// <param name="channel">The way it came.</param>
    /// <param name="addresses">Where it was sent to, lower case. The first one that is ours counts.</param>
    /// <param name="account">The account whose mailbox it lay in; counts where none of the addresses is ours.</param>
    /// <param name="sender">The address or number that it came from.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<(ReachedAccount? Account, Guid? Sender)> BetweenAsync(
        ChannelType channel, IReadOnlyList<string> addresses, Guid? account, string? sender, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(PlanOnce));
        batch.BatchCommands.Add(new(SelectAccount)
        {
            Parameters = { Sql.Word<ChannelType>(channel), Sql.Array(NpgsqlDbType.Text, addresses.ToArray()), Sql.Uuid(account) },
        });
        batch.BatchCommands.Add(new(SelectContact) { Parameters = { Sql.Text(sender) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.NextResultAsync(cancellation);
        var reached = await row.ReadAsync(cancellation) ? new ReachedAccount(row.GetGuid(0), WireText.Parse<BusinessEntity>(row.GetString(1))) : null;
        await row.NextResultAsync(cancellation);
        return (reached, await row.ReadAsync(cancellation) ? row.OptionalValue<Guid>(0) : null);
    }

    /// <summary>The one contact whose address or number it is; null where it is nobody's or several people's.</summary>
    public async Task<Guid?> ContactAsync(string? address, CancellationToken cancellation)
    {
        if (address is null)
        {
            return null;
        }

        await using var command = source.CreateCommand(SelectContact);
        command.Parameters.Add(Sql.Text(address));
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    /// <summary>What is known that bears on a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="account">The account that it came to.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="addresses">Whatever its sender is known by.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ThreadAnswer> AskAsync(
        IncomingMessage message, Guid? account, ChannelType channel, IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(PlanOnce));
        batch.BatchCommands.Add(new(SelectSameId)
        {
            // A mail's id is the whole world's, a provider's its account's.
            Parameters = { Sql.Text(message.ExternalId), Sql.Uuid(account), Sql.Bool(channel == ChannelType.Email) },
        });
        batch.BatchCommands.Add(new(SelectHits)
        {
            Parameters =
            {
                Sql.Array(NpgsqlDbType.Uuid, message.Tokens.ToArray()), Sql.Array(NpgsqlDbType.Text, message.References.ToArray()), Sql.Text(message.ExternalId),
                Sql.Array(NpgsqlDbType.Text, addresses.ToArray()), Sql.Uuid(account), Sql.Word<ChannelType>(channel),
                Sql.Array(NpgsqlDbType.Text, message.References.SelectMany(MailIds.OfProvider).ToArray()),
            },
        });
        batch.BatchCommands.Add(new(SelectRecent) { Parameters = { Sql.Text(message.Sender), Sql.Time(time.GetUtcNow() - MailLoops.FloodTime) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.NextResultAsync(cancellation);
        var same = new List<KnownMessage>();
        while (await row.ReadAsync(cancellation))
        {
            same.Add(new(row.GetGuid(0), row.GetBoolean(1), row.GetString(2), row.GetString(3), row.GetBoolean(4)));
        }

        await row.NextResultAsync(cancellation);
        var hits = new List<(int Step, ThreadHit Hit)>();
        while (await row.ReadAsync(cancellation))
        {
            hits.Add((row.GetInt32(0), new(
                row.GetGuid(1), WireText.Parse<ThreadStatus>(row.GetString(2)), row.GetFieldValue<DateTimeOffset>(3), row.Optional<string>(4),
                row.OptionalValue<bool>(5) is true ? new HashSet<string> { message.Sender } : [])));
        }

        await row.NextResultAsync(cancellation);
        await row.ReadAsync(cancellation);
        var steps = hits.ToLookup(hit => hit.Step, hit => hit.Hit);
        return new(same, [.. steps[1]], [.. steps[2]], [.. steps[3]], [.. steps[4]], [.. steps[5]], (int)Math.Min(row.GetInt64(0) + 1, int.MaxValue));
    }

    /// <summary>The message of ours that a report is of; null where none is known.</summary>
    public async Task<(Guid MessageId, Guid ThreadId, bool IsAutomatic)?> OursAsync(IReadOnlyList<Guid> tokens, string? externalId, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOurs);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, tokens.ToArray()));
        command.Parameters.Add(Sql.Text(externalId));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, externalId is null ? [] : MailIds.OfProvider(externalId).ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetGuid(0), row.GetGuid(1), row.GetBoolean(2)) : null;
    }
}
