using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Relations.Contacts;

/// <summary>
/// Where a person has left something: threads that are theirs, messages that they wrote in others, calls, numbers, files. An address or
/// number that somebody else has too is not theirs alone, and leads nowhere.
/// </summary>
internal sealed class ContactTraces(NpgsqlDataSource source)
{
    private const string SelectAddresses = """
        SELECT lower(email) FROM contact WHERE id = $1 AND email <> '' UNION SELECT phone FROM contact WHERE id = $1 AND phone IS NOT NULL
        UNION SELECT mobile FROM contact WHERE id = $1 AND mobile IS NOT NULL UNION SELECT phone_number FROM phone_number WHERE contact_id = $1
        """;

    private const string SelectOwn = """
        SELECT DISTINCT asked.address FROM unnest($2::text[]) AS asked(address)
        WHERE NOT EXISTS (SELECT FROM contact c WHERE c.id <> $1 AND (lower(c.email) = asked.address OR c.phone = asked.address OR c.mobile = asked.address))
            AND NOT EXISTS (SELECT FROM phone_number n WHERE n.phone_number = asked.address AND n.contact_id IS DISTINCT FROM $1)
        """;

    private const string SelectThreads =
        "SELECT id FROM communication_thread WHERE customer_contact_id = $1 OR customer_address = ANY ($2) ORDER BY created_at, id";

    private const string SelectMessagesOf = """
        SELECT id FROM communication_message WHERE thread_id = $1 AND erased_at IS NULL AND nature <> 'moved' ORDER BY position, id LIMIT 100
        """;

    private const string SelectElsewhere = """
        SELECT thread_id, id FROM communication_message
        WHERE erased_at IS NULL AND direction = 'inbound' AND (sender_contact_id = $1 OR sender_email = ANY ($2) OR counterpart_key = ANY ($2))
        ORDER BY thread_id, id LIMIT 100
        """;

    private const string SelectCalls = """
        SELECT id FROM call WHERE erased_at IS NULL
            AND (phone_number_id IN (SELECT n.id FROM phone_number n WHERE n.contact_id = $1) OR caller_number = ANY ($2)) ORDER BY created_at, id LIMIT 100
        """;

    private const string SelectNumbers = "SELECT id FROM phone_number WHERE contact_id = $1";

    private const string SelectAlerts = "SELECT id FROM alert WHERE label IS NOT NULL AND (label = ANY ($1) OR entity_id = ANY ($2))";

    private const string SelectFiles = "SELECT id FROM attachment WHERE entity_type = $1 AND entity_id = ANY ($2)";

    /// <summary>Every address and number of the person, as the books have them.</summary>
    public async Task<IReadOnlyList<string>> AddressesAsync(Guid contact, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectAddresses);
        command.Parameters.Add(Sql.Uuid(contact));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var addresses = new List<string>();
        while (await row.ReadAsync(cancellation))
        {
            addresses.Add(row.GetString(0));
        }

        return addresses;
    }

    /// <summary>Those of some addresses that nobody else has.</summary>
    public async Task<string[]> OwnAsync(Guid contact, IEnumerable<string> addresses, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOwn);
        command.Parameters.Add(Sql.Uuid(contact));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, addresses.ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var own = new List<string>();
        while (await row.ReadAsync(cancellation))
        {
            own.Add(row.GetString(0));
        }

        return [.. own];
    }

    /// <summary>The threads whose customer it is.</summary>
    public Task<List<Guid>> ThreadsAsync(Guid contact, string[] addresses, CancellationToken cancellation) =>
        IdsAsync(SelectThreads, [Sql.Uuid(contact), Texts(addresses)], cancellation);

    /// <summary>The next messages of a thread that still say something.</summary>
    public Task<List<Guid>> MessagesOfAsync(Guid thread, CancellationToken cancellation) => IdsAsync(SelectMessagesOf, [Sql.Uuid(thread)], cancellation);

    /// <summary>The next messages that the person wrote and that still say something, by their threads.</summary>
    public async Task<IReadOnlyList<(Guid Thread, Guid Message)>> MessagesElsewhereAsync(Guid contact, string[] addresses, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectElsewhere);
        command.Parameters.Add(Sql.Uuid(contact));
        command.Parameters.Add(Texts(addresses));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var messages = new List<(Guid, Guid)>();
        while (await row.ReadAsync(cancellation))
        {
            messages.Add((row.GetGuid(0), row.GetGuid(1)));
        }

        return messages;
    }

    /// <summary>The next calls with the person that still say with whom.</summary>
    public Task<List<Guid>> CallsAsync(Guid contact, string[] numbers, CancellationToken cancellation) =>
        IdsAsync(SelectCalls, [Sql.Uuid(contact), Texts(numbers)], cancellation);

    /// <summary>The rows of the person's numbers.</summary>
    public Task<List<Guid>> NumbersAsync(Guid contact, CancellationToken cancellation) => IdsAsync(SelectNumbers, [Sql.Uuid(contact)], cancellation);

    /// <summary>The alerts that name one of some addresses, or are about one of some entities, and still say what people call that.</summary>
    public Task<List<Guid>> AlertsAsync(string[] addresses, IReadOnlyCollection<Guid> entities, CancellationToken cancellation) =>
        IdsAsync(SelectAlerts, [Texts(addresses), Sql.Array(NpgsqlDbType.Uuid, entities.ToArray())], cancellation);

    /// <summary>The files of some entities of one kind.</summary>
    public Task<List<Guid>> FilesAsync(string entityType, IReadOnlyCollection<Guid> entities, CancellationToken cancellation) =>
        IdsAsync(SelectFiles, [Sql.Text(entityType), Sql.Array(NpgsqlDbType.Uuid, entities.ToArray())], cancellation);

    private static NpgsqlParameter Texts(string[] texts) => Sql.Array(NpgsqlDbType.Text, texts);

    private async Task<List<Guid>> IdsAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var ids = new List<Guid>();
        while (await row.ReadAsync(cancellation))
        {
            ids.Add(row.GetGuid(0));
        }

        return ids;
    }
}
