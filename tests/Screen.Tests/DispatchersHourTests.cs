using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace ChargeCars.Screen.Tests;

/// <summary>An hour at the desk, in one window: nothing is loaded anew, and no id is typed.</summary>
[Collection(DeskCollection.Name)]
public sealed class DispatchersHourTests(ScreenHost host, ITestOutputHelper output)
{
    // Counts what the dispatcher does; the page counts, as this test sees only what it sends.
    private const string Counter = """
        window.hands = { clicks: 0, keys: 0, loads: 1 };
        addEventListener('click', event => event.isTrusted && event.detail && window.hands.clicks++, true);
        addEventListener('keydown', event => event.isTrusted && !['Shift', 'Control'].includes(event.key) && window.hands.keys++, true);
        """;

    [BrowserFact(IsOfTheDay = true)]
    public async Task Hour_FromTheCallToTheAnswer_AtOneDesk()
    {
        var (job, late, crew, digits) = (await host.NewJobAsync(), await host.NewJobAsync(), await host.NewCrewAsync(), Work.NewDigits());
        await Work.IdAsync(host, "/api/phone-numbers", new { phoneNumber = digits, contactId = job.Contact });
        await host.PlanAsync(job.Visit, 20, crew.Van);
        var mailbox = $"desk-{Guid.NewGuid():n}@chargecars.example";
        var entity = (await host.ReadAsync("/api/business-entities?limit=50")).GetProperty("items").EnumerateArray()
            .Single(one => one.GetProperty("entityCode").GetString() == "chargecars").GetProperty("id").GetGuid();
        await Work.IdAsync(host, "/api/communication-channels", new { businessEntityId = entity, channel = "email", name = "Desk", address = mailbox });
        await using var screen = await host.OpenAsync(script: Counter);
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await screen.Page.EvaluateAsync("window.hands.clicks = window.hands.keys = 0");
        var page = screen.Page;

        // A customer calls, and asks where the van is.
        var (ring, rang) = ($"{Random.Shared.NextInt64(1_000_000_000)}", DateTimeOffset.UtcNow);
        await host.CallAsync("call.created", ring, digits, rang);
        var call = page.Locator(".call-card").Filter(new() { HasText = "De Vries" });
        await Assertions.Expect(call.Locator(".call-visit")).ToContainTextAsync(crew.Plate);
        await call.Locator(".call-visit").ClickAsync();
        await Assertions.Expect(page.Locator("#work-facts")).ToContainTextAsync(crew.Plate);
        await call.Locator("[data-close]").ClickAsync();
        // Other tests' pages are not to show it.
        await host.CallAsync("call.ended", ring, digits, rang, isAnswered: true, isOver: true);
        await TellAsync("a call, and where the van is");

        // They want something more: an order is made.
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.TypeAsync(job.Customer);
        await Assertions.Expect(page.Locator("#chooser-list [role=option]").First).ToContainTextAsync(job.Customer);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#chooser-title")).ToHaveTextAsync("Under which of our names?");
        await Assertions.Expect(page.Locator("#chooser-list [role=option]").First).ToContainTextAsync("ChargeCars");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#chooser-title")).ToHaveTextAsync("What kind of order?");
        await page.Keyboard.TypeAsync("serv");
        await Assertions.Expect(page.Locator("#chooser-list [role=option]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#notice").HasTextAsync("Order CC-.* is made");
        await Assertions.Expect(page.Locator("#work-status")).ToHaveTextAsync("to plan");
        var number = await page.Locator("#work-title").TextContentAsync();
        var visit = Regex.Match(page.Url, "bezoek:([0-9a-f-]{36})").Groups[1].Value;
        await TellAsync("an order");

        // Planned by drag: first where somebody else is served, which is refused.
        await page.ClickAsync("#views [data-view=day]");
        await page.FillAsync("#sought", job.Customer);
        await DragAsync(page, $".tray [data-visit='{visit}']", crew.Name, 20.25);
        await page.Locator("#schedule .tip").HasTextAsync("Overlap: ");
        await page.Mouse.UpAsync();
        await page.Locator("#notice").HasTextAsync("There is another visit at that time");
        await Assertions.Expect(page.Locator($".tray [data-visit='{visit}']")).ToBeVisibleAsync();
        await DragAsync(page, $".tray [data-visit='{visit}']", crew.Name, 18);
        await page.Locator("#schedule .tip").HasTextAsync($"{crew.Plate} 18:00–19:00 · ");
        await page.Mouse.UpAsync();
        await page.Locator("#notice").HasTextAsync($"Planned on {crew.Plate} at 18:00");
        await TellAsync("planned by drag, with a refusal on the way");

        // The van will be late: an hour later, by keys.
        var bar = page.Locator($".slot[data-visit='{visit}']");
        await bar.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        for (var i = 0; i < 4; i++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#notice").HasTextAsync($"Planned on {crew.Plate} at 19:00");
        await TellAsync("moved");

        // The customer is told, and answers.
        await page.ClickAsync("#work-write [data-write=email]");
        await Assertions.Expect(page.Locator("#thread-title")).ToHaveTextAsync(number!);
        await page.ClickAsync("#composer-text");
        await page.Keyboard.TypeAsync("We komen om zeven uur.");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("#thread-messages [data-kind=ours]")).ToContainTextAsync("We komen om zeven uur.");
        var thread = Regex.Match(page.Url, "gesprek:([0-9a-f-]{36})").Groups[1].Value;
        var sent = (await host.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items")[0];
        await AnswerAsync(mailbox, $"{sent.GetProperty("recipientEmails")[0]}", number!, $"{sent.GetProperty("externalMessageId")}");
        await Assertions.Expect(page.Locator("#thread-messages [data-kind=theirs]")).ToContainTextAsync("Prima, tot dan.");
        await TellAsync("the customer is told, and answers");

        // A visit of another van is late, and somebody has done something about it.
        var start = DateTimeOffset.UtcNow.AddMinutes(-40);
        await host.ActAsync($"visits/{late.Visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = (await host.CreateVanAsync()).Id });
        await page.ClickAsync("#views [data-view=alerts]");
        var alert = page.Locator("#alerts [data-type=visit_late]").Filter(new() { HasText = late.Customer });
        await alert.HasTextAsync("min late");
        await alert.Locator("[data-do=done]").ClickAsync();
        await Assertions.Expect(alert).ToHaveCountAsync(0);
        await TellAsync("an alert is done");

        Assert.Equal(1, await page.EvaluateAsync<int>("window.hands.loads"));
        Assert.Equal("scheduled", (await host.ReadAsync($"/api/visits/{visit}")).GetProperty("status").GetString());
        // The browser notes the refused drop; nothing else went wrong.
        Assert.All(screen.Faults, fault => Assert.Contains("409", fault, StringComparison.Ordinal));

        async Task TellAsync(string what)
        {
            var hands = await page.EvaluateAsync<int[]>("[window.hands.clicks, window.hands.keys]");
            output.WriteLine($"{what}: {hands[0]} clicks, {hands[1]} keys");
            Assert.True(hands[0] + hands[1] < 60, $"{what} took {hands[0]} clicks and {hands[1]} keys");
            await page.EvaluateAsync("window.hands.clicks = window.hands.keys = 0");
        }
    }

    private static async Task DragAsync(IPage page, string card, string crew, double hour)
    {
        var line = page.Locator(".line").Filter(new() { HasText = crew }).Locator(".lane");
        await Assertions.Expect(page.Locator(card)).ToBeVisibleAsync();
        // The panel leaves the evening out of sight.
        await page.EvaluateAsync("document.querySelector('.timetable').scrollLeft = 10000");
        await line.EvaluateAsync("lane => lane.scrollIntoView({ block: 'center', inline: 'end' })");
        var first = await page.EvaluateAsync<int>("parseInt(document.querySelector('.hours .hour').textContent)");
        var (from, to) = ((await page.Locator(card).BoundingBoxAsync())!, (await line.BoundingBoxAsync())!);
        await page.Mouse.MoveAsync(from.X + 12, from.Y + 12);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(from.X + 40, from.Y + 30);
        await page.Mouse.MoveAsync((float)(to.X + ((hour - first) * 66) + 12), to.Y + (to.Height / 2), new() { Steps = 4 });
    }

    private async Task AnswerAsync(string mailbox, string from, string subject, string answered)
    {
        var mail = string.Join("\r\n",
            $"From: Anna <{from}>", $"To: {mailbox}", $"Message-ID: <{Guid.NewGuid():n}@example.nl>", $"In-Reply-To: <{answered.Trim('<', '>')}>", $"References: <{answered.Trim('<', '>')}>",
            $"Subject: Re: {subject}", $"Date: {DateTimeOffset.UtcNow:r}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", "Prima, tot dan.", "");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(mail)) { Headers = { ContentType = MediaTypeHeaderValue.Parse("message/rfc822") } };
        using var answer = await host.Api.PostAsync("/api/messages/inbound/email", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
