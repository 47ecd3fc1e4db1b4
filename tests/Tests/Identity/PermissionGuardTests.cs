using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Notifications;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Tests.Identity;

/// <summary>No database is asked here: nothing gets as far.</summary>
public sealed class PermissionGuardTests
{
    [Fact]
    public async Task Start_WithAnEndpointThatStatesNothing_FailsByItsName()
    {
        await using var app = Build(routes =>
        {
            routes.MapPost("/api/forgotten/{id}", () => "");
            routes.MapGet("/api/stated", () => "").RequirePermission(Permissions.VehiclesRead);
        });

        var fault = await Assert.ThrowsAsync<StartupException>(() => app.StartAsync());

        Assert.Contains("POST /api/forgotten/{id}: states no permission", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/stated", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAPermissionThatIsNoneOrIsNotAskedFor_FailsByItsName()
    {
        await using var app = Build(routes =>
        {
            routes.MapGet("/api/unknown", () => "").RequirePermission("vehicles.fly");
            routes.MapGet("/api/unasked", () => "").WithMetadata(new RequiredPermission(Permissions.VehiclesRead));
            routes.MapGet("/api/both", () => "").RequirePermission(Permissions.VehiclesRead).AllowAnonymous();
            routes.MapGet("/api/bare", () => "").RequireAuthorization(SignedIn.Policy);
        });

        var fault = await Assert.ThrowsAsync<StartupException>(() => app.StartAsync());

        Assert.Equal(4, fault.Message.Split('\n').Length - 1);
        Assert.Contains("/api/unknown: vehicles.fly is not one of", fault.Message, StringComparison.Ordinal);
        Assert.Contains("/api/unasked: names vehicles.read without asking for it", fault.Message, StringComparison.Ordinal);
        Assert.Contains("/api/both: asks for vehicles.read and is open to all", fault.Message, StringComparison.Ordinal);
        Assert.Contains("/api/bare: states no permission", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithEverythingStated_Succeeds()
    {
        await using var app = Build(routes =>
        {
            routes.MapAccess();
            routes.MapGet("/open", () => "").AllowAnonymous();
            routes.MapGet("/open/too", () => "").OpenToAll("A probe.");
            routes.MapGroup("/api").RequirePermission(Permissions.VehiclesRead).MapGet("/grouped", () => "");
        });

        await app.StartAsync();
    }

    [Fact]
    public async Task Endpoint_ThatStatesNothing_IsClosedEvenWithoutTheGuard()
    {
        await using var app = Build(routes => routes.MapGet("/api/forgotten", () => "secret"), guarded: false);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };

        await AccessApp.BodyAsync(await http.GetAsync(new Uri("/api/forgotten", UriKind.Relative)), 401);
    }

    private static WebApplication Build(Action<IEndpointRouteBuilder> map, bool guarded = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=nowhere.invalid"));
        builder.Services.AddSingleton(new SecretBox(new EphemeralDataProtectionProvider()));
        // What endpoints need is never called here; it must only be there.
        builder.Services.AddSingleton<IGrainFactory>(_ => null!);
        builder.Services.AddSingleton<INotificationSender>(new KeptNotifications());
        builder.Services.AddSingleton<GroupCommit>(_ => null!);
        builder.Services.AddAccess(builder.Configuration);
        if (!guarded)
        {
            builder.Services.RemoveAll<IStartupFilter>();
        }

        // Needs a silo, and no request here comes as far.
        builder.Services.AddSingleton<ApiKeyStore>(_ => null!);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        map(app);
        return app;
    }
}
