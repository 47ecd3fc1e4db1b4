using System.Net.Http.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Conversations.Threads;

/// <summary>Messages are found by what they say, in Dutch and in English, by whoever may read them. Every role's scope is in <c>SearchScopeTests</c>.</summary>
[Collection(HostCollection.Name)]
public sealed class MessageSearchTests(RunningHost host)
{
    [Fact]
    public async Task Message_ByWordsInAnyInflection_IsFoundInBothLanguages()
    {
        var (box, word) = (await Mailbox.OpenAsync(host), NewWord());
        var (dutch, _, _) = await box.ReceiveAsync(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Vraag", $"De {word} laadpalen geven storingen, en de monteurs kwamen niet."));
        var (english, _, _) = await box.ReceiveAsync(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Question", $"My {word} chargers keep failing after the installations."));

        foreach (var (typed, id) in new[]
        {
            ("laadpaal storing", dutch), ("monteur", dutch), ("LAADPALEN", dutch), ("charger fails", english), ("installation", english), ("charg", english), ("vraag", dutch), ("question", english),
        })
        {
            Assert.True((await FindAsync(host.Administrator, $"{word} {typed}")).SequenceEqual([id]) || typed is "vraag" or "question", typed);
        }

        var items = (await host.Administrator.ReadAsync($"/api/search?q={word}+monteur&types=communication_message")).GetProperty("items");
        Assert.Contains("<mark>monteur</mark>", items[0].GetProperty("highlight").GetString(), StringComparison.Ordinal);
        Assert.Equal(new[] { dutch, english }.Order(), (await FindAsync(host.Administrator, word)).Order());
    }

    [Fact]
    public async Task Message_ThatQuotesAnother_IsFoundByItsOwnWordsOnly()
    {
        var (box, customer, first, second) = (await Mailbox.OpenAsync(host), Mailbox.Customer(), NewWord(), NewWord());
        var (original, _, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", $"Is de {first} er al?"));
        var (answer, _, _) = await box.ReceiveAsync(box.Mail(
            customer, Mailbox.NewId(), "Re: Vraag", $"Nog steeds geen {second} gezien.\n\nOp ma 2 nov. 2026 om 10:00 schreef Klant <{customer}>:\n> Is de {first} er al?"));

        Assert.Equal([original], await FindAsync(host.Administrator, first));
        Assert.Equal([answer], await FindAsync(host.Administrator, second));
    }

    [Fact]
    public async Task Note_IsFoundByColleaguesOnly_AndADraftByItsAuthorAlone()
    {
        var (box, word, organization) = (await Mailbox.OpenAsync(host), NewWord(), await Sample.CreateAsync(host, "organization"));
        var customer = Mailbox.Customer();
        await host.ExecuteAsync($"INSERT INTO contact (id, organization_id, first_name, last_name, email) VALUES ('{Guid.CreateVersion7()}', '{organization}', 'Van', 'Partner', '{customer}')");
        var (message, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", $"Mijn {word} is kapot."));
        var note = (await box.WriteAsync(thread, new { bodyText = $"Deze {word} kennen we.", isNote = true })).GetProperty("id").GetGuid();
        using var author = await host.WithKeyAsync("threads.read", "threads.write");
        var draft = (await (await author.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = $"Uw {word} wordt vervangen.", isDraft = true }))
            .JsonAsync(System.Net.HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var partner = await host.WithKeyAsync(new { name = "partner", permissions = new[] { "threads.read" }, partnerOrganizationId = organization });
        using var other = await host.WithKeyAsync(new { name = "other", permissions = new[] { "threads.read" }, businessEntities = new[] { "ratioshop" } });
        using var nobody = await host.WithKeyAsync("orders.read");

        Assert.Equal([message], await FindAsync(partner, word));
        Assert.Equal(new[] { message, note }.Order(), (await FindAsync(host.Administrator, word)).Order());
        Assert.Equal(new[] { message, note, draft }.Order(), (await FindAsync(author, word)).Order());
        Assert.Empty(await FindAsync(other, word));
        Assert.Empty(await FindAsync(nobody, word));

        // What it does not say any more does not find it, and a draft that is thrown away is not found.
        using var edited = await author.PutAsJsonAsync($"/api/messages/{draft}", new { bodyText = "Uw paal wordt vervangen." });
        await edited.JsonAsync();
        Assert.DoesNotContain(draft, await FindAsync(author, word));
        using var gone = await author.DeleteAsync($"/api/messages/{draft}");
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM search_entry WHERE entity_id = '{draft}'"));
    }

    // Of no language's: so that no stemmer changes it.
    private static string NewWord() => $"zq{string.Concat(Enumerable.Range(0, 8).Select(_ => (char)('a' + Random.Shared.Next(26))))}q";

    private static async Task<List<Guid>> FindAsync(HttpClient client, string typed) =>
    [
        .. (await client.ReadAsync($"/api/search?q={Uri.EscapeDataString(typed)}&types=communication_message&limit=100")).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetGuid()),
    ];
}
