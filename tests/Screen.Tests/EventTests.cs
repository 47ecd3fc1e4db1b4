using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(DeskCollection.Name)]
public sealed class EventTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Event_ThatComes_LeavesTheReaderAtTheirs()
    {
        var (id, _) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.OpenEventsAsync();
        await host.ActAsync(id, "drive");
        var mine = screen.EventsOf(id).Filter(new() { HasText = "Driving" }).Locator("button");
        await mine.FocusAsync();

        await host.ActAsync(id, "park");
        await Assertions.Expect(screen.EventsOf(id).Filter(new() { HasText = "Driving → Parked" })).ToHaveCountAsync(1);

        await Assertions.Expect(screen.EventsOf(id).Filter(new() { HasText = "Parked → Driving" }).Locator("button")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Events_OfBeforeThePageWasOpened_AreThere_OnceEach()
    {
        var (id, _) = await host.CreateVanAsync();
        await host.ActAsync(id, "drive");
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844);
        await screen.Page.ClickAsync("#tab-events");
        await Assertions.Expect(screen.EventsOf(id).Filter(new() { HasText = "Parked → Driving" })).ToHaveCountAsync(1);

        await host.ActAsync(id, "park");
        await Assertions.Expect(screen.EventsOf(id).Filter(new() { HasText = "Driving → Parked" })).ToHaveCountAsync(1);
        await screen.Page.ReloadAsync();

        await Assertions.Expect(screen.EventsOf(id)).ToHaveCountAsync(3);
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Status).And(screen.Page.Locator("#event-spoken"))).ToBeEmptyAsync();
    }

    [BrowserFact]
    public async Task Phone_ShowsAllEventsThatAreKept()
    {
        var (id, _) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844);
        await screen.Page.ClickAsync("#tab-events");

        for (var i = 0; i < 8; i++)
        {
            await host.ActAsync(id, "drive");
            await host.ActAsync(id, "park");
        }

        await Assertions.Expect(screen.StatusChangesOf(id)).ToHaveCountAsync(16);
    }
}
