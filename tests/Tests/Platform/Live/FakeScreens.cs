using System.Collections.Frozen;
using System.IO.Pipelines;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Platform.Live;

/// <summary>The feed's own parts on a fake clock, with screens in memory: nothing between a tick and what a screen is given.</summary>
internal sealed class FakeScreens : IDisposable
{
    public static readonly Caller Dispatcher = new(new Actor(ActorKind.User, Guid.CreateVersion7(), "dispatcher"), Permissions.All.ToFrozenSet(), null);

    private readonly LiveOptions _options = new();

    public FakeScreens()
    {
        Board = new(Time);
        var slices = new Slices(Options.Create(new PositionOptions()), Time);
        Connections = new(Board, slices, Options.Create(_options), Time, NullLogger<LiveConnections>.Instance);
        Feed = new(Connections, Board, slices, Options.Create(_options), Time, NullLogger<LiveDispatcher>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    public PositionBoard Board { get; }

    public LiveConnections Connections { get; }

    public LiveDispatcher Feed { get; }

    /// <summary>A screen that watches the fleet, and has its snapshot.</summary>
    public FakeScreen Open(Area? area = null, params Guid[] vehicles)
    {
        var screen = new FakeScreen();
        Connections.Add(screen);
        var connection = Connections.Get(screen.ConnectionId);
        var round = connection.Begin();
        Connections.Join(connection, new WatchFilter([Topics.ByName[Topics.Fleet]], area, vehicles, [], Dispatcher));
        Assert.True(connection.Answer(round, 0));
        connection.Release();
        return screen;
    }

    /// <summary>A vehicle is somewhere, now.</summary>
    public void Move(Guid vehicle, double latitude, double longitude = 5)
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Feed.Take(new([new(vehicle, Time.GetUtcNow(), latitude, longitude, null, null, null, null, ChargeCars.Fleet.Vehicles.VehicleStatus.Driving)]));
    }

    public void Dispose() => Feed.Dispose();
}

/// <summary>A connection that keeps what it is given. It may be made to stop taking.</summary>
internal sealed class FakeScreen(Caller? caller = null) : HubConnectionContext(Connected(caller ?? FakeScreens.Dispatcher), new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromMinutes(1) }, NullLoggerFactory.Instance)
{
    private TaskCompletionSource? _stopped;

    public List<SerializedHubMessage> Given { get; } = [];

    /// <summary>The positions given since the last call, message by message.</summary>
    public List<PositionItem> TakePositions()
    {
        var items = Given.Select(Invocation).Where(message => message.Target == "positions")
            .SelectMany(message => ((PositionsMessage)message.Arguments[0]!).Items).ToList();
        Given.Clear();
        return items;
    }

    /// <summary>The names of the messages given since the last call.</summary>
    public List<string> TakeTargets()
    {
        var targets = Given.Select(message => Invocation(message).Target).ToList();
        Given.Clear();
        return targets;
    }

    public void GoOnReading()
    {
        var stopped = _stopped!;
        _stopped = null;
        stopped.SetResult();
    }

    public void StopReading() => _stopped = new();

    public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
    {
        Given.Add(message);
        return _stopped is { } stopped ? new(stopped.Task.WaitAsync(cancellationToken)) : ValueTask.CompletedTask;
    }

    private static InvocationMessage Invocation(SerializedHubMessage message) => (InvocationMessage)message.Message!;

    private static DefaultConnectionContext Connected(Caller caller)
    {
        var http = new DefaultHttpContext();
        http.Features.Set(caller);
        var connection = new DefaultConnectionContext(Guid.NewGuid().ToString("N"), new Line(), new Line());
        connection.Features.Set<IHttpContextFeature>(new OfHttp { HttpContext = http });
        return connection;
    }

    private sealed class Line : IDuplexPipe
    {
        private readonly Pipe _pipe = new();

        public PipeReader Input => _pipe.Reader;

        public PipeWriter Output => _pipe.Writer;
    }

    private sealed class OfHttp : IHttpContextFeature
    {
        public HttpContext? HttpContext { get; set; }
    }
}
