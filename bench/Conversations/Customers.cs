using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Running;
using Npgsql;

namespace ChargeCars.Bench.Conversations;

/// <summary>Customers who call: each with a number, an order that is under way, a visit today by a van, and a conversation.</summary>
internal static class Customers
{
    /// <summary>Aircall's id of the number that is called.</summary>
    public const int Line = 7001;

    private const int Count = 20_000;

    /// <summary>The number of the customer who makes a call, as Aircall writes it.</summary>
    public static string DigitsOf(long call) => $"+31 6 1{call % Count:0000000}";

    /// <summary>Makes them, and the business number. The vans must be there.</summary>
    public static async Task MakeAsync(BenchHost host, int vans)
    {
        // By night too the visits are today's, each van's one after another.
        await ExecuteAsync(host.Database, $"""
            INSERT INTO business_phone_number (id, aircall_id, name, digits, business_entity_id)
            SELECT gen_random_uuid(), '{Line}', 'Service', '+31850123456', id FROM business_entity WHERE entity_code = 'chargecars';
            INSERT INTO organization (id, name, organization_type, business_entity)
                SELECT {Id(1)}, 'Customer ' || n, 'customer_individual', 'chargecars' FROM {Numbers};
            INSERT INTO contact (id, organization_id, first_name, last_name, email, contact_type)
                SELECT {Id(2)}, {Id(1)}, 'Anna', 'Bakker ' || n, 'anna' || n || '@example.nl', 'customer' FROM {Numbers};
            INSERT INTO phone_number (id, contact_id, phone_number) SELECT {Id(3)}, {Id(2)}, '+3161' || lpad(n::text, 7, '0') FROM {Numbers};
            INSERT INTO "order" (id, order_number, business_entity, customer_organization_id, primary_contact_id, order_type, order_status)
                SELECT {Id(4)}, 'CC-ORD-2025-' || lpad(n::text, 6, '0'), 'chargecars', {Id(1)}, {Id(2)}, 'service', 'planned' FROM {Numbers};
            INSERT INTO visit (id, business_entity, number, order_id, visit_type, status, vehicle_id, scheduled_start, scheduled_end)
                SELECT {Id(5)}, 'chargecars', 'CC-VIS-2025-' || lpad(n::text, 6, '0'), {Id(4)}, 'service', 'scheduled',
                    ('00000000-0000-7000-8000-' || lpad((n % {vans})::text, 12, '0'))::uuid,
                    day + n / {vans} * interval '1 hour', day + n / {vans} * interval '1 hour' + interval '30 minutes'
                FROM {Numbers}, (SELECT date_trunc('day', now(), 'Europe/Amsterdam') AS day) today;
            INSERT INTO communication_thread
                (id, entity_type, channel, subject, status, priority, business_entity, customer_contact_id, customer_address, last_message_at)
                SELECT {Id(6)}, 'support_ticket', 'email', 'Storing laadpaal ' || n, 'open', 'normal', 'chargecars',
                    {Id(2)}, 'anna' || n || '@example.nl', now() FROM {Numbers};
            ANALYZE business_phone_number, organization, contact, phone_number, "order", visit, communication_thread
            """);
    }

    /// <summary>Sets what a customer's last message is looked for in: so many messages.</summary>
    public static Task WriteAsync(BenchHost host, int messages) => ExecuteAsync(host.Database, $"""
        INSERT INTO communication_message (id, thread_id, sender_contact_id, sender_email, body_text, direction, status, sent_at, position)
        SELECT gen_random_uuid(), {Id(6, $"m % {Count}")}, {Id(2, $"m % {Count}")}, 'anna' || m % {Count} || '@example.nl', 'Wanneer komt de monteur?',
            'inbound', 'delivered', now() - m * interval '1 second', 1 + m / {Count}
        FROM generate_series(0, {messages} - 1) m;
        VACUUM ANALYZE communication_message
        """.Split(';'));

    private static string Numbers => $"generate_series(0, {Count} - 1) n";

    private static string Id(int kind, string number = "n") => $"('00000000-0000-7000-800{kind}-' || lpad(({number})::text, 12, '0'))::uuid";

    private static async Task ExecuteAsync(NpgsqlDataSource database, params string[] statements)
    {
        foreach (var statement in statements)
        {
            await using var command = database.CreateCommand(statement);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }
}
