using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The day schedule: visits are put on crews and hours by pointer and by keyboard.</summary>
[Collection(DeskCollection.Name)]
public sealed class ScheduleTests(ScreenHost host)
{
    // A working day of its own, so that no other test's visits are in the way.
    private const string Day = "2027-03-02";

    private static readonly DateTimeOffset Nine = new(2027, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [BrowserFact]
    public async Task Drag_SaysWhatItWouldMean_BeforeTheDrop_AndIsUndone()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await using var screen = await OpenAsync(job.Customer);
        var card = screen.Page.Locator($".tray [data-visit='{job.Visit}']");
        await DragAsync(screen, card, crew.Name, 10);
        var tip = screen.Page.Locator("#schedule .tip");
        await tip.HasTextAsync($"{crew.Plate} 10:00–11:00 · .*(nothing against it|Place)");
        Assert.Equal("draft", (await host.ReadAsync($"/api/visits/{job.Visit}")).GetProperty("status").GetString());
        await screen.Page.Mouse.UpAsync();

        await Assertions.Expect(Bar(screen, crew.Name, job.Visit)).ToHaveAttributeAsync("aria-label", new Regex(", 10:00–11:00,"));
        await screen.Page.Locator("#notice").HasTextAsync($"Planned on {crew.Plate} at 10:00");
        var planned = await host.ReadAsync($"/api/visits/{job.Visit}");
        Assert.Equal(("scheduled", "2027-03-02T09:00:00Z", crew.Team), (planned.GetProperty("status").GetString(), planned.GetProperty("scheduledStart").GetString(), planned.GetProperty("teamId").GetGuid()));

        await screen.Page.Keyboard.PressAsync("Control+z");
        await screen.Page.Locator("#notice").HasTextAsync("Undone");
        await Assertions.Expect(card).ToBeVisibleAsync();
        Assert.Equal("draft", (await host.ReadAsync($"/api/visits/{job.Visit}")).GetProperty("status").GetString());
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Keyboard_LiftsMovesAndDrops_AndSaysTheSameAsThePointer()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await PlanAsync(job.Visit, Nine, crew);
        await using var screen = await OpenAsync(job.Customer);
        var bar = Bar(screen, crew.Name, job.Visit);
        await bar.FocusAsync();
        await screen.Page.Keyboard.PressAsync("Space");
        for (var i = 0; i < 4; i++)
        {
            await screen.Page.Keyboard.PressAsync("ArrowRight");
        }

        await screen.Page.Locator("#schedule [role=status]").Last.HasTextAsync($"{crew.Plate} 10:00–11:00 · .*(nothing against it|Place)");
        await screen.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-label", new Regex("^09:00 "));
        await screen.Page.Keyboard.PressAsync("Space");
        await screen.Page.Keyboard.PressAsync("Shift+ArrowRight");
        await screen.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-label", new Regex(", 09:05–10:05,"));
        await screen.Page.Locator("#notice").HasTextAsync("at 09:05");
        await screen.Page.Keyboard.PressAsync("Control+z");
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-label", new Regex(", 09:00–10:00,"));
    }

    [BrowserFact]
    public async Task Overlap_IsToldBeforeTheDrop_AndAfterItTheServersRefusalIsShown()
    {
        var (first, second, crew) = (await host.NewJobAsync(), await host.NewJobAsync(), await host.NewCrewAsync());
        await PlanAsync(first.Visit, Nine, crew);
        await using var screen = await OpenAsync("");
        var card = screen.Page.Locator($".tray [data-visit='{second.Visit}']");
        await screen.Page.FillAsync("#sought", second.Customer);
        await DragAsync(screen, card, crew.Name, 9.25);
        var tip = screen.Page.Locator("#schedule .tip");
        await tip.HasTextAsync("Overlap: ");
        await Assertions.Expect(tip).ToHaveAttributeAsync("data-tone", "bad");
        await screen.Page.Mouse.UpAsync();

        await screen.Page.Locator("#notice").HasTextAsync("There is another visit at that time");
        await Assertions.Expect(card).ToBeVisibleAsync();
        Assert.Equal("draft", (await host.ReadAsync($"/api/visits/{second.Visit}")).GetProperty("status").GetString());
    }

    [BrowserFact]
    public async Task MoveOfSomebodyElse_ThatCameFirst_IsNotOverwritten()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await PlanAsync(job.Visit, Nine, crew);
        await using var screen = await OpenAsync(job.Customer);
        var bar = Bar(screen, crew.Name, job.Visit);
        await bar.FocusAsync();
        await screen.Page.Keyboard.PressAsync("Space");
        await screen.Page.Keyboard.PressAsync("ArrowRight");
        await PlanAsync(job.Visit, Nine.AddHours(3), crew, "reschedule");
        await screen.HearsAsync($"{job.Visit}", "visit.");
        await screen.Page.Keyboard.PressAsync("Enter");

        await screen.Page.Locator("#notice").HasTextAsync($"Somebody else planned it in the meantime: {crew.Plate} at 12:00");
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-label", new Regex(", 12:00–13:00,"));
        Assert.Equal("2027-03-02T11:00:00Z", (await host.ReadAsync($"/api/visits/{job.Visit}")).GetProperty("scheduledStart").GetString());
    }

    [BrowserFact]
    public async Task LiftByKeyboard_EndsWhereTheReaderTurnsToSomethingElse()
    {
        var (job, other, crew) = (await host.NewJobAsync(), await host.NewJobAsync(), await host.NewCrewAsync());
        await PlanAsync(other.Visit, Nine.AddHours(4), crew);
        await using var screen = await OpenAsync("");
        var page = screen.Page;
        var (card, bar, lifting) = (page.Locator($".tray [data-visit='{job.Visit}']"), Bar(screen, crew.Name, other.Visit), page.Locator("#schedule.lifting"));
        foreach (var turn in (Func<Task>[])[() => bar.ClickAsync(), () => bar.FocusAsync(), () => page.Keyboard.PressAsync("]")])
        {
            await page.FillAsync("#sought", job.Customer);
            await Assertions.Expect(card).ToBeVisibleAsync();
            await page.FillAsync("#sought", "");
            await card.FocusAsync();
            await page.Keyboard.PressAsync("Space");
            await Assertions.Expect(lifting).ToHaveCountAsync(1);
            await turn();
            await Assertions.Expect(lifting).ToHaveCountAsync(0);
        }

        Assert.Equal(("draft", 1L), await StateAsync(job.Visit));
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Arrows_WithAVisitInTheHand_GoToTheNextRowAsShown()
    {
        var jobs = new[] { await host.NewJobAsync(), await host.NewJobAsync() };
        var vans = new[] { await host.CreateVanAsync(), await host.CreateVanAsync() }.OrderBy(van => van.Plate, StringComparer.Ordinal).ToArray();
        await host.NewCrewAsync();
        await AloneAsync(jobs[1].Visit, vans[1].Id, 6);
        await using var screen = await OpenAsync("");
        await Assertions.Expect(screen.Page.Locator($".line[data-row='van:{vans[1].Id}']")).ToBeVisibleAsync();
        // A row that comes while the table is open stands before one that was there.
        await AloneAsync(jobs[0].Visit, vans[0].Id, 6);
        var bar = screen.Page.Locator($".line[data-row='van:{vans[0].Id}'] .slot");
        await bar.FocusAsync();
        await screen.Page.Keyboard.PressAsync("Space");
        await screen.Page.Keyboard.PressAsync("ArrowDown");

        await Assertions.Expect(screen.Page.Locator($".line[data-row='van:{vans[0].Id}'] + .line.target")).ToHaveCountAsync(1);
        await screen.Page.Keyboard.PressAsync("Escape");
    }

    [BrowserFact]
    public async Task Move_FromATeamToAVanAlone_LeavesTheTeam_AndComesBackWhenUndone()
    {
        var (job, other, crew) = (await host.NewJobAsync(), await host.NewJobAsync(), await host.NewCrewAsync());
        var van = await host.CreateVanAsync();
        await PlanAsync(job.Visit, Nine, crew);
        await AloneAsync(other.Visit, van.Id, 5);
        await using var screen = await OpenAsync("");
        await DragToAsync(screen, Bar(screen, crew.Name, job.Visit), screen.Page.Locator($".line[data-row='van:{van.Id}'] .lane"), 10);
        await screen.Page.Mouse.UpAsync();
        await screen.Page.Locator("#notice").HasTextAsync($"Planned on {van.Plate} at 10:");
        Assert.Equal((null, van.Id), await CrewOfAsync(job.Visit));

        await screen.Page.Keyboard.PressAsync("Control+z");
        await screen.Page.Locator("#notice").HasTextAsync("Undone");
        Assert.Equal((crew.Team, crew.Van), await CrewOfAsync(job.Visit));

        await DragToAsync(screen, screen.Page.Locator($".slot[data-visit='{other.Visit}']"), screen.Page.Locator($".line[data-row='team:{crew.Team}'] .lane"), 14);
        await screen.Page.Mouse.UpAsync();
        await screen.Page.Locator("#notice").HasTextAsync($"Planned on {crew.Plate} at 14:");
        await screen.Page.Keyboard.PressAsync("Control+z");
        await screen.Page.Locator("#notice").HasTextAsync("Undone");
        Assert.Equal((null, van.Id), await CrewOfAsync(other.Visit));
    }

    [BrowserFact]
    public async Task MoveOfSomebodyElse_IsOverwritten_OnlyWhereTheReaderSaysSo()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await PlanAsync(job.Visit, Nine, crew);
        await using var screen = await OpenAsync(job.Customer);
        await Bar(screen, crew.Name, job.Visit).FocusAsync();
        await screen.Page.Keyboard.PressAsync("Space");
        await screen.Page.Keyboard.PressAsync("ArrowRight");
        await PlanAsync(job.Visit, Nine.AddHours(3), crew, "reschedule");
        await screen.HearsAsync($"{job.Visit}", "visit.");
        await screen.Page.Keyboard.PressAsync("Enter");
        var notice = screen.Page.Locator("#notice");
        await notice.HasTextAsync($"Somebody else planned it in the meantime: {crew.Plate} at 12:00 ");

        // It takes nothing back: the key of undo does nothing.
        await screen.Page.Keyboard.PressAsync("Control+z");
        await notice.GetByText("Move anyway").ClickAsync();
        await notice.HasTextAsync($"Planned on {crew.Plate} at 09:15");
        Assert.Equal("2027-03-02T08:15:00Z", (await host.ReadAsync($"/api/visits/{job.Visit}")).GetProperty("scheduledStart").GetString());
    }

    [BrowserFact]
    public async Task Form_ThatWasOpenWhileSomebodyElsePlanned_ShowsTheirs_AndOverwritesNothing()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await PlanAsync(job.Visit, Nine, crew);
        await using var screen = await OpenAsync(job.Customer);
        await Bar(screen, crew.Name, job.Visit).ClickAsync();
        await screen.Page.Locator("#work-visit [data-action=reschedule]").ClickAsync();
        var (form, start) = (screen.Page.Locator("#work-visit form.confirm"), screen.Page.Locator("#work-visit input[type=datetime-local]"));
        await start.FillAsync("2027-03-02T16:00");
        await PlanAsync(job.Visit, Nine.AddHours(3), crew, "reschedule");
        await screen.HearsAsync($"{job.Visit}", "visit.");
        await form.Locator("[type=submit]").ClickAsync();

        await form.HasTextAsync($"Somebody else planned it in the meantime: {crew.Plate} at 12:00");
        await Assertions.Expect(start).ToHaveValueAsync("2027-03-02T12:00");
        Assert.Equal("2027-03-02T11:00:00Z", (await host.ReadAsync($"/api/visits/{job.Visit}")).GetProperty("scheduledStart").GetString());

        // Nobody is a choice as well, and now it is the version that was seen.
        await form.Locator("select").SelectOptionAsync("");
        await form.Locator("[type=submit]").ClickAsync();
        await Assertions.Expect(form).ToHaveCountAsync(0);
        Assert.Equal((null, null), await CrewOfAsync(job.Visit));
    }

    [BrowserFact]
    public async Task Paper_HasEachVisitAtItsHour_AndTheWholeDay()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await PlanAsync(job.Visit, Nine.AddHours(5), crew);
        await using var screen = await OpenAsync(job.Customer);
        await Assertions.Expect(Bar(screen, crew.Name, job.Visit)).ToBeVisibleAsync();
        await screen.PrintAsync();

        var hour = screen.Page.Locator(".hours .hour").GetByText("14:00");
        var (head, bar) = ((await hour.BoundingBoxAsync())!, (await Bar(screen, crew.Name, job.Visit).BoundingBoxAsync())!);
        Assert.InRange(bar.X - head.X, -2, 2);
        Assert.InRange(bar.Width - head.Width, -2, 2);
        var last = (await screen.Page.Locator(".hours .hour").Last.BoundingBoxAsync())!;
        Assert.InRange(last.X + last.Width, 0, 1032);
    }

    [BrowserFact]
    public async Task DayStepper_AndItsKeys_AreInTheAddress()
    {
        await host.NewCrewAsync();
        await using var screen = await OpenAsync("");
        await screen.Page.Keyboard.PressAsync("]");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("dag=2027-03-03"));
        await screen.Page.ClickAsync("#day-before");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("dag=2027-03-02"));
        await screen.Page.Keyboard.PressAsync("t");
        await Assertions.Expect(screen.Page).Not.ToHaveURLAsync(new Regex("[?&]dag="));
        await Assertions.Expect(screen.Page.Locator("#day-today")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Text_OfACrewAndOfACard_IsNotCutOff()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await Work.IdAsync(host, $"/api/teams/{crew.Team}/members", new { contactId = job.Contact, role = "installer", validFrom = Day });
        var visit = await Work.IdAsync(host, $"/api/orders/{job.Order}/visits", new
        {
            visitType = "service", estimatedMinutes = 60, requiredSkills = new[] { "single_phase", "three_phase" },
            windowStart = Nine, windowEnd = Nine.AddHours(4),
        });
        await using var screen = await OpenAsync(job.Customer);
        var who = screen.Page.Locator($".tray [data-visit='{visit}'] .card-who");
        var name = screen.Page.Locator(".line").Filter(new() { HasText = crew.Name }).Locator(".row-name");

        await Assertions.Expect(who).ToHaveTextAsync("nobody yet");
        await Assertions.Expect(name.Locator("..")).ToContainTextAsync("De Vries");
        Assert.True(await who.EvaluateAsync<bool>("who => who.scrollWidth <= who.clientWidth && who.getBoundingClientRect().right <= who.parentElement.getBoundingClientRect().right"));
        Assert.True(await name.EvaluateAsync<bool>("name => name.scrollHeight <= name.clientHeight"));
    }

    private static ILocator Bar(DispatchPage screen, string crew, Guid visit) =>
        screen.Page.Locator(".line").Filter(new() { HasText = crew }).Locator($".slot[data-visit='{visit}']");

    private static async Task DragAsync(DispatchPage screen, ILocator card, string crew, double hour)
    {
        await DragToAsync(screen, card, screen.Page.Locator(".line").Filter(new() { HasText = crew }).Locator(".lane"), hour);
    }

    private static async Task DragToAsync(DispatchPage screen, ILocator card, ILocator line, double hour)
    {
        await Assertions.Expect(card).ToBeVisibleAsync();
        await line.ScrollIntoViewIfNeededAsync();
        var first = await screen.Page.EvaluateAsync<int>("parseInt(document.querySelector('.hours .hour').textContent)");
        var (from, to) = ((await card.BoundingBoxAsync())!, (await line.BoundingBoxAsync())!);
        await screen.Page.Mouse.MoveAsync(from.X + 12, from.Y + 12);
        await screen.Page.Mouse.DownAsync();
        await screen.Page.Mouse.MoveAsync(from.X + 40, from.Y + 30);
        await screen.Page.Mouse.MoveAsync((float)(to.X + ((hour - first) * 66) + 12), to.Y + (to.Height / 2), new() { Steps = 4 });
    }

    private async Task<(string? Status, long Version)> StateAsync(Guid visit)
    {
        var now = await host.ReadAsync($"/api/visits/{visit}");
        return (now.GetProperty("status").GetString(), now.GetProperty("version").GetInt64());
    }

    private async Task<(Guid? Team, Guid? Van)> CrewOfAsync(Guid visit)
    {
        var now = await host.ReadAsync($"/api/visits/{visit}");
        return (IdOf("teamId"), IdOf("vehicleId"));

        Guid? IdOf(string name) => now.TryGetProperty(name, out var id) && id.ValueKind == System.Text.Json.JsonValueKind.String ? id.GetGuid() : null;
    }

    /// <summary>Plans it for a van without a team, hours after nine.</summary>
    private Task AloneAsync(Guid visit, Guid van, int hours) =>
        host.ActAsync($"visits/{visit}", "schedule", new { scheduledStart = Nine.AddHours(hours), scheduledEnd = Nine.AddHours(hours + 1), vehicleId = van });

    private Task PlanAsync(Guid visit, DateTimeOffset start, (Guid Team, Guid Van, string Plate, string Name) crew, string action = "schedule") =>
        host.ActAsync($"visits/{visit}", action, new { scheduledStart = start, scheduledEnd = start.AddHours(1), teamId = crew.Team, vehicleId = crew.Van });

    private async Task<DispatchPage> OpenAsync(string sought)
    {
        var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/dag?dag={Day}&werk={Uri.EscapeDataString(sought)}");
        await Assertions.Expect(screen.Page.Locator(".line").First).ToBeVisibleAsync();
        return screen;
    }
}
