using System.Text.Json;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(FleetCollection.Name)]
public sealed class ConnectionTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Connection_CutAndRestored_GivesEveryMissedChangeOnce()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var relay = new Relay(host.Url);
        await using var screen = await host.OpenSignedInAsync(through: relay.Url);
        await screen.SearchAsync(plate);
        await screen.OpenEventsAsync();
        await Assertions.Expect(screen.Badge).ToHaveRoleAsync(AriaRole.Status);

        relay.Cut();
        var before = screen.Received.Count;
        await Assertions.Expect(screen.Badge).ToHaveTextAsync("Reconnecting…");
        foreach (var action in (string[])["drive", "park", "maintain"])
        {
            await host.ActAsync(id, action);
        }

        relay.Restore();

        await screen.Badge.HasTextAsync("^Live · resumed after \\d+ changes$");
        // What vans of other tests told meanwhile counts too.
        var missed = MissedIn(screen.Received.Skip(before));
        await Assertions.Expect(screen.Badge).ToHaveTextAsync($"Live · resumed after {missed.Count} changes");
        Assert.Equal(3, missed.Count(van => van == id));
        await screen.Row(plate).HasTextAsync("Maintenance");
        await Assertions.Expect(screen.StatusChangesOf(id)).ToHaveCountAsync(3);
        await host.ActAsync(id, "release");
        await screen.Row(plate).HasTextAsync("Parked");
        await Assertions.Expect(screen.StatusChangesOf(id)).ToHaveCountAsync(4);
    }

    [BrowserFact]
    public async Task Watch_FollowsTheView_AndTheListKnowsTheVansOutsideIt()
    {
        var (_, near) = await host.CreateVanAtAsync(52.0, 5.5);
        var (far, farPlate) = await host.CreateVanAtAsync(50.85, 5.7);
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(near);
        await screen.AsksForAsync("\"area\":{");

        // Out of sight: its status comes, its place does not.
        await host.FixAsync(far, 53.2, 6.5);
        await host.ActAsync(far, "drive");
        await screen.SearchAsync(farPlate);
        await screen.Row(farPlate).HasTextAsync("Driving");
        Assert.DoesNotContain(screen.Received, message => message.Contains("\"positions\"", StringComparison.Ordinal) && message.Contains(far.ToString(), StringComparison.Ordinal));

        // Chosen in the list, it is found where it is, and followed there.
        await screen.ChooseAsync(farPlate);
        await screen.Page.Locator("#panel-facts").HasTextAsync(@"53\.20000, 6\.50000");
        await screen.AsksForAsync("\"area\":{\"south\":53");
        await host.FixAsync(far, 53.2001, 6.5);
        await screen.Page.Locator("#panel-facts").HasTextAsync(@"53\.20010, 6\.50000");
    }

    [BrowserFact]
    public async Task List_KeepsTheSpeedOfAVanThatTheMapDoesNotShow()
    {
        var (_, near) = await host.CreateVanAtAsync(52.0, 5.55);
        var (far, farPlate) = await host.CreateVanAsync();
        await host.ActAsync(far, "drive");
        await host.FixAsync(far, 53.2, 6.4, DateTimeOffset.UtcNow.AddMinutes(-2), speed: 51);
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(near);
        await screen.AsksForAsync("\"area\":{");
        await screen.SearchAsync(farPlate);
        await screen.Row(farPlate).HasTextAsync("51 km/h · [23] min");

        await host.FixAsync(far, 53.21, 6.4, speed: 62);

        await screen.Row(farPlate).HasTextAsync("62 km/h$");
    }

    /// <summary>Of whom the changes are that the hub gave when the page resumed: its first answer since.</summary>
    private static List<Guid> MissedIn(IEnumerable<string> frames) => frames
        .SelectMany(frame => frame.Split('\x1e', StringSplitOptions.RemoveEmptyEntries))
        .Select(message => JsonDocument.Parse(message).RootElement)
        .First(message => message.TryGetProperty("result", out _))
        .GetProperty("result").GetProperty("changes").EnumerateArray()
        .Select(change => change.GetProperty("entityId").GetGuid())
        .ToList();
}
