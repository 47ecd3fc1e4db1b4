using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>Actions that fail, and a van that somebody else changes meanwhile.</summary>
[Collection(FleetCollection.Name)]
public sealed partial class ActionTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Arrival_IsAtOneOfTheVansVisits_AndNoIdIsTyped()
    {
        var (first, second, crew) = (await host.NewJobAsync(), await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(first.Visit, 21, crew.Van);
        await host.PlanAsync(second.Visit, 22, crew.Van);
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(crew.Plate);
        await screen.Action("arrive").ClickAsync();
        var (visit, confirm) = (screen.Panel.Locator("[name=visitId]"), screen.Panel.Locator("form [type=submit]"));
        await Assertions.Expect(visit.Locator("option")).ToHaveCountAsync(3);
        await confirm.ClickAsync();
        await Assertions.Expect(screen.Panel.Locator("#visit-fault")).ToHaveTextAsync("Choose a visit.");
        await visit.SelectOptionAsync($"{second.Visit}");
        await confirm.ClickAsync();

        await Assertions.Expect(screen.Page.Locator("#panel-status")).ToHaveTextAsync("On site");
        Assert.Equal(second.Visit, (await host.ReadAsync($"/api/vehicles/{crew.Van}")).GetProperty("currentVisitId").GetGuid());
    }

    [BrowserFact]
    public async Task Refused_KeepsTheReadersPlace_AndCanBeAskedAgainWhenItIsAllowed()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await ForgetsWhatIsAllowedNowAsync(screen, id);
        await screen.ChooseAsync(plate);
        await screen.Action("drive").ClickAsync();
        await host.ActAsync(id, "maintain");
        var status = screen.Page.Locator("#panel-status");
        await Assertions.Expect(status).ToHaveTextAsync("Maintenance");
        var confirm = screen.Panel.Locator("form [type=submit]");
        await confirm.FocusAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await screen.Panel.Locator("form .fault").HasTextAsync("the status is maintenance");
        await Assertions.Expect(confirm).ToBeFocusedAsync();

        await host.ActAsync(id, "release");
        await Assertions.Expect(status).ToHaveTextAsync("Parked");
        await screen.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(status).ToHaveTextAsync("Driving");
    }

    [BrowserFact]
    public async Task Form_SaysWhyNot_AsSoonAsSomebodyElseActed()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await screen.Action("drive").ClickAsync();
        var confirm = screen.Panel.Locator("form [type=submit]");

        await host.ActAsync(id, "maintain");
        await screen.Panel.Locator("#why-drive").HasTextAsync("the status is maintenance");
        await Assertions.Expect(confirm).ToHaveAttributeAsync("aria-disabled", "true");
        await confirm.ClickAsync(new() { Force = true });
        await host.ActAsync(id, "release");
        await Assertions.Expect(confirm).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await confirm.ClickAsync();

        await Assertions.Expect(screen.Page.Locator("#panel-status")).ToHaveTextAsync("Driving");
    }

    [BrowserFact]
    public async Task Cancelled_ShowsWhatIsAllowedSinceSomebodyElseActed()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await screen.Action("drive").ClickAsync();
        await host.ActAsync(id, "maintain");
        await Assertions.Expect(screen.Page.Locator("#panel-status")).ToHaveTextAsync("Maintenance");

        await screen.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(screen.Action("drive")).ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(screen.Action("drive")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Answer_ThatCameLate_DoesNotReplaceANewerOne()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await Assertions.Expect(screen.Action("release")).ToHaveAttributeAsync("aria-disabled", "true");
        var (answered, held, asked) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        await screen.Page.RouteAsync($"**/api/vehicles/{id}/actions", async route =>
        {
            var isFirst = Interlocked.Increment(ref asked) == 1;
            var answer = await route.FetchAsync();
            if (isFirst)
            {
                answered.SetResult();
                await held.Task;
            }

            await route.FulfillAsync(new() { Response = answer });
        });
        await host.ActAsync(id, "drive");
        await Assertions.Expect(screen.Page.Locator("#panel-status")).ToHaveTextAsync("Driving");
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await host.ActAsync(id, "maintain");
        await Assertions.Expect(screen.Action("release")).Not.ToHaveAttributeAsync("aria-disabled", "true");

        await screen.Page.RunAndWaitForRequestFinishedAsync(() =>
        {
            held.SetResult();
            return Task.CompletedTask;
        }, new() { Predicate = request => request.Url.EndsWith("/actions", StringComparison.Ordinal) });

        // The page has what came by then.
        await screen.Page.EvaluateAsync("new Promise(done => setTimeout(done, 200))");
        await Assertions.Expect(screen.Action("release")).Not.ToHaveAttributeAsync("aria-disabled", "true");
    }

    [BrowserFact]
    public async Task Van_DeletedBySomebodyElse_IsNotOpenAnyMore()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);

        await host.DeleteAsync(id);

        await Assertions.Expect(screen.Panel).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Van_DeletedDuringAReplay_IsNotOpenAnyMoreAfterIt()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.75, 5.9, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Row(plate)).ToBeVisibleAsync();
        await host.DeleteAsync(id);
        await screen.HearsAsync("vehicle.deleted", $"{id}");
        await Assertions.Expect(screen.Panel).ToBeVisibleAsync();

        await screen.Page.ClickAsync("#replay-close");

        await Assertions.Expect(screen.Panel).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Screen_ThatWasAwayTooLong_AsksForThePanelAgain()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var relay = new Relay(host.Url);
        await using var screen = await host.OpenSignedInAsync(through: relay.Url);
        await screen.ChooseAsync(plate);
        await Assertions.Expect(screen.Action("drive")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        // What it knew is too old to go on from: it gets the fleet instead of the changes.
        await screen.Page.RouteWebSocketAsync("**/hubs/dispatch*", socket =>
        {
            var server = socket.ConnectToServer();
            socket.OnMessage(frame => server.Send(SinceWhen().Replace(frame.Text!, "")));
            server.OnMessage(frame => socket.Send(frame.Text!));
        });

        relay.Cut();
        await Assertions.Expect(screen.Badge).ToHaveTextAsync("Reconnecting…");
        await host.ActAsync(id, "maintain");
        relay.Restore();

        await Assertions.Expect(screen.Page.Locator("#panel-status")).ToHaveTextAsync("Maintenance");
        await Assertions.Expect(screen.Action("drive")).ToHaveAttributeAsync("aria-disabled", "true");
    }

    [BrowserFact]
    public async Task Replay_OffersNoActions_ForTheyAreOfNow()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.7, 5.9, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await Assertions.Expect(screen.Action("drive")).ToBeVisibleAsync();

        await screen.Page.ClickAsync("#replay-open");
        await screen.Page.Locator("#panel-actions").HasTextAsync("Back to now");
        await Assertions.Expect(screen.Panel.Locator("[data-action]")).ToHaveCountAsync(0);

        await screen.Page.ClickAsync("#replay-close");
        await Assertions.Expect(screen.Action("drive")).ToBeVisibleAsync();
    }

    /// <summary>As when the answer and a colleague's action pass each other: the page goes on with the first answer.</summary>
    internal static async Task ForgetsWhatIsAllowedNowAsync(DispatchPage screen, Guid van)
    {
        string? first = null;
        await screen.Page.RouteAsync($"**/api/vehicles/{van}/actions", async route =>
        {
            first ??= await (await route.FetchAsync()).TextAsync();
            await route.FulfillAsync(new() { Body = first, ContentType = "application/json" });
        });
    }

    [GeneratedRegex(",\"since\":[0-9]+")]
    private static partial Regex SinceWhen();
}
