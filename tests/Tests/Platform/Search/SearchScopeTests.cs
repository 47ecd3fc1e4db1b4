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
public sealed class SearchScopeTests(MatrixHost matrix)
{
    // In every row that is made here, and in no other.
    private const string Word = "Quaxwortel";

    private RunningHost Host => matrix.Host;

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
                foreach (var typed in new[] { Word, Word[..6], "Quaxwotrel" })
                {
                    var finds = (await persona.Client.ReadAsync($"/api/search?q={typed}&types={kind}&limit=100")).GetProperty("items").EnumerateArray()
                        .Select(item => item.GetProperty("id").GetGuid()).Order().ToList();
                    if (!finds.SequenceEqual(listed))
                    {
                        faults.Add($"{persona}: {kind} by {typed}: found {finds.Count}, listed {listed.Count} of {made[kind].Count}");
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

    /// <summary>What is out of scope changes neither what is found nor in which order.</summary>
    [Fact]
    public async Task Rows_OutOfScope_ChangeNoAnswer()
    {
        var partner = matrix.Personas.First(persona => persona.Partner is not null && persona.Permissions.Contains("relations.read"));
        await MakeAsync();
        var before = await partner.Client.GetStringAsync("/api/search?q=quaxw&limit=100");
        var misspelled = await partner.Client.GetStringAsync("/api/search?q=quaxwrotel&limit=100");

        for (var n = 0; n < 150; n++)
        {
            await Host.ExecuteAsync($"INSERT INTO organization (id, name) VALUES ('{Guid.CreateVersion7()}', 'Quaxwortel {(char)('a' + (n % 26))} {n}')");
        }

        await FillAsync();

        Assert.Equal(before, await partner.Client.GetStringAsync("/api/search?q=quaxw&limit=100"));
        Assert.Equal(misspelled, await partner.Client.GetStringAsync("/api/search?q=quaxwrotel&limit=100"));
        Assert.Contains("organization", before, StringComparison.Ordinal);
        await Host.ExecuteAsync("DELETE FROM search_entry WHERE entity_id IN (SELECT id FROM organization WHERE name LIKE 'Quaxwortel _ %'); DELETE FROM organization WHERE name LIKE 'Quaxwortel _ %'");
    }

    private async Task<List<Guid>> ListedAsync(Persona persona, string kind)
    {
        var route = kind switch
        {
            "vehicle" => "/api/vehicles",
            "call" => "/api/calls",
            _ => Host.Services.GetServices<IEntityRoutes>().Single(routes => routes.Table == kind).Route,
        };
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

    // Rows of each business entity, each partner and each van of somebody's own.
    private async Task<Dictionary<string, HashSet<Guid>>> MakeAsync()
    {
        var made = new Dictionary<string, HashSet<Guid>>();
        var partners = matrix.Personas.Select(persona => persona.Partner).Distinct().ToList();
        foreach (var entity in new[] { Persona.Entity, Persona.OtherEntity })
        {
            foreach (var partner in partners)
            {
                await OrderAsync(entity, partner, null);
            }

            await AddAsync("business_phone_number", id =>
                $"INSERT INTO business_phone_number (id, aircall_id, name, digits, business_entity_id) SELECT '{id}', '{id}', '{Word} balie', '+31850000000', b.id FROM business_entity b WHERE b.entity_code = '{entity}'");
            await AddAsync("call", id => $$"""
                INSERT INTO call (id, call_id, status, direction, business_entity, caller_number, line, tags, teams, ivr_options, comments, legs, evidence)
                VALUES ('{{id}}', '{{id}}', 'completed', 'inbound', '{{entity}}', '+31612345678', '{"id": "1", "name": "{{Word}} lijn"}', '[]', '[]', '[]', '[]', '[]', '{}')
                """);
        }

        foreach (var van in matrix.Personas.Where(persona => persona.OwnVans is { Count: > 0 }).Select(persona => persona.OwnVans!.Last()).ToList())
        {
            await OrderAsync(Persona.Entity, null, van);
            await Host.ExecuteAsync($"UPDATE vehicle SET vehicle_name = '{Word} bus' WHERE id = '{van}'");
            Of("vehicle").Add(van);
        }

        await AddAsync("vehicle", id => $"INSERT INTO vehicle (id, license_plate, vehicle_name, vehicle_type) VALUES ('{id}', '{id.ToString()[^8..]}', '{Word} bus', 'van')");
        await AddAsync("product", id => $"INSERT INTO product (id, name, is_active) VALUES ('{id}', '{Word} paal', true)");
        await AddAsync("product", id => $"INSERT INTO product (id, name, is_active) VALUES ('{id}', '{Word} oude paal', false)");
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
            var customer = await AddAsync("organization", id => $"INSERT INTO organization (id, name, business_entity) VALUES ('{id}', '{Word} Techniek', '{entity}')");
            var person = await AddAsync("contact", id =>
                $"INSERT INTO contact (id, first_name, last_name, email, organization_id) VALUES ('{id}', 'Anna', '{Word}', '{id}@example.nl', '{customer}')");
            var address = await AddAsync("address", id => $"""
                INSERT INTO address (id, entity_type, entity_id, street_address, street_number, city, postal_code)
                VALUES ('{id}', 'organization', '{customer}', '{Word}laan', '1', '{Word}', '3401RT')
                """);
            var order = await AddAsync("order", id => $"""
                INSERT INTO "order" (id, order_number, customer_organization_id, primary_contact_id, installation_address_id, order_type, business_entity, partner_organization_id, priority_level)
                VALUES ('{id}', '{Word}-{id}', '{customer}', '{person}', '{address}', 'installation', '{entity}', {(partner is null ? "NULL" : $"'{partner}'")}, 'normal')
                """);
            await AddAsync("visit", id => $"""
                INSERT INTO visit (id, number, order_id, business_entity, visit_type, vehicle_id)
                VALUES ('{id}', '{Word}-{id}', '{order}', '{entity}', 'install', {(van is null ? "NULL" : $"'{van}'")})
                """);
        }
    }

    private async Task FillAsync()
    {
        await Host.ExecuteAsync("DELETE FROM search_filling");
        await new SearchFilling(Host.Services.GetRequiredService<NpgsqlDataSource>(), Host.Services.GetServices<FindableKind>(), NullLogger<SearchFilling>.Instance)
            .RunAsync(CancellationToken.None);
    }
}
