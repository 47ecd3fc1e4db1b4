using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>What the page shows is in its address: a reload, a step back and a colleague's link lead there.</summary>
[Collection(DeskCollection.Name)]
public sealed class AddressTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Reload_KeepsFilterVanAndView()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        var (id, plate) = await host.CreateVanAsync(new { vehicleName = mark });
        await host.FixAsync(id, 52.31, 5.31);
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.SearchAsync(mark);
        await screen.Page.ClickAsync("#filter-status [data-status=parked]");
        await screen.Row(plate).ClickAsync();
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex($@"#/kaart\?zoek={mark}&status=geparkeerd&sel=bus:{id}&z=[\d.]+/52\.3[\d.]+/5\.3"));
        var address = screen.Page.Url;

        await screen.Page.ReloadAsync();

        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(plate);
        await Assertions.Expect(screen.Page.Locator("#search")).ToHaveValueAsync(mark);
        await Assertions.Expect(screen.Page.Locator("#filter-status [data-status=parked]")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(1);
        var map = await screen.MapAsync();
        await screen.ShowsAsync(map.Width / 2, map.Height / 2);
        Assert.Equal(address, screen.Page.Url);
    }

    [BrowserFact]
    public async Task Reload_InAReplay_KeepsTheMoment()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.32, 5.3, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(plate);
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "replaying");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("&moment=20"));
        var shown = await screen.Page.Locator("#replay-now").TextContentAsync();

        await screen.Page.ReloadAsync();

        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "replaying");
        await Assertions.Expect(screen.Page.Locator("#replay-now")).ToHaveTextAsync(shown!);
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(plate);
        await screen.Page.Locator("#panel-actions").HasTextAsync("Back to now");
    }

    [BrowserFact]
    public async Task Back_LeadsToTheVanBefore_AndOutOfTheReplay()
    {
        var (_, one) = await host.CreateVanAtAsync(52.33, 5.3);
        var (_, other) = await host.CreateVanAtAsync(52.34, 5.3);
        await using var screen = await host.OpenSignedInAsync(still: true);
        var plate = screen.Page.Locator("#panel-plate");
        await screen.ChooseAsync(one);
        await screen.ChooseAsync(other);
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "replaying");

        await screen.Page.GoBackAsync();
        await Assertions.Expect(screen.Page.Locator("#replay-bar")).ToBeHiddenAsync();
        await Assertions.Expect(plate).ToHaveTextAsync(other);
        await screen.Page.GoBackAsync();
        await Assertions.Expect(plate).ToHaveTextAsync(one);
        await screen.Page.GoBackAsync();
        await Assertions.Expect(screen.Panel).ToBeHiddenAsync();
        await screen.Page.GoForwardAsync();
        await Assertions.Expect(plate).ToHaveTextAsync(one);
    }

    /// <summary>The browser reports a typed address a moment late. What the page writes until then does not replace it.</summary>
    [BrowserFact]
    public async Task Address_ThatIsTyped_IsFollowed_WhateverThePageWritesMeanwhile()
    {
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.Page.ClickAsync("#views [data-view=board]");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("#/orders"));

        await screen.Page.EvaluateAsync(
            """
            () => {
              location.hash = '#/dag?dag=2027-03-09';
              const sought = document.querySelector('#sought');
              sought.value = 'Jansen';
              sought.dispatchEvent(new Event('input'));
              document.querySelector('#views [data-view=alerts]').click();
            }
            """);

        await Assertions.Expect(screen.Page.Locator("#views [data-view=day]")).ToHaveAttributeAsync("aria-current", "page");
        await Assertions.Expect(screen.Page.Locator("#sought")).ToHaveValueAsync("");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex(@"#/dag\?dag=2027-03-09"));
    }

    [BrowserFact]
    public async Task Link_OfAColleague_ShowsWhatTheySaw_AfterSigningIn()
    {
        var (id, plate) = await host.CreateVanAtAsync(52.35, 5.3);
        await using var screen = await host.OpenAsync(width: 390, height: 844, still: true);
        await screen.Page.GotoAsync($"{host.Url}#/kaart?zoek={plate}&sel=bus:{id}&z=14/52.35/5.3&tab=bussen");

        await screen.SignInAsync();

        await Assertions.Expect(screen.Rows).ToHaveCountAsync(1);
        await Assertions.Expect(screen.Row(plate)).ToBeVisibleAsync();
        await screen.Page.ClickAsync("#tab-map");
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(plate);
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("z=14/52.35/5.3$"));
    }

    [BrowserFact]
    public async Task Tab_OpenedBeside_HasTheSession_AndSigningOutEndsBoth()
    {
        await using var screen = await host.OpenSignedInAsync();
        var tab = await screen.Page.Context.NewPageAsync();

        await tab.GotoAsync(host.Url.ToString());

        await Assertions.Expect(tab.Locator("#badge")).ToHaveAttributeAsync("data-state", "live");
        await tab.ClickAsync("#leave");
        await Assertions.Expect(tab.Locator("#login-form")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.Locator("#login-form")).ToBeVisibleAsync();

        await screen.SignInAsync();
        await Assertions.Expect(tab.Locator("#badge")).ToHaveAttributeAsync("data-state", "live");
    }
}
