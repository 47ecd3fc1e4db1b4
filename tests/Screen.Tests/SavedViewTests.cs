using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>What a person set of the page is there in every window: views under names, and what was folded.</summary>
[Collection(DeskCollection.Name)]
public sealed class SavedViewTests(ScreenHost host)
{
    [BrowserFact]
    public async Task View_ThatWasSaved_IsOpenedByItsKey_AndIsThereAfterAReload()
    {
        await using var screen = await OpenAsync(await host.CreateUserAsync("planner"));
        var page = screen.Page;
        await page.ClickAsync("[data-status=driving].chip");
        await page.Keyboard.PressAsync("b");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#view-fault").HasTextAsync("required");
        await AccessibilityTests.IsSoundAsync(screen, "The dialog of saved views");
        await page.Keyboard.TypeAsync("Rijdt nu");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#views-dialog")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#saved-views [data-index='0']")).ToHaveTextAsync("1Rijdt nu");

        await page.ReloadAsync();
        await screen.IsLiveAsync();
        await page.ClickAsync("#clear-filters");
        await page.ClickAsync("#views [data-view=board]");
        // A view has its key once it is there.
        await Assertions.Expect(page.Locator("#saved-views [data-index='0']")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("1");

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("#/kaart\\?status=rijdt"));
        await Assertions.Expect(page.Locator("[data-status=driving].chip")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("#/orders"));
        Assert.Empty(screen.Faults);
    }

    /// <summary>A reload takes the address as it was before the page knew of it.</summary>
    [BrowserFact]
    public async Task Filter_ThatWasJustChosen_IsThereAfterAReload()
    {
        await using var screen = await OpenAsync(await host.CreateUserAsync("planner"));
        await screen.Page.EvaluateAsync("document.querySelector('[data-status=driving].chip').click()");
        Assert.Contains("status=rijdt", await screen.Page.EvaluateAsync<string>("location.hash"), StringComparison.Ordinal);
        await screen.Page.RunAndWaitForRequestAsync(
            () => screen.Page.EvaluateAsync("document.querySelector('[data-status=parked].chip').click(); location.reload()"), $"{host.Url}**");

        await Assertions.Expect(screen.Page.Locator("[data-status=parked].chip")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(screen.Page.Locator("[data-status=driving].chip")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    /// <summary>What a person set comes late, and at first not at all: it is there as soon as the server tells it.</summary>
    [BrowserFact]
    public async Task Views_ThatComeLate_AreThereWhenTheyCome_AndTheFilterStays()
    {
        await using var screen = await OpenAsync(await host.CreateUserAsync("planner"));
        await screen.Page.ClickAsync("[data-status=driving].chip");
        await screen.Page.Keyboard.PressAsync("b");
        await screen.Page.FillAsync("#view-name", "Laat");
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("#saved-views [data-index='0']")).ToHaveTextAsync("1Laat");
        var (held, asked) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await screen.Page.RouteAsync("**/api/me/preferences", async route =>
        {
            asked.TrySetResult();
            await held.Task;
            await route.ContinueAsync();
        });

        await screen.Page.ReloadAsync();
        await screen.IsLiveAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Assertions.Expect(screen.Page.Locator("[data-status=driving].chip")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(screen.Page.Locator("#saved-views [data-index='0']")).ToHaveCountAsync(0);
        held.SetResult();

        await Assertions.Expect(screen.Page.Locator("#saved-views [data-index='0']")).ToHaveTextAsync("1Laat");
        await Assertions.Expect(screen.Page.Locator("[data-status=driving].chip")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("status=rijdt"));
    }

    [BrowserFact]
    public async Task View_ThatIsShared_IsAColleaguesToo_UntilItIsRemoved()
    {
        var name = $"Samen {Guid.NewGuid().ToString("N")[..6]}";
        await using var owner = await OpenAsync(await host.CreateUserAsync("planner"));
        await owner.Page.Keyboard.PressAsync("b");
        await owner.Page.FillAsync("#view-name", name);
        await owner.Page.CheckAsync("#view-shared");
        await owner.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(owner.Page.Locator("#saved-views")).ToContainTextAsync(name);
        var email = await host.CreateUserAsync("manager");

        await using (var colleague = await OpenAsync(email))
        {
            await Assertions.Expect(colleague.Page.Locator("#saved-views")).ToContainTextAsync(name);
        }

        await owner.Page.Keyboard.PressAsync("b");
        await owner.Page.Locator("#views-own [data-do=share]").ClickAsync();
        await Assertions.Expect(owner.Page.Locator("#views-own [data-do=share]")).ToHaveAttributeAsync("aria-pressed", "false");
        await owner.Page.Locator("#views-own [data-do=remove]").ClickAsync();
        await Assertions.Expect(owner.Page.Locator("#views-own li")).ToHaveCountAsync(0);
        await using var later = await OpenAsync(email);
        await Assertions.Expect(later.Page.Locator("#saved-views")).Not.ToContainTextAsync(name);
    }

    [BrowserFact]
    public async Task Part_OfThePanel_StaysFolded()
    {
        var (_, plate) = await host.CreateVanAtAsync(52.1, 5.1);
        await using var screen = await OpenAsync(await host.CreateUserAsync("planner"));
        await screen.ChooseAsync(plate);
        var (fold, facts) = (screen.Page.Locator("[data-fold=details] .fold"), screen.Page.Locator("#panel-facts"));
        await Assertions.Expect(facts).ToBeVisibleAsync();
        await fold.ClickAsync();
        await Assertions.Expect(facts).ToBeHiddenAsync();
        await Assertions.Expect(fold).ToHaveAttributeAsync("aria-expanded", "false");

        await screen.Page.ReloadAsync();
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(plate);

        await Assertions.Expect(facts).ToBeHiddenAsync();
        await screen.Page.Keyboard.PressAsync("Tab");
        await fold.PressAsync("Enter");
        await Assertions.Expect(facts).ToBeVisibleAsync();
    }

    private async Task<DispatchPage> OpenAsync(string email)
    {
        var screen = await host.OpenAsync();
        await screen.SignInAsync(email: email);
        await screen.IsLiveAsync();
        return screen;
    }
}
