using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The replay is of everything: board, day, calls and alerts as they stood at the moment, and nothing to be changed from there.</summary>
[Collection(DeskCollection.Name)]
public sealed class LookBackTests(ScreenHost host)
{
    private const string Reason = "What you see is the past. “Back to now” to do something.";

    [BrowserFact]
    public async Task Board_ShowsWhereTheVisitsStoodThen_AndNothingCanBeDoneFromThere()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(job.Visit, 22, crew.Van);
        var then = Past();
        await host.ActAsync($"visits/{job.Visit}", "confirm");
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/orders?werk={Uri.EscapeDataString(job.Customer)}&sel=bezoek:{job.Visit}");
        await Assertions.Expect(Column(screen, "confirmed").Locator(".card-item")).ToHaveCountAsync(1);
        await Assertions.Expect(screen.Page.Locator("#work-visit [data-action=depart]")).ToBeVisibleAsync();

        await GotoAsync(screen, $"orders?werk={Uri.EscapeDataString(job.Customer)}&sel=bezoek:{job.Visit}", then);

        await Assertions.Expect(Column(screen, "planned").Locator(".card-item")).ToContainTextAsync(crew.Plate);
        await Assertions.Expect(Column(screen, "confirmed").Locator(".card-item")).ToHaveCountAsync(0);
        await screen.Page.Locator("#desk-past").HasTextAsync($"As it stood at {Clock(then)}.*What you see is the past");
        await Assertions.Expect(screen.Page.Locator("#work-status")).ToHaveTextAsync("planned");
        await Assertions.Expect(screen.Page.Locator("#work-visit")).ToHaveTextAsync(Reason);
        await Assertions.Expect(screen.Page.Locator("#work-assign")).ToBeHiddenAsync();
        await Assertions.Expect(screen.Page.Locator("#order-new")).ToBeDisabledAsync();
        await AccessibilityTests.IsSoundAsync(screen, "the board of then");
        await screen.Page.Keyboard.PressAsync("a");
        await screen.Page.Locator("#notice").HasTextAsync("What you see is the past");

        // What happens now does not come into what stood then.
        await host.ActAsync($"visits/{job.Visit}", "cancel", new { reason = "no longer" });
        await screen.HearsAsync($"{job.Visit}", "cancelled");
        await Assertions.Expect(Column(screen, "planned").Locator(".card-item")).ToHaveCountAsync(1);

        await screen.Page.ClickAsync("#replay-close");
        await Assertions.Expect(screen.Page.Locator("#desk-past")).ToBeHiddenAsync();
        await Assertions.Expect(screen.Page.Locator("#board .card-item")).ToHaveCountAsync(0);
        await Assertions.Expect(screen.Page.Locator("#work-status")).ToHaveTextAsync("cancelled");
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Schedule_ShowsThePlanOfThen_AndSaysWhyNothingIsMoved()
    {
        const string Day = "2027-03-09";
        var (job, crew, nine) = (await host.NewJobAsync(), await host.NewCrewAsync(), new DateTimeOffset(2027, 3, 9, 8, 0, 0, TimeSpan.Zero));
        await PlanAsync("schedule", 0);
        var then = Past();
        await PlanAsync("reschedule", 3);
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/dag?dag={Day}&werk={Uri.EscapeDataString(job.Customer)}");
        var bar = screen.Page.Locator($".slot[data-visit='{job.Visit}']");
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-label", new Regex("^12:00 "));

        await GotoAsync(screen, $"dag?dag={Day}&werk={Uri.EscapeDataString(job.Customer)}", then);

        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-label", new Regex("^09:00 "));
        await bar.FocusAsync();
        await screen.Page.Keyboard.PressAsync("Space");
        await screen.Page.Locator("#notice").HasTextAsync("What you see is the past");
        await screen.Page.Locator("#notice button").ClickAsync();
        var box = (await bar.BoundingBoxAsync())!;
        await screen.Page.Mouse.MoveAsync(box.X + 6, box.Y + 6);
        await screen.Page.Mouse.DownAsync();
        await screen.Page.Mouse.MoveAsync(box.X + 90, box.Y + 6, new() { Steps = 3 });
        await screen.Page.Locator("#notice").HasTextAsync("What you see is the past");
        await Assertions.Expect(screen.Page.Locator(".ghost")).ToHaveCountAsync(0);
        await screen.Page.Mouse.UpAsync();

        await AccessibilityTests.IsSoundAsync(screen, "the day of then");

        // The present line is the moment's.
        await GotoAsync(screen, "dag", then);
        await Assertions.Expect(screen.Page.Locator(".now-line")).ToHaveTextAsync(Clock(then)[..5]);

        Task PlanAsync(string action, int hours) => host.ActAsync(
            $"visits/{job.Visit}", action, new { scheduledStart = nine.AddHours(hours), scheduledEnd = nine.AddHours(hours + 1), teamId = crew.Team, vehicleId = crew.Van });
    }

    [BrowserFact(IsOfTheDay = true)]
    public async Task Alerts_AreThoseOfThen_WhileThoseOfNowAreCounted()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=alerts]");
        var start = DateTimeOffset.UtcNow.AddMinutes(-40);
        await host.ActAsync($"visits/{job.Visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = crew.Van });
        var row = screen.Page.Locator("#alerts [data-type=visit_late]").Filter(new() { HasText = job.Customer });
        await Assertions.Expect(row).ToHaveCountAsync(1);
        var then = Past();
        await row.Locator("[data-do=done]").ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        var counted = await screen.Page.Locator("#count-alerts").TextContentAsync();

        await GotoAsync(screen, "meldingen", then);

        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row.Locator("[data-do=done]")).ToBeDisabledAsync();
        await Assertions.Expect(row.Locator("[data-do=done]")).ToHaveAttributeAsync("title", Reason);
        await AccessibilityTests.IsSoundAsync(screen, "the alerts of then");
        await row.Locator("[data-do=open]").FocusAsync();
        await screen.Page.Keyboard.PressAsync("s");
        await screen.Page.Locator("#notice").HasTextAsync("What you see is the past");
        Assert.Equal(counted, await screen.Page.Locator("#count-alerts").TextContentAsync());

        await screen.Page.ClickAsync("#replay-close");
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Calls_AreThoseThatHadBegunThen_AndWhoWasToBeCalledBack()
    {
        var (digits, id, began) = (Work.NewDigits(), $"{Random.Shared.NextInt64(1_000_000_000)}", DateTimeOffset.UtcNow.AddMinutes(-10));
        await host.CallAsync("call.created", id, digits, began);
        await host.CallAsync("call.ended", id, digits, began, isOver: true);
        var number = digits.Replace(" ", "", StringComparison.Ordinal);
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=calls]");
        var row = screen.Page.Locator($"#calls li[data-caller='{number}']");
        var call = screen.Page.Locator("#calls li[data-call]").Filter(new() { HasText = number });
        await row.Locator("[data-action=done]").ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);

        await GotoAsync(screen, "bellen", began.AddSeconds(20));
        await call.HasTextAsync("ringing");
        await Assertions.Expect(row).ToHaveCountAsync(0);

        await GotoAsync(screen, "bellen", began.AddMinutes(2));
        await Assertions.Expect(row.Locator("[data-action=done]")).ToBeDisabledAsync();
        await Assertions.Expect(row.Locator("a")).ToHaveCountAsync(0);
        await call.HasTextAsync("not answered");
        await AccessibilityTests.IsSoundAsync(screen, "the calls of then");

        await GotoAsync(screen, "bellen", began.AddSeconds(-5));
        await Assertions.Expect(call).ToHaveCountAsync(0);
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Phone_HasTheControlsBelowTheWork()
    {
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844);
        await GotoAsync(screen, "orders", DateTimeOffset.UtcNow.AddMinutes(-1));
        await Assertions.Expect(screen.Page.Locator("#desk-past-time")).Not.ToBeEmptyAsync();

        var (bar, desk) = ((await screen.Page.Locator("#replay-bar").BoundingBoxAsync())!, (await screen.Page.Locator("#desk").BoundingBoxAsync())!);

        Assert.True(await screen.Page.Locator("#replay-close").IsVisibleAsync());
        Assert.True(desk.Y + desk.Height <= bar.Y + 1, $"The work ends at {desk.Y + desk.Height}, the bar begins at {bar.Y}.");
        Assert.Equal(390, await screen.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [BrowserFact]
    public async Task Slider_ThatIsDragged_AsksOnceForTheWorkWhereItRests_AndGivesUpWhatWasOvertaken()
    {
        await using var screen = await host.OpenSignedInAsync();
        await GotoAsync(screen, "orders", DateTimeOffset.UtcNow.AddMinutes(-1));
        await Assertions.Expect(screen.Page.Locator("#desk-past-time")).Not.ToBeEmptyAsync();
        var (asked, failed) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        screen.Page.RequestFailed += (_, request) => failed.Enqueue(request.Url);
        await screen.Page.RouteAsync("**/api/desk?*at=*", async route =>
        {
            asked.Enqueue(route.Request.Url);
            if (asked.Count == 1)
            {
                first.SetResult();
                await held.Task;
            }

            try
            {
                await route.ContinueAsync();
            }
            catch (PlaywrightException)
            {
                // The page gave it up.
            }
        });

        await DragAsync(200, 5);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Single(asked);
        var rested = await screen.Page.RunAndWaitForResponseAsync(() => DragAsync(100, 4), answer => answer.Url.Contains("/api/desk?", StringComparison.Ordinal) && answer.Url.Contains("at=", StringComparison.Ordinal));
        held.SetResult();

        Assert.Equal(2, asked.Count);
        Assert.Equal(asked.Last(), rested.Url);
        Assert.Equal([asked.First()], failed.Where(url => url.Contains("/api/desk?", StringComparison.Ordinal)));

        // Many places, each of them let go: a hand that does not rest.
        Task DragAsync(int from, int places) => screen.Page.EvaluateAsync(
            """
            ([from, places]) => {
              const slider = document.querySelector('#replay-slider');
              for (let i = 0; i < places; i++) {
                slider.value = String(from - i * 15);
                slider.dispatchEvent(new Event('input'));
                slider.dispatchEvent(new Event('change'));
              }
            }
            """, new[] { from, places });
    }

    /// <summary>Until the answer is there nothing of the old moment stands under the new one, and an answer that comes late changes nothing.</summary>
    [BrowserFact(IsOfTheDay = true)]
    public async Task Moment_ThatIsWaitedFor_ShowsNothingOfTheOneBefore_AndALateAnswerIsDropped()
    {
        var (job, crew, before) = (await host.NewJobAsync(), await host.NewCrewAsync(), Past());
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=alerts]");
        var start = DateTimeOffset.UtcNow.AddMinutes(-40);
        await host.ActAsync($"visits/{job.Visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = crew.Van });
        var row = screen.Page.Locator("#alerts [data-type=visit_late]").Filter(new() { HasText = job.Customer });
        var desk = screen.Page.Locator("#desk");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        var then = Past();
        await GotoAsync(screen, "meldingen", then);
        await Assertions.Expect(row.Locator("[data-do=done]")).ToBeDisabledAsync();
        await Assertions.Expect(desk).ToHaveAttributeAsync("aria-busy", "false");

        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        await screen.Page.RouteAsync("**/api/alerts?*at=*", async route =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                await route.ContinueAsync();
                return;
            }

            await held.Task;
            try
            {
                await route.ContinueAsync();
            }
            catch (PlaywrightException)
            {
                // The page gave it up.
            }

            released.SetResult();
        });
        await GotoAsync(screen, "meldingen", before);
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await Assertions.Expect(desk).ToHaveAttributeAsync("aria-busy", "true");
        await Assertions.Expect(screen.Page.Locator("#desk-past-wait")).ToBeVisibleAsync();

        await GotoAsync(screen, "meldingen", then);
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(desk).ToHaveAttributeAsync("aria-busy", "false");
        held.SetResult();
        await released.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Assertions.Expect(screen.Page.Locator("#desk-past-wait")).ToBeHiddenAsync();
        await Assertions.Expect(row).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task Bar_OfADesk_HasRoomForEveryView()
    {
        foreach (var locale in (string[])["en-GB", "nl-NL"])
        {
            await using var screen = await host.OpenSignedInAsync(locale: locale);
            await screen.Page.ClickAsync("#replay-open");
            await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "replaying");

            var hidden = await screen.Page.EvaluateAsync<int>("(views => views.scrollWidth - views.clientWidth)(document.querySelector('#views'))");
            Assert.True(hidden == 0, $"{locale}: {hidden} pixels of the views are out of sight.");
        }
    }

    private static ILocator Column(DispatchPage screen, string name) => screen.Page.Locator($"[data-column={name}]");

    /// <summary>
    /// A moment after all that happened and before whatever follows. The address takes one to the millisecond, and a command may be
    /// carried out in the same.
    /// </summary>
    private static DateTimeOffset Past()
    {
        var now = DateTimeOffset.UtcNow;
        var moment = now.AddTicks(TimeSpan.TicksPerMillisecond - (now.Ticks % TimeSpan.TicksPerMillisecond));
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow > moment);
        return moment;
    }

    private Task<IResponse?> GotoAsync(DispatchPage screen, string view, DateTimeOffset then) => screen.Page.GotoAsync(
        $"{host.Url}#/{view}{(view.Contains('?', StringComparison.Ordinal) ? '&' : '?')}moment={then.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}");

    private static string Clock(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam")).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
