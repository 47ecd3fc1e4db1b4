using ChargeCars.Api.Platform.Http.Limits;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>The live feed of an API node: <c>ChargeCars:Live</c>. Times are .NET time spans.</summary>
public sealed class LiveOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Live";

    /// <summary>
    /// How often <c>change_event</c> is asked while the streams bring nothing; a change whose publisher died is on a
    /// screen within two of these. Default 250 ms.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long a hole in the sequences may fill itself from the other stream before it is read from
    /// <c>change_event</c>. Default 20 ms.
    /// </summary>
    public TimeSpan HoleGrace { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The shortest time between two messages of positions; what comes meanwhile goes out together. Default 10 ms.</summary>
    public TimeSpan PositionBatch { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The shortest time between two positions of one vehicle on one connection. Default 250 ms: four a second.</summary>
    public TimeSpan PositionInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Vehicles in one message at most; small messages keep the age low. Default 100.</summary>
    public int PositionsPerMessage { get; set; } = 100;

    /// <summary>Changes in one message at most. Default 500.</summary>
    public int ChangesPerMessage { get; set; } = 500;

    /// <summary>Changes that may wait for one connection; with more it is closed, and resumes. Default 5,000.</summary>
    public int MaximumQueuedChanges { get; set; } = 5_000;

    /// <summary>How long a connection may take to accept one message before it is closed. Default 10 s.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest gap that is replayed; a larger one is answered with a fresh snapshot. Default 10,000 changes.</summary>
    public int MaximumReplay { get; set; } = 10_000;

    /// <summary>
    /// Snapshots and replays read and sent at the same time; more wait. When every screen reconnects at once, they must not
    /// take the database's connections from those who commit, nor be in memory all at once. Default 8.
    /// </summary>
    public int MaximumReads { get; set; } = 8;

    /// <summary>Connections of this node; further ones are answered 503. Default 5,000.</summary>
    public int MaximumConnections { get; set; } = 5_000;

    /// <summary>Connections of one caller, a person or a key, on this node; further ones are answered 429. Default 1,000.</summary>
    public int MaximumConnectionsPerCaller { get; set; } = 1_000;

    /// <summary>Calls of the hub's methods on one connection; what is more waits for its turn. Default 2 a second, 20 at once.</summary>
    public Quota Calls { get; set; } = new() { PerSecond = 2, Burst = 20 };

    /// <summary>
    /// The same on all connections of one caller; a call that would wait longer than five seconds is refused. Default 20 a second, 1,000 at
    /// once, for all screens of a shared account come back at the same moment.
    /// </summary>
    public Quota CallsPerCaller { get; set; } = new() { PerSecond = 20, Burst = 1_000 };

    /// <summary>How often each stream subscription is proved by a message of our own. Default 1 s.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a subscription may be silent before it is made anew. Default 3 s.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Web origins beside the host's own whose pages may connect, as in <c>https://planning.example.nl</c>. Default none.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];
}

/// <summary>Refuses, at start and by the key's name, options of the live feed that can't work.</summary>
public sealed class LiveOptionsValidator : IValidateOptions<LiveOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        Span(options.PollInterval, nameof(options.PollInterval), 10, 60_000);
        Span(options.HoleGrace, nameof(options.HoleGrace), 1, 10_000);
        Span(options.PositionBatch, nameof(options.PositionBatch), 1, 1_000);
        Span(options.PositionInterval, nameof(options.PositionInterval), 1, 60_000);
        Span(options.WriteTimeout, nameof(options.WriteTimeout), 100, 300_000);
        Span(options.ProbeInterval, nameof(options.ProbeInterval), 10, 60_000);
        Span(options.ProbeTimeout, nameof(options.ProbeTimeout), 10, 600_000);
        Count(options.PositionsPerMessage, nameof(options.PositionsPerMessage), 10_000);
        Count(options.ChangesPerMessage, nameof(options.ChangesPerMessage), 10_000);
        Count(options.MaximumQueuedChanges, nameof(options.MaximumQueuedChanges), 1_000_000);
        Count(options.MaximumReplay, nameof(options.MaximumReplay), 1_000_000);
        Count(options.MaximumReads, nameof(options.MaximumReads), 50);
        Count(options.MaximumConnections, nameof(options.MaximumConnections), 1_000_000);
        Count(options.MaximumConnectionsPerCaller, nameof(options.MaximumConnectionsPerCaller), 1_000_000);
        Count(options.Calls.PerSecond, $"{nameof(options.Calls)}:{nameof(Quota.PerSecond)}", 1_000_000);
        Count(options.Calls.Burst, $"{nameof(options.Calls)}:{nameof(Quota.Burst)}", 1_000_000);
        Count(options.CallsPerCaller.PerSecond, $"{nameof(options.CallsPerCaller)}:{nameof(Quota.PerSecond)}", 1_000_000);
        Count(options.CallsPerCaller.Burst, $"{nameof(options.CallsPerCaller)}:{nameof(Quota.Burst)}", 1_000_000);
        Check(options.ProbeTimeout > options.ProbeInterval, nameof(options.ProbeTimeout), "must be longer than ProbeInterval");
        foreach (var origin in options.AllowedOrigins)
        {
            Check(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri) && origin.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase),
                nameof(options.AllowedOrigins), $"must hold origins such as https://planning.example.nl, not '{origin}'");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Span(TimeSpan value, string key, int least, int most) => Check(
            value >= TimeSpan.FromMilliseconds(least) && value <= TimeSpan.FromMilliseconds(most), key,
            $"must be from {TimeSpan.FromMilliseconds(least)} to {TimeSpan.FromMilliseconds(most)}, not {value}");

        void Count(int value, string key, int most) => Check(value >= 1 && value <= most, key, $"must be 1 to {most}, not {value}");

        void Check(bool good, string key, string fault)
        {
            if (!good)
            {
                faults.Add($"{LiveOptions.Section}:{key} {fault}.");
            }
        }
    }
}
