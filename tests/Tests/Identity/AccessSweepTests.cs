using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Tests.Platform.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChargeCars.Tests.Identity;

/// <summary>Connections whose credentials end without anybody's doing, on a fake clock: the sweep notices within two seconds.</summary>
[Collection(AccessCollection.Name)]
#pragma warning disable CA1001 // xunit disposes of it through IAsyncLifetime
public sealed class AccessSweepTests(AccessApp app) : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeScreens _screens = new();
    private AccessSweep? _sweep;

    private ApiKeyDirectory Keys => app.Services.GetRequiredService<ApiKeyDirectory>();

    public Task InitializeAsync()
    {
        _sweep = new(_screens.Connections, app.Services.GetRequiredService<CallerCheck>(), app.Services.GetRequiredService<AccessNews>(),
            app.Time, NullLogger<AccessSweep>.Instance);
        return _sweep.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _sweep!.StopAsync(CancellationToken.None);
        _sweep.Dispose();
        _screens.Dispose();
    }

    [Fact]
    public async Task Key_PastItsExpiry_ClosesItsConnectionAndNoOther()
    {
        var expiring = await KeyAsync(app.Time.GetUtcNow().AddHours(1));
        var (screen, other) = (Open(await CallerAsync(expiring)), Open(await CallerAsync(await KeyAsync(null))));
        app.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(2));
        await _sweep!.SweepAsync();
        Assert.False(screen.ConnectionAborted.IsCancellationRequested);

        app.Time.Advance(TimeSpan.FromSeconds(2));

        await ClosedAsync(screen);
        Assert.False(other.ConnectionAborted.IsCancellationRequested);
        Assert.Equal("The API key has expired.", (await Keys.AuthenticateAsync(expiring)).Fault);
    }

    [Fact]
    public async Task FormerSecret_OnceTheOverlapEnds_ClosesItsConnectionAndNotTheNextOnes()
    {
        var former = await KeyAsync(null);
        var before = Open(await CallerAsync(former));
        SecretText.ApiKey.TryRead(former, out var id, out _);
        var rotated = await AccessApp.BodyAsync(await app.SendAsync(
            HttpMethod.Post, $"/api/api-keys/{id}/actions/rotate", bearer: await app.AdminTokenAsync(), body: new { overlapHours = 1 }), 200);
        var after = Open(await CallerAsync(rotated.GetProperty("key").GetString()!));
        await _sweep!.SweepAsync();
        Assert.False(before.ConnectionAborted.IsCancellationRequested);

        app.Time.Advance(TimeSpan.FromHours(1));

        await ClosedAsync(before);
        await _sweep.SweepAsync();
        Assert.False(after.ConnectionAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task Session_PastItsEnd_ClosesItsConnection()
    {
        var user = await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "-");
        var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(await app.TokenOfAsync(user));
        var caller = (await app.FindUserAsync(user))!.Caller with { SessionId = Guid.Parse(token.GetClaim("sid").Value) };
        var screen = Open(caller);
        await _sweep!.SweepAsync();
        Assert.False(screen.ConnectionAborted.IsCancellationRequested);

        app.Time.Leap(TimeSpan.FromDays(30));

        await ClosedAsync(screen);
    }

    private FakeScreen Open(Caller caller)
    {
        var screen = new FakeScreen(caller);
        _screens.Connections.Add(screen);
        return screen;
    }

    private static async Task ClosedAsync(FakeScreen screen)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = screen.ConnectionAborted.Register(closed.SetResult);
        await closed.Task.WaitAsync(Patience);
    }

    private async Task<Caller> CallerAsync(string key) => (await Keys.AuthenticateAsync(key)).Identity!.Caller;

    private async Task<string> KeyAsync(DateTimeOffset? expiresAt)
    {
        var made = await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/api-keys", bearer: await app.AdminTokenAsync(),
            body: new { name = "a screen", permissions = new[] { Permissions.VehiclesRead }, expiresAt }), 201);
        return made.GetProperty("key").GetString()!;
    }
}
