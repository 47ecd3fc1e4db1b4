using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>Moments at the edge: without data, on another day, on a day that is longer, out of reach.</summary>
[Collection(FleetCollection.Name)]
public sealed class ReplayMomentTests(ScreenHost host)
{
    private static readonly TimeZoneInfo Amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    [BrowserFact]
    public async Task Moment_ThatIsNotKept_ShowsNoVansOfAnother()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.4, 5.9, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync();
        await screen.SearchAsync(plate);
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Row(plate)).ToBeVisibleAsync();

        await screen.Page.FillAsync("#replay-date", Local(DateTimeOffset.UtcNow.AddYears(-10)));

        await screen.Page.Locator("#replay-fault").HasTextAsync("not kept any more");
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Moment_ThatDidNotCome_IsAskedForAgainByPlaying()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.4, 5.95, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync();
        await screen.SearchAsync(plate);
        await screen.Page.RouteAsync("**/api/fleet?at=*", route => route.AbortAsync());
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Page.Locator("#replay-fault")).Not.ToBeEmptyAsync();
        await screen.Page.UnrouteAllAsync();

        await screen.Page.ClickAsync("#replay-play");

        await Assertions.Expect(screen.Row(plate)).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.Locator("#replay-fault")).ToBeEmptyAsync();
    }

    [BrowserFact]
    public async Task Panel_ShowsTheDayOfTheMoment_AfterAJumpToAnother()
    {
        var (id, plate) = await host.CreateVanAsync();
        var yesterday = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, Amsterdam).Date.AddHours(-12);
        var noon = new DateTimeOffset(yesterday, Amsterdam.GetUtcOffset(yesterday));
        for (var i = 0; i < 3; i++)
        {
            await host.FixAsync(id, 52.4 + i * 0.001, 5.85, noon.AddSeconds(20 * i));
        }

        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await screen.Page.Locator("#panel-track").HasTextAsync("No fixes");

        await screen.Page.ClickAsync("#replay-open");
        await screen.Page.FillAsync("#replay-date", Local(noon.AddHours(1)));
        await screen.Page.Locator("#panel-track").HasTextAsync("^3 fixes");
        var trips = screen.Page.GetByRole(AriaRole.Heading, new() { Name = "Trips" });
        await Assertions.Expect(trips).ToContainTextAsync($"Trips of {yesterday.Day} ");

        await screen.Page.ClickAsync("#replay-close");
        await screen.Page.Locator("#panel-track").HasTextAsync("No fixes");
    }

    [BrowserFact]
    public async Task Slider_IsAsLongAsTheDay()
    {
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#replay-open");
        var slider = screen.Page.Locator("#replay-slider");

        await screen.Page.FillAsync("#replay-date", "2025-10-26T12:00");
        await Assertions.Expect(slider).ToHaveAttributeAsync("max", "89999");

        await screen.Page.FillAsync("#replay-date", "2025-03-30T12:00");
        await Assertions.Expect(slider).ToHaveAttributeAsync("max", "82799");
    }

    [BrowserFact]
    public async Task Slider_OfToday_EndsNow_AndAMomentToComeIsRefused()
    {
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#replay-open");
        var shown = await screen.Page.Locator("#replay-now").TextContentAsync();
        var passed = DateTimeOffset.UtcNow - MidnightBefore(DateTimeOffset.UtcNow.AddMinutes(-10));
        var most = await screen.Page.EvaluateAsync<double>("Number(document.querySelector('#replay-slider').max)");
        Assert.InRange(most, Math.Min(passed.TotalSeconds, 82_799) - 60, passed.TotalSeconds + 5);

        await screen.Page.FillAsync("#replay-date", Local(DateTimeOffset.UtcNow.AddDays(2)));

        await Assertions.Expect(screen.Page.Locator("#replay-fault")).ToHaveTextAsync("That moment is still to come.");
        await Assertions.Expect(screen.Page.Locator("#replay-now")).ToHaveTextAsync(shown!);
    }

    [BrowserFact]
    public async Task Replay_SaysOfWhichMoment_AndHidesWhatIsOfNow()
    {
        var (id, _) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.4, 5.75, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync();
        await host.ActAsync(id, "drive");
        await Assertions.Expect(screen.StatusChangesOf(id)).ToHaveCountAsync(1);

        await screen.Page.ClickAsync("#replay-open");
        await screen.Page.FillAsync("#replay-date", Local(DateTimeOffset.UtcNow.AddMinutes(-11)));

        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "replaying");
        await screen.Badge.HasTextAsync(@"^Replay\d\d:\d\d:00$|^Replay\d+ \w+ \d\d:\d\d$");
        // Other tests' vans may do something meanwhile.
        await screen.Events.HasTextAsync(@"^(Nothing has happened now since you look back\.|Hidden while you look back: \d+ events? of now\.)$");
        await host.ActAsync(id, "park");
        await screen.Events.HasTextAsync(@"^Hidden while you look back: \d+ events? of now\.$");
        Assert.DoesNotContain("Live", await screen.Page.Locator("#app").InnerTextAsync(), StringComparison.Ordinal);

        await screen.Page.ClickAsync("#replay-close");
        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "live");
        await Assertions.Expect(screen.StatusChangesOf(id)).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task Slider_StaysInTheHand_WhileTheReplayRuns()
    {
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#replay-open");
        await screen.Page.ClickAsync("#replay-play");

        var held = await screen.Page.EvaluateAsync<string>(
            """
            new Promise(done => {
              const slider = document.querySelector('#replay-slider');
              slider.value = '15';
              slider.dispatchEvent(new Event('input'));
              setTimeout(() => {
                done(slider.value);
                slider.dispatchEvent(new Event('change'));
              }, 700);
            })
            """);

        Assert.Equal("15", held);
        await screen.Page.Locator("#replay-now").HasTextAsync("00:00:[1-5]");
    }

    [BrowserFact]
    public async Task Phone_HasTheMapsButtonsBesideTheBar_WithAFaultInItToo()
    {
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844);
        await screen.Page.ClickAsync("#replay-open");
        await screen.Page.FillAsync("#replay-date", Local(DateTimeOffset.UtcNow.AddYears(-10)));
        await Assertions.Expect(screen.Page.Locator("#replay-fault")).Not.ToBeEmptyAsync();

        var tools = (await screen.Page.Locator(".map-tools").BoundingBoxAsync())!;
        var bar = (await screen.Page.Locator("#replay-bar").BoundingBoxAsync())!;

        Assert.True(tools.Y + tools.Height <= bar.Y, $"The buttons end at {tools.Y + tools.Height}, the bar begins at {bar.Y}.");
    }

    private static DateTimeOffset MidnightBefore(DateTimeOffset at)
    {
        var day = TimeZoneInfo.ConvertTime(at, Amsterdam).Date;
        return new(day, Amsterdam.GetUtcOffset(day));
    }

    /// <summary>As the page's field takes a time; its clock is Amsterdam's.</summary>
    private static string Local(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Amsterdam).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
