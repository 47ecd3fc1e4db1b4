using System.Net.Http.Json;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The inbox and a conversation.</summary>
[Collection(DeskCollection.Name)]
public sealed class InboxTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Conversation_IsAnsweredNotedTakenAndPutAway_AndColleaguesSeeItLive()
    {
        var (job, subject) = (await host.NewJobAsync(), $"Storing {Guid.NewGuid():n}"[..16]);
        var thread = await Work.IdAsync(host, "/api/threads", new
        {
            entityType = "order", entityId = job.Order, channel = "portal", businessEntity = "chargecars", subject, customerContactId = job.Contact,
        });
        await using var screen = await host.OpenSignedInAsync();
        await using var colleague = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=inbox]");
        await screen.Page.Locator($"#inbox [data-thread='{thread}']").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToHaveTextAsync(subject);
        await colleague.Page.GotoAsync($"{host.Url}#/berichten?sel=gesprek:{thread}");
        await Assertions.Expect(colleague.Page.Locator("#thread-title")).ToHaveTextAsync(subject);

        await screen.Page.ClickAsync("#composer-note");
        await Assertions.Expect(screen.Page.Locator("#composer-label")).ToHaveTextAsync("Internal: the customer does not see this");
        await screen.Page.FillAsync("#composer-text", "Belt liever na vijven.");
        await screen.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(Message(screen, "note")).ToContainTextAsync("Belt liever na vijven.");
        await Assertions.Expect(Message(screen, "note")).ToContainTextAsync("Internal", new() { IgnoreCase = true });
        await Assertions.Expect(Message(colleague, "note")).ToContainTextAsync("Belt liever na vijven.");
        Assert.Equal("note", (await host.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items")[0].GetProperty("nature").GetString());

        await screen.Page.ClickAsync("[data-thread-action=take]");
        await Assertions.Expect(screen.Page.Locator("[data-thread-action=give-back]")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.Locator($"#inbox [data-thread='{thread}']")).ToContainTextAsync("mine");
        await screen.Page.ClickAsync("[data-thread-action=snooze-60]");
        await screen.Page.Locator("#thread-status").HasTextAsync("until ");
        await screen.Page.ClickAsync("[data-thread-action=resolve]");
        await screen.Page.Locator("#thread-status").HasTextAsync("resolved");
        await screen.Page.ClickAsync("#thread-actions [data-work]");
        await Assertions.Expect(screen.Page.Locator("#work-order-facts")).ToContainTextAsync("Service");
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Semicolon_InTheComposer_OffersTemplatesWithTheirValues_AndSendsTheOneThatWasChosen()
    {
        var (job, name) = (await host.NewJobAsync(), $"Dank{Guid.NewGuid():n}"[..12]);
        foreach (var (title, body) in new[] { (name, "Dank u wel. {{ company.name }}, order {{ order.number }}"), ($"{name} 2", "Wij komen tussen {{ visit.window_from }} en later.") })
        {
            await Work.IdAsync(host, "/api/message-templates", new { businessEntity = "chargecars", channel = "portal", language = "nl", name = title, body });
        }

        var thread = await Work.IdAsync(host, "/api/threads", new
        {
            entityType = "order", entityId = job.Order, channel = "portal", businessEntity = "chargecars", subject = "Vraag", customerContactId = job.Contact,
        });
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/berichten?sel=gesprek:{thread}");
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToHaveTextAsync("Vraag");

        await screen.Page.FillAsync("#composer-text", $";{name[..8]}");
        var offered = screen.Page.Locator("#composer-templates button");
        await Assertions.Expect(offered.Filter(new() { HasText = $"{name} 2" })).ToContainTextAsync("visit.window_from");
        await offered.Filter(new() { HasText = "Dank u wel." }).Filter(new() { HasText = name }).ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#composer-templates")).ToBeHiddenAsync();
        var text = await screen.Page.InputValueAsync("#composer-text");
        Assert.StartsWith("Dank u wel. ", text, StringComparison.Ordinal);
        await screen.Page.Keyboard.PressAsync("Control+Enter");

        await Assertions.Expect(Message(screen, "ours")).ToContainTextAsync(text);
        var sent = (await host.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items")[0];
        Assert.NotEqual(Guid.Empty, sent.GetProperty("details").GetProperty("templateId").GetGuid());
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Draft_OfAnAnswer_IsKeptApartFromTheNote_AndWhileTheReaderLooksElsewhere()
    {
        var job = await host.NewJobAsync();
        var threads = new List<Guid>();
        foreach (var subject in (string[])["Eerste", "Tweede"])
        {
            threads.Add(await Work.IdAsync(host, "/api/threads", new { entityType = "order", entityId = job.Order, channel = "portal", businessEntity = "chargecars", subject }));
        }

        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/berichten?sel=gesprek:{threads[0]}");
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToHaveTextAsync("Eerste");
        await screen.Page.FillAsync("#composer-text", "Wij komen om tien uur.");
        await screen.Page.ClickAsync("#composer-note");
        await Assertions.Expect(screen.Page.Locator("#composer-text")).ToHaveValueAsync("");
        await screen.Page.ClickAsync("#composer-reply");
        await Assertions.Expect(screen.Page.Locator("#composer-text")).ToHaveValueAsync("Wij komen om tien uur.");
        await screen.Page.Locator($"#inbox [data-thread='{threads[1]}']").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToHaveTextAsync("Tweede");
        await Assertions.Expect(screen.Page.Locator("#composer-text")).ToHaveValueAsync("");
        await screen.Page.Locator($"#inbox [data-thread='{threads[0]}']").ClickAsync();

        await Assertions.Expect(screen.Page.Locator("#composer-text")).ToHaveValueAsync("Wij komen om tien uur.");
        Assert.Equal(0, (await host.ReadAsync($"/api/threads/{threads[0]}")).GetProperty("messageCount").GetInt32());
    }

    [BrowserFact]
    public async Task Colleague_WhoComesAndAnswers_IsToldAtOnce_AndNothingIsReadAnewForIt()
    {
        var job = await host.NewJobAsync();
        var thread = await Work.IdAsync(host, "/api/threads", new { entityType = "order", entityId = job.Order, channel = "portal", businessEntity = "chargecars", subject = "Vraag" });
        var email = await host.CreateUserAsync("planner");
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/berichten?sel=gesprek:{thread}");
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToHaveTextAsync("Vraag");
        await Assertions.Expect(screen.Page.Locator("#thread-messages .quiet")).ToHaveTextAsync("Nothing was said yet.");
        await using var colleague = await host.OpenAsync();
        await colleague.SignInAsync(email: email);
        await colleague.IsLiveAsync();
        var read = 0;
        screen.Page.Request += (_, request) => read += request.Url.Contains("/api/threads", StringComparison.Ordinal) && request.Method == "GET" ? 1 : 0;
        await colleague.Page.GotoAsync($"{host.Url}#/berichten?sel=gesprek:{thread}");
        var soon = new LocatorAssertionsToHaveTextOptions { Timeout = 8_000 };

        await Assertions.Expect(screen.Page.Locator("#thread-presence")).ToHaveTextAsync($"{email} is reading", soon);
        await colleague.Page.FocusAsync("#composer-text");
        await Assertions.Expect(screen.Page.Locator("#thread-presence")).ToHaveTextAsync($"{email} is answering", soon);
        await colleague.Page.ClickAsync("#thread-close");
        await Assertions.Expect(screen.Page.Locator("#thread-presence")).ToHaveTextAsync("", soon);
        Assert.Equal(0, read);
    }

    [BrowserFact]
    public async Task Conversation_OfManyMessages_OpensAtTheNewest_AndItsDraftOutlivesAReload()
    {
        var job = await host.NewJobAsync();
        var thread = await Work.IdAsync(host, "/api/threads", new { entityType = "order", entityId = job.Order, channel = "internal", businessEntity = "chargecars", subject = "Lang" });
        for (var i = 1; i <= 60; i++)
        {
            await Work.IdAsync(host, $"/api/threads/{thread}/messages", new { bodyText = $"Bericht {i}.", isNote = true });
        }

        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/orders?sel=bezoek:{job.Visit}");
        await screen.Page.Locator($"#work-threads [data-work='thread:{thread}']").ClickAsync();
        await Assertions.Expect(Message(screen, "note")).ToHaveCountAsync(50);
        await Assertions.Expect(Message(screen, "note").Last).ToContainTextAsync("Bericht 60.");
        await Assertions.Expect(Message(screen, "note").Last).ToBeInViewportAsync();
        await screen.Page.ClickAsync("#thread-messages .earlier button");
        await Assertions.Expect(Message(screen, "note")).ToHaveCountAsync(60);
        await Assertions.Expect(screen.Page.Locator("#thread-messages .earlier")).ToHaveCountAsync(0);

        await screen.Page.FillAsync("#composer-text", "Nog niet af");
        await screen.Page.ReloadAsync();
        await Assertions.Expect(screen.Page.Locator("#composer-text")).ToHaveValueAsync("Nog niet af");
    }

    [BrowserFact]
    public async Task Escape_InAConversation_LeadsBackToTheVisitItWasOpenedFrom()
    {
        var job = await host.NewJobAsync();
        var thread = await Work.IdAsync(host, "/api/threads", new { entityType = "order", entityId = job.Order, channel = "portal", businessEntity = "chargecars", subject = "Vraag" });
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/orders?sel=bezoek:{job.Visit}");
        await screen.Page.Locator($"#work-threads [data-work='thread:{thread}']").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToBeFocusedAsync();

        await screen.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(screen.Page.Locator("#thread")).ToBeHiddenAsync();
        await Assertions.Expect(screen.Page.Locator("#work-customer")).ToContainTextAsync(job.Customer);
        await screen.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(screen.Page.Locator("#work")).ToBeHiddenAsync();
    }

    private static ILocator Message(DispatchPage screen, string kind) => screen.Page.Locator($"#thread-messages [data-kind={kind}]");
}
