using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The page of a customer's link.</summary>
[Collection(DeskCollection.Name)]
public sealed class TrackPageTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Customer_ConfirmsTheAppointment_AndAsksForAnotherTime()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(job.Visit, (24 * 3) + 10, crew.Van);
        await using var visit = await host.VisitAsync($"/track/{await host.LinkAsync(job.Visit)}");
        var (page, title) = (visit.Page, visit.Page.Locator("#title"));
        await title.HasTextAsync("Your appointment is planned");
        await page.Locator("#time").HasTextAsync("10:00 – 12:00");

        await page.GetByRole(AriaRole.Button, new() { Name = "This time suits me" }).ClickAsync();
        await title.HasTextAsync("Your appointment is confirmed");
        await Assertions.Expect(page.Locator("#confirm")).ToBeHiddenAsync();
        Assert.Equal("confirmed", (await host.ReadAsync($"/api/visits/{job.Visit}")).GetProperty("status").GetString());

        await page.GetByRole(AriaRole.Button, new() { Name = "I would like another time" }).ClickAsync();
        await Assertions.Expect(page.Locator("#day")).ToBeFocusedAsync();
        await page.Locator("#day").FillAsync(DateTime.UtcNow.AddDays(5).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await page.GetByLabel("Explanation").FillAsync("I am away");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await title.HasTextAsync("You asked for another time");
        await Assertions.Expect(page.Locator("#wish")).ToBeHiddenAsync();

        // A day that can't be is said, and what was typed stays.
        await page.Locator("#other").ClickAsync();
        await page.Locator("#day").FillAsync("2020-01-01");
        await page.Locator("#send").ClickAsync();
        await page.Locator("#fault").HasTextAsync("after today");
        await Assertions.Expect(page.Locator("#reason")).ToHaveValueAsync("I am away");
        Assert.Equal(["Failed to load resource: the server responded with a status of 400 (Bad Request)"], visit.Faults);
    }
}
