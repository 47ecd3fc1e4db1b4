using ChargeCars.Api.Catalogue.Stock;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Alerts;
using ChargeCars.Api;
using ChargeCars.Api.Alerts;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Audit;
using ChargeCars.Api.Fleet;
using ChargeCars.Api.Fleet.Geofences;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Platform.Http.Limits;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Api.Platform.Notifications;
using ChargeCars.Api.Platform.Search;
using ChargeCars.Api.Money.Numbering;
using ChargeCars.Api.Screen;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Fleet.Telemetry.Ulu;
using ChargeCars.Api.Fleet.Vehicles;
using ChargeCars.Api.Fleet.Vehicles.Motion;
using ChargeCars.Platform.Changes;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Planning;
using ChargeCars.Api.Platform.DueCommands;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Orders;
using ChargeCars.Relations.Addresses;
using ChargeCars.Relations.Contacts;
using ChargeCars.Relations.Places;
using ChargeCars.Api.Relations.Places;
using ChargeCars.Fleet;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.FileStorage;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Money.Numbering;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Platform.Secrets;
using ChargeCars.Api.Conversations.Messages;
using ChargeCars.Api.Telephony.Aircall;
using ChargeCars.Api.Telephony.Calls;
using ChargeCars.Conversations;
using ChargeCars.Telephony;
using ChargeCars.Silo.Demo;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>Puts the host together: database, services, Orleans, HTTP, in that order; it stops in the reverse.</summary>
public sealed class ChargeCarsHost : IAsyncDisposable
{
    private readonly HostDatabase _database;

    private ChargeCarsHost(WebApplication app, HostDatabase database)
    {
        App = app;
        _database = database;
    }

    /// <summary>The running application.</summary>
    public WebApplication App { get; }

    /// <summary>Runs until it is told to stop. 1 where something must be put right before it can start.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var host = await StartAsync(args);
            await host.App.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception fault) when (StartupFault.Explain(fault) is { } message)
        {
            await Console.Error.WriteLineAsync(message);
            return 1;
        }
    }

    /// <summary>Answers when it serves.</summary>
    /// <param name="args">Configuration, as on the command line.</param>
    /// <param name="configure">What a test puts in place of the host's own services.</param>
    public static async Task<ChargeCarsHost> StartAsync(string[] args, Action<IServiceCollection>? configure = null)
    {
        var builder = CreateBuilder(args);
        var cluster = ClusterOptions.From(builder.Configuration);
        using var loggers = LoggerFactory.Create(logging =>
            logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole());
        var database = await HostDatabase.OpenAsync(cluster, builder.Configuration, loggers, CancellationToken.None);
        try
        {
            var master = await SecretServices.LoadMasterKeyAsync(database.Source, builder.Configuration, cluster.DataDirectory, CancellationToken.None);
            await database.UseApplicationRoleAsync(master, loggers, CancellationToken.None);
            var app = Build(builder, cluster, database, master, configure);
            await app.Services.PrepareSecretsAsync(CancellationToken.None);
            // Before anything is made that reads them: a fault is told in a sentence, not in the stack of who asked first.
            app.Services.GetService<IStartupValidator>()?.Validate();
            if (cluster.IsApi)
            {
                await app.Services.PrepareAccessAsync(cluster.DataDirectory, Console.Out, CancellationToken.None);
            }

            await app.StartAsync();
            return new(app, database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>With the configuration and the addresses as given, and no service yet.</summary>
    internal static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = DemoOptions.Expand(args),
            // Where appsettings.json is built to, wherever the program is started from.
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls("http://localhost:5080");
        }

        foreach (var url in builder.Configuration["urls"]!.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            CheckUrl(url);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            // Kestrel itself answers a longer line without a word; HttpServices says what is wrong with one that is shorter and too long all the same.
            kestrel.Limits.MaxRequestLineSize = 256 * 1024;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 20_000;
        });
        return builder;
    }

    private static void CheckUrl(string url)
    {
        try
        {
            BindingAddress.Parse(url);
        }
        catch (FormatException fault)
        {
            throw new StartupException($"ASPNETCORE_URLS: {fault.Message}. It must be like http://localhost:5080, several separated by semicolons.", fault);
        }
    }

    private static WebApplication Build(
        WebApplicationBuilder builder, ClusterOptions cluster, HostDatabase database, MasterKey master, Action<IServiceCollection>? configure)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(database.Source);
        builder.Services.AddSecrets(master);
        builder.Services.AddHealth(database.ConnectionString);
        builder.Services.AddStorageMaintenance();
        builder.Services.AddPositionDays(database.Owner);
        builder.Services.AddCommits();
        builder.Services.AddPositions(alone: !cluster.IsCluster);
        builder.Services.AddMotion();
        builder.Services.AddNumbers();
        builder.Services.AddAccounts();
        if (cluster.IsSilo)
        {
            builder.Services.AddFenceWatch();
        }

        builder.AddTelemetry();
        builder.Services.AddCalendars();
        builder.AddOrleans(cluster, database.ClusterId, database.ConnectionString, master);
        builder.Services.AddPlanning();
        builder.Services.AddDesk();
        builder.Services.AddSignOff();
        builder.Services.AddStockCheck();
        builder.Services.AddFileStore(cluster.DataDirectory);
        builder.Services.AddAttachmentReception();
        if (cluster.IsSilo)
        {
            builder.Services.AddDueCommands();
            builder.Services.AddAttachmentKeeping();
            builder.Services.AddAddressLookup();
            builder.Services.AddOrders();
            builder.Services.AddAlerts();
            builder.Services.AddStock();
            builder.Services.AddCalls();
            builder.Services.AddContactErasure();
            builder.Services.AddConversations(builder.Configuration, cluster.DataDirectory);
            builder.Services.AddUluFeed(builder.Configuration);
            builder.Services.AddAircallFeed();
            builder.Services.AddDemo(builder.Configuration);
        }

        builder.Services.AddAddressValidation();
        builder.Services.AddMessageIntake();
        builder.Services.AddContactTraces();
        builder.Services.AddCallCards();
        if (cluster.IsApi)
        {
            builder.Services.AddHttpManner();
            builder.Services.AddRateLimits(builder.Configuration);
            builder.Services.AddNotifications(builder.Configuration, cluster.DataDirectory);
            builder.Services.AddAccess(builder.Configuration);
            builder.Services.AddTelemetry(builder.Configuration);
            builder.Services.AddCacheInvalidation();
            builder.Services.AddLiveFeed(builder.Configuration);
            builder.Services.AddFleet();
            builder.Services.AddNearestFeed();
            builder.Services.AddEntityManner();
            builder.Services.AddEntities();
            builder.Services.AddOrderQueries();
            builder.Services.AddStockQueries();
            builder.Services.AddCrossingQueries();
            builder.Services.AddCallIntake();
            builder.Services.AddAlertQueries();
            builder.Services.AddMessages();
            builder.Services.AddAudit();
            builder.Services.AddPlaces();
            builder.Services.AddScreen(builder.Configuration);
            builder.Services.AddApiDescription();
        }

        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapHealth();
        if (cluster.IsApi)
        {
            MapApi(app);
        }

        app.BuildEndpointsOnce();
        return app;
    }

    private static void MapApi(WebApplication app)
    {
        app.UseKnownProxies();
        app.UseProblemAnswers();
        app.UseAuthentication();
        app.UseQuotas();
        app.UseAuthorization();
        app.UseRequestRules();
        app.MapDocumentation();
        app.MapAccess();
        app.MapVehicles();
        app.MapMotion();
        app.MapEntities();
        app.MapCrossings();
        app.MapSearch();
        app.MapDueCommands();
        app.MapStatus();
        app.MapPlanning();
        app.MapStock();
        app.MapCalls();
        app.MapAlerts();
        app.MapMessages();
        app.MapFleet();
        app.MapAudit();
        app.MapTelemetry();
        app.MapNumbers();
        app.MapLiveFeed();
        app.MapPlaces();
        app.MapScreen();
        Dashboard.Map(app);
    }
}
