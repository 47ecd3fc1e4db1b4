using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The pages that others made work within their policies, and speak to nobody but this host.</summary>
[Collection(DeskCollection.Name)]
public sealed class PagePolicyTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Documentation_InABrowser_ShowsTheRoutesAndLoadsNothingFromElsewhere()
    {
        await using var visit = await host.VisitAsync("/docs/");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "ChargeCars", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    [BrowserFact]
    public async Task Dashboard_InABrowser_ShowsTheSilosAndLoadsNothingFromElsewhere()
    {
        await using var visit = await host.VisitAsync("/dashboard/", signedIn: true);

        await Assertions.Expect(visit.Page.Locator("#menu")).ToContainTextAsync("Silos");
        Assert.Empty(visit.Faults);
    }
}
