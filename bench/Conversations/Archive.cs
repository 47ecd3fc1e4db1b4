using ChargeCars.Bench.Running;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Bench.Conversations;

/// <summary>Two years of conversations as they would be there: five messages each, most of them done.</summary>
internal static class Archive
{
    /// <summary>Messages of each thread.</summary>
    public const int MessagesEach = 5;

    private const int Customers = 50_000;
    private const int Colleagues = 20;

    private static readonly string[] Statuses =
        ["open", "open", "pending", "pending", "pending", .. Enumerable.Repeat("resolved", 85), .. Enumerable.Repeat("archived", 10)];

    private static readonly string[] Channels = ["email", "email", "email", "email", "email", "email", "whatsapp", "whatsapp", "sms", "portal"];

    /// <summary>The mailbox that mails come to.</summary>
    public const string Mailbox = "desk@chargecars.example";

    public static Guid Thread(int number) => Id(1, number);

    public static Guid Customer(int number) => Id(2, number % Customers);

    public static Guid Colleague(int number) => Id(3, number % Colleagues);

    /// <summary>Puts them there.</summary>
    /// <param name="host">Whose database.</param>
    /// <param name="messages">How many messages.</param>
    public static async Task FillAsync(BenchHost host, int messages)
    {
        var (random, now, threads) = (new Random(20261130), DateTime.UtcNow, messages / MessagesEach);
        await ExecuteAsync(host.Database, $"""
            INSERT INTO communication_channel (id, business_entity_id, channel, name, address)
                SELECT '{Id(9, 0)}', id, 'email', 'Service desk', '{Mailbox}' FROM business_entity WHERE entity_code = 'chargecars';
            INSERT INTO contact (id, first_name, last_name, email, mobile, contact_type)
                SELECT ('00000000-0000-7000-8002-' || lpad(n::text, 12, '0'))::uuid, 'Anna', 'Bakker ' || n, 'anna' || n || '@example.nl',
                    '+3161' || lpad(n::text, 7, '0'), 'customer'
                FROM generate_series(0, {Customers - 1}) n;
            INSERT INTO contact (id, first_name, last_name, email, contact_type)
                SELECT ('00000000-0000-7000-8003-' || lpad(n::text, 12, '0'))::uuid, 'Bo', 'Wit ' || n, 'bo' || n || '@chargecars.example', 'employee'
                FROM generate_series(0, {Colleagues - 1}) n
            """);
        await using var connection = await host.Database.OpenConnectionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("""
            COPY communication_thread (id, entity_type, entity_id, channel, subject, status, priority, business_entity, channel_account_id,
                customer_contact_id, customer_address, assigned_to_contact_id, first_message_at, last_message_at, message_count, last_position,
                waiting_since, queued_replies, flags, created_at) FROM STDIN (FORMAT BINARY)
            """))
        {
            for (var n = 0; n < threads; n++)
            {
                var (began, status, isOrder) = (BeganAt(n, threads, now), Statuses[random.Next(Statuses.Length)], n % 2 == 0);
                var last = began.AddHours(random.Next(1, 200));
                await copy.StartRowAsync();
                await copy.WriteAsync(Thread(n));
                await copy.WriteAsync(isOrder ? "order" : "support_ticket");
                await WriteAsync(copy, isOrder ? Id(4, n / 4) : null);
                await copy.WriteAsync(Channels[random.Next(Channels.Length)]);
                await copy.WriteAsync($"{Correspondence.Word(random)} {Correspondence.Name(random)}");
                await copy.WriteAsync(status);
                await copy.WriteAsync(random.Next(20) == 0 ? "urgent" : "normal");
                await copy.WriteAsync(n % 1_000 == 999 ? "ratioshop" : "chargecars");
                await copy.WriteAsync(Id(9, 0));
                await copy.WriteAsync(Customer(n));
                await copy.WriteAsync($"anna{n % Customers}@example.nl");
                await WriteAsync(copy, status is "open" or "pending" && random.Next(5) == 0 ? null : Colleague(n));
                await copy.WriteAsync(began, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(last, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(MessagesEach);
                await copy.WriteAsync(MessagesEach);
                if (status == "open" && n % 2 == 0)
                {
                    await copy.WriteAsync(last, NpgsqlDbType.TimestampTz);
                }
                else
                {
                    await copy.WriteNullAsync();
                }

                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync(began, NpgsqlDbType.TimestampTz);
            }

            await copy.CompleteAsync();
        }

        await using (var copy = await connection.BeginBinaryImportAsync("""
            COPY communication_message (id, thread_id, position, nature, sender_contact_id, sender_email, sender_name, recipient_emails, cc_emails,
                bcc_emails, subject, body_text, attachments, direction, status, external_message_id, channel_account_id, content_hash, reference_ids,
                sent_at, folds, faults, flags, mentions, created_at) FROM STDIN (FORMAT BINARY)
            """))
        {
            for (var m = 0; m < messages; m++)
            {
                var (n, place) = (m / MessagesEach, (m % MessagesEach) + 1);
                var (inbound, at) = (place % 2 == 1, BeganAt(n, threads, now).AddHours(place));
                string customer = $"anna{n % Customers}@example.nl", from = inbound ? customer : Mailbox;
                await copy.StartRowAsync();
                await copy.WriteAsync(Id(5, m));
                await copy.WriteAsync(Thread(n));
                await copy.WriteAsync(place);
                await copy.WriteAsync("person");
                await copy.WriteAsync(inbound ? Customer(n) : Colleague(n));
                await copy.WriteAsync(from);
                await copy.WriteAsync(inbound ? $"Anna Bakker {n % Customers}" : "Service desk");
                await copy.WriteAsync($"[\"{(inbound ? Mailbox : customer)}\"]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync($"{(place > 1 ? "Re: " : "")}{Correspondence.Word(random)} {Correspondence.Name(random)}");
                await copy.WriteAsync(Correspondence.Text(random));
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync(inbound ? "inbound" : "outbound");
                await copy.WriteAsync(inbound ? "delivered" : "sent");
                await copy.WriteAsync($"m{m}@example.nl");
                await copy.WriteAsync(Id(9, 0));
                await copy.WriteAsync($"{m:x32}");
                await copy.WriteAsync(
                    place == 1 ? [] : new[] { $"m{m - 1}@example.nl", $"m{n * MessagesEach}@example.nl" }, NpgsqlDbType.Array | NpgsqlDbType.Text);
                await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb);
                await copy.WriteAsync(Array.Empty<Guid>(), NpgsqlDbType.Array | NpgsqlDbType.Uuid);
                await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
            }

            await copy.CompleteAsync();
        }

        foreach (var statement in new[] { "VACUUM ANALYZE communication_message", "VACUUM ANALYZE communication_thread", "ANALYZE contact", "CHECKPOINT" })
        {
            await ExecuteAsync(host.Database, statement);
        }
    }

    public static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public static Guid Order(int number) => Id(4, number);

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, Guid? value)
    {
        if (value is { } known)
        {
            await copy.WriteAsync(known);
        }
        else
        {
            await copy.WriteNullAsync();
        }
    }

    // Over two years, the newest a few minutes ago.
    private static DateTime BeganAt(int number, int threads, DateTime now) => now.AddDays(-10).AddMinutes(-1_051_200d * (threads - number) / threads);

    private static Guid Id(int kind, int number) => Guid.Parse($"00000000-0000-7000-800{kind}-{number:000000000000}");
}
