using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using ChargeCars.Relations.Places;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The whole host, with its database, and a browser.</summary>
public sealed class ScreenHost : IAsyncLifetime
{
    private readonly RunningHost _host;
    private readonly ScreenHost? _lender;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ScreenHost() : this(null, [])
    {
    }

    /// <param name="lender">Whose browser it uses.</param>
    /// <param name="configuration">As on the host's command line.</param>
    internal ScreenHost(ScreenHost? lender, IReadOnlyList<string> configuration)
    {
        _lender = lender;
        _host = new()
        {
            // A van of one test does not grow old, and say so, in the middle of another.
            Configuration = ["--ChargeCars:Positions:StaleAfter=01:00:00", "--ChargeCars:Positions:OfflineAfter=02:00:00", "--ChargeCars:Alerts:Interval=00:00:01", "--ChargeCars:Alerts:Soon=00:00:00.5", .. configuration],
        };
    }

    public Uri Url => _host.Url;

    public HttpClient Api => _host.Administrator;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        if (_lender is not null)
        {
            _browser = _lender._browser;
        }
        else if (Browser.BarePath is not null)
        {
            Assertions.SetDefaultExpectTimeout(30_000);
            _playwright = await Playwright.CreateAsync();
            _browser = await Browser.LaunchAsync(_playwright, Browser.BarePath);
        }
    }

    public async Task DisposeAsync()
    {
        if (_lender is null && _browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>A page of its own, not signed in.</summary>
    /// <param name="still">For a reader who asked for reduced motion: map and vans are where they go at once.</param>
    /// <param name="colors">The reader's own colours instead of the page's.</param>
    /// <param name="script">Run before the page's own.</param>
    /// <param name="zone">Where the reader's computer is.</param>
    public async Task<DispatchPage> OpenAsync(
        int width = 1440, int height = 900, string locale = "en-GB", Uri? through = null, bool still = false,
        ForcedColors colors = ForcedColors.None, string? script = null, string zone = "Europe/Amsterdam")
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            Locale = locale,
            TimezoneId = zone,
            ReducedMotion = still ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            ForcedColors = colors,
        });
        if (script is not null)
        {
            await context.AddInitScriptAsync(script);
        }

        var page = new DispatchPage(context, await context.NewPageAsync());
        page.ListenToHub();
        await page.Page.GotoAsync((through ?? Url).ToString());
        return page;
    }

    /// <summary>A page on which the administrator is signed in and the fleet is live.</summary>
    public async Task<DispatchPage> OpenSignedInAsync(int width = 1440, int height = 900, string locale = "en-GB", Uri? through = null, bool still = false)
    {
        var page = await OpenAsync(width, height, locale, through, still);
        await page.SignInAsync();
        await page.IsLiveAsync();
        return page;
    }

    /// <summary>A page that is not the screen's own; <paramref name="signedIn"/> as the administrator for the dashboard.</summary>
    internal async Task<PageVisit> VisitAsync(string path, bool signedIn = false)
    {
        var context = await _browser!.NewContextAsync();
        if (signedIn)
        {
            using var answer = await Api.PostAsync("/api/auth/dashboard", null);
            var cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=', 2);
            await context.AddCookiesAsync([new() { Name = cookie[0], Value = cookie[1], Url = new Uri(Url, path).ToString() }]);
        }

        var visit = new PageVisit(context, await context.NewPageAsync(), Url);
        await visit.Page.GotoAsync(new Uri(Url, path).ToString());
        return visit;
    }

    /// <summary>The token of the link that a visit's customer has.</summary>
    public async Task<string> LinkAsync(Guid visit)
    {
        var planned = await _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Visit>>(visit).GetAsync();
        var links = _host.Services.GetRequiredService<TrackingLinks>();
        var link = await links.OpenAsync(planned.Value!, new(Guid.CreateVersion7(), Actor.System));
        return (await links.TokenAsync(link.Value!.Id, CancellationToken.None))!;
    }

    /// <summary>Loads these as the register of addresses.</summary>
    public Task LoadPlacesAsync(IEnumerable<PlaceRow> rows) =>
        new PlaceLoader(_host.Database.DataSource, TimeProvider.System).LoadAsync(rows, "test", static _ => { }, CancellationToken.None);

    /// <summary>A new van, with its plate.</summary>
    public async Task<(Guid Id, string Plate)> CreateVanAsync(object? more = null)
    {
        var plate = $"S-{Guid.NewGuid().ToString("N")[..6].ToUpperInvariant()}";
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["licensePlate"] = plate;
        body["vehicleType"] = "van";
        using var created = await Api.PostAsJsonAsync("/api/vehicles", body);
        created.EnsureSuccessStatusCode();
        return ((await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(), plate);
    }

    /// <summary>A new van that was at a place three hours ago.</summary>
    public async Task<(Guid Id, string Plate)> CreateVanAtAsync(double latitude, double longitude)
    {
        var van = await CreateVanAsync();
        await FixAsync(van.Id, latitude, longitude, DateTimeOffset.UtcNow.AddHours(-3));
        return van;
    }

    /// <summary>A new account with a seeded role and the administrator's password; answers its address.</summary>
    /// <param name="role">The role.</param>
    /// <param name="name">The person's first name and, after a blank, the last one.</param>
    public async Task<string> CreateUserAsync(string role, string? name = null)
    {
        var names = (name ?? $"Test {role}").Split(' ', 2);
        var id = Guid.CreateVersion7();
        await using var command = _host.Database.DataSource.CreateCommand($"""
            INSERT INTO organization (id, name) VALUES ('{id}', 'Of a test');
            INSERT INTO contact (id, first_name, last_name, email) VALUES ('{id}', '{names[0]}', '{names[1]}', '{id}@example.nl');
            INSERT INTO user_account (id, contact_id, password, role_id, is_active, user_organization_id)
            SELECT '{id}', '{id}', a.password, r.id, true, '{id}' FROM user_role r, user_account a JOIN contact c ON c.id = a.contact_id
            WHERE r.role_name = '{role}' AND c.email = '{RunningHost.Email}';
            """);
        Assert.Equal(3, await command.ExecuteNonQueryAsync());
        return $"{id}@example.nl";
    }

    /// <summary>Changes a van's details.</summary>
    public async Task ReviseAsync(Guid id, object details)
    {
        using var now = await Api.GetAsync($"/api/vehicles/{id}");
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/vehicles/{id}") { Content = JsonContent.Create(details) };
        request.Headers.IfMatch.Add(now.Headers.ETag!);
        using var answer = await Api.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public async Task DeleteAsync(Guid id)
    {
        using var now = await Api.GetAsync($"/api/vehicles/{id}");
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/vehicles/{id}") { Headers = { IfMatch = { now.Headers.ETag! } } };
        using var answer = await Api.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public async Task ActAsync(Guid id, string action)
    {
        using var answer = await Api.PostAsJsonAsync($"/api/vehicles/{id}/actions/{action}", new { });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A van's positions of a while are taken away, as those of a trip that is called private.</summary>
    public async Task TakeAwayAsync(Guid id, DateTimeOffset from, DateTimeOffset to) =>
        Assert.True(await _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IVehicleGrain>(id).RemovePositionsAsync(
            new("api", from, to, "a private trip"), new CommandContext(Guid.CreateVersion7(), Actor.System)));

    /// <summary>What a van began to do at a time, for the history only; from its beginning it was parked.</summary>
    public async Task WasAsync(Guid id, string status, DateTimeOffset at)
    {
        await _host.ExecuteAsync($"""
            INSERT INTO status_transition (id, entity_type, entity_id, from_status, to_status, created_at) VALUES
                ('{Guid.CreateVersion7()}', 'vehicle', '{id}', NULL, 'parked', '{at.AddDays(-1):O}'),
                ('{Guid.CreateVersion7()}', 'vehicle', '{id}', 'parked', '{status}', '{at:O}')
            """);
    }

    /// <summary>A van's way: it drives north at 54 km/h, a fix every 15 seconds, and stands where it got, by turns of these minutes.</summary>
    /// <returns>When it ended.</returns>
    public async Task<DateTimeOffset> DriveAsync(Guid id, double latitude, double longitude, DateTimeOffset from, params int[] minutes)
    {
        const double Step = 225 / 111_195.0;
        var (positions, at, isDriving) = (new List<object>(), from, true);
        foreach (var length in minutes)
        {
            for (var end = at.AddMinutes(length); at < end; at = at.AddSeconds(15))
            {
                latitude += isDriving ? Step : 0;
                positions.Add(new { vehicleId = id, fixTime = at, latitude, longitude, headingDegrees = 0, speedKmh = isDriving ? 54 : 0 });
            }

            isDriving = !isDriving;
        }

        using var answer = await Api.PostAsJsonAsync("/api/telemetry/positions", new { positions });
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(result.GetProperty("stored").GetInt32() == positions.Count, result.ToString());
        return at;
    }

    /// <summary>A fix of a van, now or of the time given.</summary>
    public async Task FixAsync(Guid id, double latitude, double longitude, DateTimeOffset? at = null, double heading = 90, double speed = 0)
    {
        using var answer = await Api.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = id, fixTime = at ?? DateTimeOffset.UtcNow, latitude, longitude, headingDegrees = heading, speedKmh = speed } },
        });
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(result.GetProperty("stored").GetInt32() == 1, result.ToString());
    }
}

/// <summary>Tests of the fleet's screen, one after the other; those of the desk run beside them, on a host of their own.</summary>
[CollectionDefinition(Name)]
public sealed class FleetCollection : ICollectionFixture<ScreenHost>
{
    public const string Name = "fleet";
}

/// <summary>Tests of the desk.</summary>
[CollectionDefinition(Name)]
public sealed class DeskCollection : ICollectionFixture<ScreenHost>
{
    public const string Name = "desk";
}
