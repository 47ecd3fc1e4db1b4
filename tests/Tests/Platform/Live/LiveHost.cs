using System.Collections.Frozen;
using System.Net;
using System.Security.Claims;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Changes;
using ChargeCars.Testing;
using ChargeCars.Tests.Identity;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChargeCars.Tests.Platform.Live;

/// <summary>The real hub and feed on Kestrel and PostgreSQL; the streams are the test's own hand.</summary>
internal sealed class LiveHost : IAsyncDisposable
{
    public static readonly Guid KeyId = Guid.CreateVersion7();

    private static readonly Dictionary<string, Caller> Callers = new()
    {
        ["all"] = new(new Actor(ActorKind.User, Guid.CreateVersion7(), "all"), Permissions.All.ToFrozenSet(), null),
        ["another"] = new(new Actor(ActorKind.User, Guid.CreateVersion7(), "another"), Permissions.All.ToFrozenSet(), null),
        ["key"] = new(new Actor(ActorKind.Key, KeyId, "key"), Permissions.All.ToFrozenSet(), null),
        ["no-positions"] = new(new Actor(ActorKind.User, Guid.CreateVersion7(), "few"), FrozenSet.ToFrozenSet([Permissions.VehiclesRead]), null),
    };

    private readonly WebApplication _application;

    private LiveHost(WebApplication application, TestDatabase database, KeptLog log) => (_application, Database, Log) = (application, database, log);

    public TestDatabase Database { get; }

    public KeptLog Log { get; }

    public Uri Address => new(_application.Urls.Single());

    public CountingProtocol Protocol => _application.Services.GetRequiredService<CountingProtocol>();

    public LiveConnections Connections => _application.Services.GetRequiredService<LiveConnections>();

    public WatchReadings Readings => _application.Services.GetRequiredService<WatchReadings>();

    public ChangeFeed Feed => _application.Services.GetRequiredService<ChangeFeed>();

    public static Task<LiveHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(TimeProvider.System, settings);

    public static async Task<LiveHost> StartAsync(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var log = new KeptLog();
        builder.Logging.ClearProviders().AddProvider(log);
        // Tests call as fast as they can.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ChargeCars:Live:Calls:PerSecond"] = "100000", ["ChargeCars:Live:Calls:Burst"] = "100000",
            ["ChargeCars:Live:CallsPerCaller:PerSecond"] = "100000", ["ChargeCars:Live:CallsPerCaller:Burst"] = "100000",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"ChargeCars:Live:{pair.Key}", (string?)pair.Value)));
        builder.Services.AddSingleton(database.DataSource);
        builder.Services.AddSingleton(time);
        builder.Services.AddRouting();
        builder.Services.AddAuthorization(options =>
        {
            foreach (var permission in Permissions.All)
            {
                options.AddPolicy(permission, policy => policy.RequireAssertion(context =>
                    context.Resource is HttpContext http && http.Features.Get<Caller>() is { } caller && caller.Permissions.Contains(permission)));
            }
        });
        builder.Services.AddAuthentication("test").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NoScheme>("test", null);
        builder.Services.AddLiveFeed(builder.Configuration);
        builder.Services.RemoveAll<StreamSubscriptions>();
        foreach (var streams in builder.Services.Where(service => service.ServiceType == typeof(IHostedService)
            && (service.ImplementationFactory?.Method.ReturnType == typeof(StreamSubscriptions)
                || service.ImplementationFactory?.Method.ReturnType == typeof(PositionRows))).ToArray())
        {
            builder.Services.Remove(streams);
        }

        builder.Services.AddSingleton<CountingProtocol>();
        builder.Services.AddSingleton<IHubProtocol>(provider => provider.GetRequiredService<CountingProtocol>());
        var application = builder.Build();
        application.Use((http, next) =>
        {
            if (http.Request.Query["access_token"].ToString() is { Length: > 0 } token && Callers.TryGetValue(token, out var caller))
            {
                http.Features.Set(caller);
                http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, token)], "test"));
            }

            return next(http);
        });
        application.UseRouting();
        application.UseAuthorization();
        application.MapLiveFeed();
        await application.StartAsync();
        var host = new LiveHost(application, database, log);
        await host.Feed.Started.WaitAsync(FeedRecorder.Patience);
        return host;
    }

    public void Publish(params LivePosition[] positions) =>
        _application.Services.GetRequiredService<LiveDispatcher>().Take(new PositionsMoved(positions));

    /// <summary>What takes the place of the streams while they are silent, to be asked by the test's own hand.</summary>
    public PositionRows Rows => new(
        Database.DataSource, null!, _application.Services.GetRequiredService<LiveDispatcher>(), TimeProvider.System, NullLogger<PositionRows>.Instance);

    public async Task<LiveClient> ConnectAsync(string caller = "all")
    {
        var client = new LiveClient(new Uri(Address, $"hubs/dispatch?access_token={caller}"));
        await client.Hub.StartAsync();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>A screen.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    /// <param name="address">With the access token, of a person.</param>
    /// <param name="key">Or the key of a program.</param>
    public LiveClient(Uri address, string? key = null)
    {
        Hub = new HubConnectionBuilder().WithUrl(address, options =>
            {
                options.SkipNegotiation = true;
                options.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
                if (key is not null)
                {
                    options.Headers["X-Api-Key"] = key;
                }
            })
            .AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.SnakeCaseLower)))
            .Build();
        Hub.On<PositionsMessage>("positions", message => Positions.Writer.TryWrite(message));
        Hub.On<ChangesMessage>("changes", message =>
        {
            foreach (var item in message.Items)
            {
                Changes.Writer.TryWrite(item);
            }
        });
        Hub.On<ResyncMessage>("resync", message => Resyncs.Writer.TryWrite(message));
        Hub.Closed += _ =>
        {
            Closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public HubConnection Hub { get; }

    public Channel<PositionsMessage> Positions { get; } = Channel.CreateUnbounded<PositionsMessage>();

    public Channel<ChangeEvent> Changes { get; } = Channel.CreateUnbounded<ChangeEvent>();

    public Channel<ResyncMessage> Resyncs { get; } = Channel.CreateUnbounded<ResyncMessage>();

    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Answer> WatchAsync(object request) => Hub.InvokeAsync<Answer>("Watch", request).WaitAsync(FeedRecorder.Patience);

    public Task<Answer> WatchFleetAsync(long? since = null) =>
        WatchAsync(since is null ? new { topics = new[] { "fleet" } } : new { topics = new[] { "fleet" }, since });

    public static async Task<T> NextAsync<T>(Channel<T> channel)
    {
        using var patience = new CancellationTokenSource(FeedRecorder.Patience);
        return await channel.Reader.ReadAsync(patience.Token);
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    /// <summary>The answer as a client sees it.</summary>
    public sealed record Answer(long Sequence, bool Resumed, List<System.Text.Json.JsonElement> Vehicles, List<ChangeEvent> Changes);
}

/// <summary>Answers challenges; the callers come from the test's middleware.</summary>
internal sealed class NoScheme(
    Microsoft.Extensions.Options.IOptionsMonitor<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions> options,
    ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
    : Microsoft.AspNetCore.Authentication.AuthenticationHandler<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<Microsoft.AspNetCore.Authentication.AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Context.User.Identity is { IsAuthenticated: true }
            ? Microsoft.AspNetCore.Authentication.AuthenticateResult.Success(new(Context.User, Scheme.Name))
            : Microsoft.AspNetCore.Authentication.AuthenticateResult.NoResult());
}

/// <summary>The JSON protocol, counting how often a message was encoded.</summary>
internal sealed class CountingProtocol(Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.SignalR.JsonHubProtocolOptions> options) : IHubProtocol
{
    private readonly JsonHubProtocol _json = new(options);
    private int _positions;

    public int PositionsEncoded => Volatile.Read(ref _positions);

    public string Name => _json.Name;

    public int Version => _json.Version;

    public Microsoft.AspNetCore.Connections.TransferFormat TransferFormat => _json.TransferFormat;

    public bool TryParseMessage(
        ref System.Buffers.ReadOnlySequence<byte> input, Microsoft.AspNetCore.SignalR.IInvocationBinder binder,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HubMessage? message) => _json.TryParseMessage(ref input, binder, out message);

    public void WriteMessage(HubMessage message, System.Buffers.IBufferWriter<byte> output) => _json.WriteMessage(Count(message), output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(Count(message));

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    private HubMessage Count(HubMessage message)
    {
        if (message is InvocationMessage { Target: "positions" })
        {
            Interlocked.Increment(ref _positions);
        }

        return message;
    }
}
