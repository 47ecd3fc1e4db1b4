using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(ScreenCollection.Name)]
public sealed class ListTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Filters_OfTextAndStatus_ShowThoseVansOnly()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        var (driving, drivingPlate) = await host.CreateVanAsync(new { vehicleName = mark });
        var (_, parkedPlate) = await host.CreateVanAsync(new { vehicleName = mark });
        await host.CreateVanAsync(new { vehicleName = "another" });
        await host.ActAsync(driving, "drive");
        await using var screen = await host.OpenSignedInAsync();

        await screen.SearchAsync(mark);
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(2);
        await screen.Page.ClickAsync("#filter-status [data-status=driving]");
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(1);
        await Assertions.Expect(screen.Row(drivingPlate)).ToBeVisibleAsync();
        await screen.Page.Locator("#van-count").HasTextAsync(@"^1 of \d+ vans$");

        // What a van does decides where it is listed, as it happens.
        await host.ActAsync(driving, "park");
        await Assertions.Expect(screen.Page.Locator("#van-none")).ToBeVisibleAsync();
        await screen.Page.ClickAsync("#clear-filters");
        await screen.SearchAsync(parkedPlate.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());
        await Assertions.Expect(screen.Row(parkedPlate)).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Van_CreatedAndDeleted_ComesAndGoes()
    {
        await using var screen = await host.OpenSignedInAsync();
        var (id, plate) = await host.CreateVanAsync();
        await screen.SearchAsync(plate);
        await Assertions.Expect(screen.Row(plate)).ToBeVisibleAsync();

        await host.DeleteAsync(id);

        await Assertions.Expect(screen.Rows).ToHaveCountAsync(0);
    }
}
