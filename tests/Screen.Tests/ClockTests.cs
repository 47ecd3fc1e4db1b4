using System.Globalization;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>A computer whose clock is wrong.</summary>
[Collection(FleetCollection.Name)]
public sealed class ClockTests(ScreenHost host)
{
    private const string TwentyMinutesFast =
        """
        const { now } = Date;
        Date.now = () => now() + 1_200_000;
        """;

    [BrowserFact]
    public async Task Clock_ThatIsFast_MakesNoVanOld_AndNoSessionEnd()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.ActAsync(id, "drive");
        await host.FixAsync(id, 52.3, 5.9, speed: 51);
        await using var screen = await host.OpenAsync(script: TwentyMinutesFast);
        var renewals = 0;
        screen.Page.Request += (_, request) => renewals += request.Url.EndsWith("/api/auth/refresh", StringComparison.Ordinal) ? 1 : 0;
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await screen.ChooseAsync(plate);

        await screen.Row(plate).HasTextAsync("51 km/h");
        await screen.Page.Locator("#panel-facts").HasTextAsync(@"Last fix\d+ s ago");
        Assert.Equal(0, renewals);
    }

    [BrowserFact]
    public async Task Computer_InAnotherZone_ShowsTheTimesAndTheDayOfTheWork()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(job.Visit, 0.5, crew.Van);
        await using var screen = await host.OpenAsync(zone: "America/New_York", still: true);
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await screen.Page.GotoAsync($"{host.Url}#/orders?sel=bezoek:{job.Visit}");

        await screen.Page.Locator("#work-facts").HasTextAsync(@"\b00:30\b");
        await Assertions.Expect(screen.Page.Locator("#board")).ToContainTextAsync(job.Customer);
        await screen.Page.ClickAsync("#replay-open");
        var shown = await screen.Page.InputValueAsync("#replay-date");
        Assert.InRange(DateTime.Parse(shown, CultureInfo.InvariantCulture), Now().AddMinutes(-13), Now().AddMinutes(-8));

        static DateTime Now() => TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam")).DateTime;
    }
}
