using System.Text.Json;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Hosting.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Platform.Search;

/// <summary>Every seeded role and every limit × every kind that can be found: a search shows what the list shows, and nothing beside it.</summary>
[Collection(MatrixCollection.Name)]
public sealed class SearchScopeTests(MatrixHost matrix) : IDisposable
{
    // In every row that a test makes, and in no other.
    private readonly string _word = $"Quax{NewLetters()}wortel";

    private RunningHost Host => matrix.Host;

    private ScopeSizes Sizes => Host.Services.GetRequiredService<ScopeSizes>();

    // Two letters of the word have changed places.
    private string Misspelled => _word.Replace("wortel", "wotrel", StringComparison.Ordinal);

    public void Dispose() => Sizes.MostOfSmall = 10_000;

    [Fact]
    public async Task Finds_OfEveryCallerAndKind_AreThoseOfTheirList()
    {
        var made = await MakeAsync();
        var kinds = Host.Services.GetServices<FindableKind>().Select(kind => kind.Table).ToList();
        Assert.Empty(kinds.Except(made.Keys)); // a kind that is new is made here, with rows of several scopes
        var (faults, found, hidden) = (new List<string>(), new HashSet<string>(), new HashSet<string>());

        foreach (var persona in matrix.Personas)
        {
            foreach (var kind in kinds)
            {
                var listed = (await ListedAsync(persona, kind)).Where(made[kind].Contains).Order().ToList();
                // From both sides: from a small scope, and from the words.
                foreach (var (typed, most) in new[] { _word, _word[..9], Misspelled }.SelectMany(typed => new[] { (typed, 10_000), (typed, 0) }))
                {
                    Sizes.MostOfSmall = most;
                    var finds = (await persona.Client.ReadAsync($"/api/search?q={typed}&types={kind}&limit=100")).GetProperty("items").EnumerateArray()
                        .Select(item => item.GetProperty("id").GetGuid()).Order().ToList();
                    if (!finds.SequenceEqual(listed))
                    {
                        faults.Add($"{persona}: {kind} by {typed} ({most}): found {finds.Count}, listed {listed.Count} of {made[kind].Count}");
                    }
                }

                if (listed.Count > 0)
                {
                    found.Add(kind);
                }

                if (listed.Count < made[kind].Count && persona.Permissions.Count > 1)
                {
                    hidden.Add(kind);
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        // The test tells something: of each kind somebody sees some, and somebody who may see the kind does not see all.
        Assert.Equal(kinds.Order(), found.Order());
        Assert.Equal(kinds.Order(), hidden.Order());
    }

    /// <summary>An order, a visit, a charger or a thread is found through a customer by who sees both in their lists, and by nobody else.</summary>
    [Fact]
    public async Task Finds_ThroughAnotherRow_AreOfWhoSeesBoth()
    {
        var made = await MakeAsync(numbers: "x");
        var kinds = Host.Services.GetServices<FindableKind>().Where(kind => kind.Through.Count > 0).ToList();
        var (faults, found) = (new List<string>(), new HashSet<string>());

        foreach (var persona in matrix.Personas)
        {
            var listed = new Dictionary<string, HashSet<Guid>>();
            foreach (var table in kinds.SelectMany(kind => kind.Through.Select(through => through.Table).Append(kind.Table)).Distinct())
            {
                listed[table] = [.. (await ListedAsync(persona, table)).Where(made[table].Contains)];
            }

            // Where it is found by itself it needs no other; orders before visits, which are found through them.
            var expected = new Dictionary<string, HashSet<Guid>>(listed.Where(kind => kinds.TrueForAll(through => through.Table != kind.Key)));
            foreach (var kind in kinds.OrderBy(kind => kind.Table == "visit"))
            {
                expected[kind.Table] = [];
                foreach (var through in kind.Through)
                {
                    var pairs = await PairsAsync($"SELECT id, {through.Column} FROM {kind.From} WHERE {through.Column} IS NOT NULL");
                    expected[kind.Table].UnionWith(pairs.Where(pair => listed[kind.Table].Contains(pair.Id) && expected[through.Table].Contains(pair.Other)).Select(pair => pair.Id));
                }
            }

            foreach (var (kind, most) in kinds.SelectMany(kind => new[] { (kind, 10_000), (kind, 0) }))
            {
                Sizes.MostOfSmall = most;
                var finds = (await persona.Client.ReadAsync($"/api/search?q={_word}&types={kind.Table}&limit=100")).GetProperty("items").EnumerateArray()
                    .Select(item => item.GetProperty("id").GetGuid()).ToHashSet();
                if (!finds.SetEquals(expected[kind.Table]))
                {
                    faults.Add($"{persona}: {kind.Table} ({most}): found {finds.Count}, expected {expected[kind.Table].Count} of {listed[kind.Table].Count} listed");
                }

                if (finds.Count > 0)
                {
                    found.Add(kind.Table);
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(kinds.Select(kind => kind.Table).Order(), found.Order());
    }

    /// <summary>What is out of scope changes neither what is found nor in which order.</summary>
    [Fact]
    public async Task Rows_OutOfScope_ChangeNoAnswer()
    {
        var partner = matrix.Personas.First(persona => persona.Partner is not null && persona.Permissions.Contains("relations.read"));
        await MakeAsync();
        var before = await partner.Client.GetStringAsync($"/api/search?q={_word[..9]}&limit=100");
        var misspelled = await partner.Client.GetStringAsync($"/api/search?q={Misspelled}&limit=100");

        for (var n = 0; n < 150; n++)
        {
            await Host.ExecuteAsync($"INSERT INTO organization (id, name) VALUES ('{Guid.CreateVersion7()}', '{_word} {(char)('a' + (n % 26))} {n}')");
        }

        await FillAsync();

        Assert.Equal(before, await partner.Client.GetStringAsync($"/api/search?q={_word[..9]}&limit=100"));
        Assert.Equal(misspelled, await partner.Client.GetStringAsync($"/api/search?q={Misspelled}&limit=100"));
        Assert.Contains("organization", before, StringComparison.Ordinal);
        await Host.ExecuteAsync($"DELETE FROM search_entry WHERE entity_id IN (SELECT id FROM organization WHERE name LIKE '{_word} _ %'); DELETE FROM organization WHERE name LIKE '{_word} _ %'");
    }

    private async Task<List<Guid>> ListedAsync(Persona persona, string kind)
    {
        // Each thread lists its own.
        if (kind == "communication_message")
        {
            var messages = new List<Guid>();
            foreach (var thread in await ListedAsync(persona, "communication_thread"))
            {
                messages.AddRange(await ListedAtAsync(persona, $"/api/threads/{thread}/messages"));
            }

            return messages;
        }

        return await ListedAtAsync(persona, kind switch
        {
            "vehicle" => "/api/vehicles",
            "call" => "/api/calls",
            _ => Host.Services.GetServices<IEntityRoutes>().Single(routes => routes.Table == kind).Route,
        });
    }

    private static async Task<List<Guid>> ListedAtAsync(Persona persona, string route)
    {
        var ids = new List<Guid>();
        for (string? cursor = ""; cursor is not null;)
        {
            using var answer = await persona.Client.GetAsync($"{route}?limit=500{cursor}");
            if (answer.StatusCode == System.Net.HttpStatusCode.Forbidden)
            {
                return [];
            }

            var page = await answer.JsonAsync();
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor") is { ValueKind: JsonValueKind.String } next ? $"&cursor={next.GetString()}" : null;
        }

        return ids;
    }

    private static string NewLetters() => string.Concat(Enumerable.Range(0, 6).Select(_ => (char)('a' + Random.Shared.Next(26))));

    private async Task<List<(Guid Id, Guid Other)>> PairsAsync(string sql)
    {
        await using var command = Host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var pairs = new List<(Guid, Guid)>();
        while (await row.ReadAsync())
        {
            pairs.Add((row.GetGuid(0), row.GetGuid(1)));
        }

        return pairs;
    }

    // Rows of each business entity, each partner and each van of somebody's own; what has a number of its own has the word in it, or what stands in its place.
    private async Task<Dictionary<string, HashSet<Guid>>> MakeAsync(string? numbers = null)
    {
        var own = numbers ?? _word;
        var made = new Dictionary<string, HashSet<Guid>>();
        var partners = matrix.Personas.Select(persona => persona.Partner).Distinct().ToList();
        foreach (var entity in new[] { Persona.Entity, Persona.OtherEntity })
        {
            foreach (var partner in partners)
            {
                await OrderAsync(entity, partner, null);
            }

            await AddAsync("business_phone_number", id =>
                $"INSERT INTO business_phone_number (id, aircall_id, name, digits, business_entity_id) SELECT '{id}', '{id}', '{_word} balie', '+31850000000', b.id FROM business_entity b WHERE b.entity_code = '{entity}'");
            await AddAsync("call", id => $$"""
                INSERT INTO call (id, call_id, status, direction, business_entity, caller_number, line, tags, teams, ivr_options, comments, legs, evidence)
                VALUES ('{{id}}', '{{id}}', 'completed', 'inbound', '{{entity}}', '+31612345678', '{"id": "1", "name": "{{_word}} lijn"}', '[]', '[]', '[]', '[]', '[]', '{}')
                """);
        }

        foreach (var van in matrix.Personas.Where(persona => persona.OwnVans is { Count: > 0 }).Select(persona => persona.OwnVans!.Last()).ToList())
        {
            await OrderAsync(Persona.Entity, null, van);
            await Host.ExecuteAsync($"UPDATE vehicle SET vehicle_name = '{_word} bus' WHERE id = '{van}'");
            Of("vehicle").Add(van);
        }

        await AddAsync("vehicle", id => $"INSERT INTO vehicle (id, license_plate, vehicle_name, vehicle_type) VALUES ('{id}', '{id.ToString()[^8..]}', '{_word} bus', 'van')");
        await AddAsync("product", id => $"INSERT INTO product (id, name, is_active) VALUES ('{id}', '{_word} paal', true)");
        await AddAsync("product", id => $"INSERT INTO product (id, name, is_active) VALUES ('{id}', '{_word} oude paal', false)");
        await FillAsync();
        return made;

        HashSet<Guid> Of(string table) => made.TryGetValue(table, out var ids) ? ids : made[table] = [];

        async Task<Guid> AddAsync(string table, Func<Guid, string> insert)
        {
            var id = Guid.CreateVersion7();
            await Host.ExecuteAsync(insert(id));
            Of(table).Add(id);
            return id;
        }

        async Task OrderAsync(string entity, Guid? partner, Guid? van)
        {
            var customer = await AddAsync("organization", id => $"INSERT INTO organization (id, name, business_entity) VALUES ('{id}', '{_word} Techniek', '{entity}')");
            var person = await AddAsync("contact", id =>
                $"INSERT INTO contact (id, first_name, last_name, email, organization_id) VALUES ('{id}', 'Anna', '{_word}', '{id}@example.nl', '{customer}')");
            var address = await AddAsync("address", id => $"""
                INSERT INTO address (id, entity_type, entity_id, street_address, street_number, city, postal_code)
                VALUES ('{id}', 'organization', '{customer}', '{_word}laan', '1', '{_word}', '3401RT')
                """);
            var order = await AddAsync("order", id => $"""
                INSERT INTO "order" (id, order_number, customer_organization_id, primary_contact_id, installation_address_id, order_type, business_entity, partner_organization_id, priority_level)
                VALUES ('{id}', '{own}-{id}', '{customer}', '{person}', '{address}', 'installation', '{entity}', {(partner is null ? "NULL" : $"'{partner}'")}, 'normal')
                """);
            await AddAsync("visit", id => $"""
                INSERT INTO visit (id, number, order_id, business_entity, visit_type, vehicle_id)
                VALUES ('{id}', '{own}-{id}', '{order}', '{entity}', 'install', {(van is null ? "NULL" : $"'{van}'")})
                """);
            await AddAsync("installed_charger", id => $"""
                INSERT INTO installed_charger (id, business_entity, brand, model, serial_number, address_id, owner_organization_id)
                VALUES ('{id}', '{entity}', '{own} merk', 'Go 2', 'SN-{id}', '{address}', '{customer}')
                """);
            await MessagesAsync(await AddAsync("communication_thread", id => $"""
                INSERT INTO communication_thread (id, entity_type, entity_id, channel, subject, status, priority, business_entity, customer_contact_id, customer_address)
                VALUES ('{id}', 'order', '{order}', 'email', '{own} klacht', 'open', 'normal', '{entity}', '{person}', '{id}@example.nl')
                """));
            if (partner is not null)
            {
                // One of the partner's own people writes.
                var colleague = await AddAsync("contact", id =>
                    $"INSERT INTO contact (id, first_name, last_name, email, organization_id) VALUES ('{id}', 'Els', '{_word}', '{id}@example.nl', '{partner}')");
                await MessagesAsync(await AddAsync("communication_thread", id => $"""
                    INSERT INTO communication_thread (id, entity_type, channel, subject, status, priority, business_entity, customer_contact_id)
                    VALUES ('{id}', 'support_ticket', 'email', '{own} vraag', 'open', 'normal', '{entity}', '{colleague}')
                    """));
            }
        }

        // What everybody sees who sees the thread, a note among ourselves, and somebody's draft.
        async Task MessagesAsync(Guid thread)
        {
            foreach (var (nature, status, position) in new[] { ("person", "'delivered'", "1"), ("note", "NULL", "2"), ("person", "'draft'", "NULL") })
            {
                await AddAsync("communication_message", id => $"""
                    INSERT INTO communication_message (id, thread_id, nature, direction, status, position, subject, body_text, author_id)
                    VALUES ('{id}', '{thread}', '{nature}', {(nature == "note" ? "NULL" : status == "'draft'" ? "'outbound'" : "'inbound'")}, {status}, {position}, '{own} paal', 'De {own} doet het niet', '{id}')
                    """);
            }
        }
    }

    private async Task FillAsync()
    {
        await Host.ExecuteAsync("DELETE FROM search_filling");
        await new SearchFilling(Host.Services.GetRequiredService<NpgsqlDataSource>(), Host.Services.GetServices<FindableKind>(), NullLogger<SearchFilling>.Instance)
            .RunAsync(CancellationToken.None);
    }
}
