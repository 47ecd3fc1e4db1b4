using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The card of a call that rings, and who is to be called back.</summary>
[Collection(DeskCollection.Name)]
public sealed class CallTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Ring_OpensACard_WithoutTakingTheFocus_AndLeadsToTheVisitOfToday()
    {
        var (job, crew, digits, id) = (await host.NewJobAsync(), await host.NewCrewAsync(), Work.NewDigits(), $"{Random.Shared.NextInt64(1_000_000_000)}");
        await Work.IdAsync(host, "/api/phone-numbers", new { phoneNumber = digits, contactId = job.Contact });
        await host.PlanAsync(job.Visit, 23, crew.Van);
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.FocusAsync("#search");
        var began = DateTimeOffset.UtcNow;
        await host.CallAsync("call.created", id, digits, began);

        var card = screen.Page.Locator(".call-card").Filter(new() { HasText = "De Vries" });
        await Assertions.Expect(card).ToContainTextAsync("is being called");
        await Assertions.Expect(card.Locator(".call-visit")).ToContainTextAsync(crew.Plate);
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeFocusedAsync();
        await screen.Page.Locator("#call-spoken").HasTextAsync("De Vries .* is calling");

        await host.CallAsync("call.answered", id, digits, began, isAnswered: true);
        await Assertions.Expect(card).ToContainTextAsync("in conversation");
        await screen.Page.Locator("#search").BlurAsync();
        await screen.Page.Keyboard.PressAsync("c");
        await Assertions.Expect(card.Locator(".call-visit")).ToBeFocusedAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("#work-customer")).ToContainTextAsync(job.Customer);
        // A click that has begun goes on while the card is written anew.
        await card.Locator(".call-visit").EvaluateAsync("button => { button.pressed = true; }");
        await host.ActAsync($"visits/{job.Visit}", "confirm");
        await Assertions.Expect(card.Locator(".call-visit")).ToContainTextAsync("Confirmed", new() { IgnoreCase = true });
        Assert.True(await card.Locator(".call-visit").EvaluateAsync<bool>("button => button.pressed === true"));

        // Whoever talks keeps the caller before them.
        await screen.Page.ReloadAsync();
        await screen.IsLiveAsync();
        await Assertions.Expect(card).ToContainTextAsync("in conversation");
        await host.CallAsync("call.ended", id, digits, began, isAnswered: true, isOver: true);
        await Assertions.Expect(card).ToContainTextAsync("ended");
        await card.Locator("[data-close]").ClickAsync();
        await Assertions.Expect(card).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Ring_IsHeardOnce_HoweverManyWindowsTellOfIt()
    {
        var (digits, id) = (Work.NewDigits(), $"{Random.Shared.NextInt64(1_000_000_000)}");
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#search");
        var other = await screen.Page.Context.NewPageAsync();
        await other.GotoAsync($"{host.Url}?only=wand");
        await Assertions.Expect(other.Locator("#badge")).ToHaveAttributeAsync("data-state", "live");

        await host.CallAsync("call.created", id, digits, DateTimeOffset.UtcNow);

        await Assertions.Expect(other.Locator("body")).ToHaveAttributeAsync("data-chime-elsewhere", "call");
        await Assertions.Expect(screen.Page.Locator("body")).ToHaveAttributeAsync("data-chimes", "1");
        Assert.Null(await other.GetAttributeAsync("body", "data-chimes"));
        await host.CallAsync("call.ended", id, digits, DateTimeOffset.UtcNow, isOver: true);
    }

    [BrowserFact]
    public async Task MissedCaller_IsOneRow_ClaimedByOneAndDone()
    {
        var (digits, began) = (Work.NewDigits(), DateTimeOffset.UtcNow.AddMinutes(-2));
        foreach (var (id, at) in new[] { ($"{Random.Shared.NextInt64(1_000_000_000)}", began), ($"{Random.Shared.NextInt64(1_000_000_000)}", began.AddMinutes(1)) })
        {
            await host.CallAsync("call.created", id, digits, at);
            await host.CallAsync("call.ended", id, digits, at, isOver: true);
        }

        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=calls]");
        var row = screen.Page.Locator($"#calls li[data-caller='{digits.Replace(" ", "", StringComparison.Ordinal)}']");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await row.HasTextAsync("2 times since");
        await row.Locator("[data-action=claim]").ClickAsync();
        await row.HasTextAsync("until \\d\\d:\\d\\d");
        await row.Locator("[data-action=done]").ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Voicemail_IsHeardBesideTheScreen()
    {
        const string Sound = "https://aircall.example/voicemail/1";
        var (digits, began, id) = (Work.NewDigits(), DateTimeOffset.UtcNow.AddMinutes(-2), $"{Random.Shared.NextInt64(1_000_000_000)}");
        await host.CallAsync("call.created", id, digits, began);
        await host.CallAsync("call.ended", id, digits, began, isOver: true, voicemail: Sound);
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.Context.RouteAsync("https://aircall.example/**", route => route.FulfillAsync(new() { Body = "sound" }));
        await screen.Page.ClickAsync("#views [data-view=calls]");
        var row = screen.Page.Locator($"#calls li[data-caller='{digits.Replace(" ", "", StringComparison.Ordinal)}']");

        var heard = await screen.Page.Context.RunAndWaitForPageAsync(() => row.GetByRole(AriaRole.Button, new() { Name = "Voicemail" }).ClickAsync());

        await heard.WaitForURLAsync(Sound);
        await heard.CloseAsync();
    }

    [BrowserFact]
    public async Task WhatWasSaid_IsReadAboveTheCalls_AndGoneOnceItIsClosed()
    {
        var (digits, began, id) = (Work.NewDigits(), DateTimeOffset.UtcNow.AddMinutes(-2), $"{Random.Shared.NextInt64(1_000_000_000)}");
        await host.CallAsync("call.answered", id, digits, began, isAnswered: true);
        await host.CallAsync("call.ended", id, digits, began, isAnswered: true, isOver: true);
        await host.AircallAsync("summary.created", new { id = 1, call_id = id, content = "De laadpaal <b>knippert</b> rood." });
        await host.AircallAsync("transcription.created", new
        {
            id = 2, call_id = id, content = new
            {
                language = "nl", utterances = new object[]
                {
                    new { start_time = 62, text = "Hij doet het niet.", participant_type = "external" }, new { start_time = 65, text = "We komen langs.", participant_type = "internal", user_id = 501 },
                },
            },
        });
        await host.AircallAsync("sentiment.created", new { id, call_id = id, participants = new[] { new { value = "NEGATIVE", type = "external" } } });
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=calls]");
        var row = screen.Page.Locator("#calls li[data-call]").Filter(new() { HasText = digits.Replace(" ", "", StringComparison.Ordinal) });

        await row.GetByRole(AriaRole.Button, new() { Name = "What was said" }).ClickAsync();

        var sheet = screen.Page.Locator("#call-text");
        await Assertions.Expect(sheet).ToBeVisibleAsync();
        await Assertions.Expect(sheet).ToContainTextAsync("De laadpaal <b>knippert</b> rood.");
        await Assertions.Expect(sheet).ToContainTextAsync("displeased");
        await Assertions.Expect(sheet.Locator("dt")).ToContainTextAsync(["Customer 1:02", "Bo 1:05"]);
        await Assertions.Expect(sheet.Locator("dd")).ToContainTextAsync(["Hij doet het niet.", "We komen langs."]);
        await screen.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(sheet.Locator("dd")).ToHaveCountAsync(0);
    }
}
