using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(DeskCollection.Name)]
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
    public async Task Search_OfATown_FindsTheVansThere_AndLeadsTheMapToIt()
    {
        var (_, plate) = await host.CreateVanAtAsync(52.2292, 5.1669);
        await using var screen = await host.OpenSignedInAsync(still: true);

        await screen.SearchAsync("hilversum");
        await screen.Row(plate).HasTextAsync("Hilversum");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Hilversum", Exact = true }).ClickAsync();

        await screen.AsksForAsync("\"area\":{\"south\":52");
        var map = await screen.MapAsync();
        await screen.ShowsAsync(map.Width / 2, map.Height / 2);
        await screen.ChooseAsync(plate);
        await screen.Page.Locator("#panel-facts").HasTextAsync("Position.*Hilversum");
    }

    [BrowserFact]
    public async Task Search_OfVansThatTheMapDoesNotShow_SaysSo_AndLeadsToThem()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        var near = await host.CreateVanAsync(new { vehicleName = mark });
        await host.FixAsync(near.Id, 51.9, 4.5);
        foreach (var latitude in (double[])[53.2, 53.21])
        {
            var (far, _) = await host.CreateVanAsync(new { vehicleName = mark });
            await host.FixAsync(far, latitude, 6.5);
        }

        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(near.Plate);
        await screen.AsksForAsync("\"area\":{");
        var button = screen.Page.Locator("#out-of-view");
        await screen.SearchAsync("");
        await Assertions.Expect(button).ToBeHiddenAsync();
        await screen.SearchAsync(mark);
        await Assertions.Expect(button).ToHaveTextAsync("2 out of view · show");

        await button.ClickAsync();

        await Assertions.Expect(button).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Counts_OfTheButtons_FollowWhatElseIsAskedFor()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        var (driving, _) = await host.CreateVanAsync(new { vehicleName = mark });
        await host.CreateVanAsync(new { vehicleName = mark });
        await host.ActAsync(driving, "drive");
        await host.FixAsync(driving, 52.1, 5.1);
        await using var screen = await host.OpenSignedInAsync();

        await screen.SearchAsync(mark);

        await Assertions.Expect(screen.Page.Locator("#filter-status [data-status=driving] b")).ToHaveTextAsync("1");
        await Assertions.Expect(screen.Page.Locator("#filter-status [data-status=parked] b")).ToHaveTextAsync("1");
        await screen.Page.ClickAsync("#filter-status [data-status=driving]");
        await Assertions.Expect(screen.Page.Locator("#filter-freshness [data-freshness=live] b")).ToHaveTextAsync("1");
        await Assertions.Expect(screen.Page.Locator("#filter-freshness [data-freshness=unknown] b")).ToHaveTextAsync("0");
        await Assertions.Expect(screen.Page.Locator("#filter-status [data-status=parked] b")).ToHaveTextAsync("1");
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
