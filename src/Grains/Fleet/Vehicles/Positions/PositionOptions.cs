using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>Which fixes are taken, how they get to disk and how long they are kept: <c>ChargeCars:Positions</c>.</summary>
public sealed class PositionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Positions";

    /// <summary>
    /// How old a fix may be when it comes, as a .NET time span; an older one is refused as <c>too_old</c>. A tracker
    /// that was out of reach sends what it kept, days later. At most <see cref="Retention"/>. Default 30 days.
    /// </summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long fixes are kept, as a .NET time span. Days are dropped whole, once their last moment is older than this.
    /// Positions are personal data: keep them no longer than there is a reason to. Default 365 days.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How far ahead of this host's clock a fix may be, as a .NET time span; a later one is refused as <c>future</c>.
    /// At most a day. Default 2 minutes.
    /// </summary>
    public TimeSpan FutureTolerance { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// What no vehicle drives, km/h: a faster fix is refused as <c>impossible_speed</c>, by its own word or by the
    /// distance from the live position over the time since. Default 300.
    /// </summary>
    public double MaxSpeedKmh { get; set; } = 300;

    /// <summary>The largest error radius that still says where a van is, metres; a larger one is refused as <c>poor_accuracy</c>. Default 500.</summary>
    public double MaxAccuracyMeters { get; set; } = 500;

    /// <summary>The age at which a live position is called stale, as a .NET time span. Default 60 seconds.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The age at which a vehicle is called offline, as a .NET time span; more than <see cref="StaleAfter"/>. Default 10 minutes.</summary>
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Connections that commit fixes at the same time: two keep PostgreSQL busy while one's answer is read. Default 2.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>Fixes in one transaction, at most but for a single larger request; bigger groups only queue. Default 1,000.</summary>
    public int GroupSize { get; set; } = 1_000;

    /// <summary>Fixes that may wait for one writer; more are answered 503. Default 50,000.</summary>
    public int Capacity { get; set; } = 50_000;

    /// <summary>
    /// How often <c>vehicle.current_location</c> follows the positions, as a .NET time span: the history has every fix
    /// at once, the vehicle's row need not be rewritten for each. Default 2 seconds.
    /// </summary>
    public TimeSpan LocationInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether days that are over are settled: rewritten in the order of their vehicles, so that a vehicle's day is read
    /// from pages that adjoin. Takes one day's room on disk while it does. Default true.
    /// </summary>
    public bool Settle { get; set; } = true;

    /// <summary>
    /// How long after its end a day is settled, as a .NET time span; from zero to a year. What comes later than that
    /// lies at the day's end and is found all the same. Default 24 hours.
    /// </summary>
    public TimeSpan SettleAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often a host looks for days to settle, as a .NET time span; from a second to a day. Default one hour.</summary>
    public TimeSpan SettleInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How old a live position is, in words; unknown without one.</summary>
    public Freshness FreshnessOf(DateTimeOffset? fixTime, DateTimeOffset now) => fixTime is not { } at ? Freshness.Unknown
        : now - at is var age && age >= OfflineAfter ? Freshness.Offline
        : age >= StaleAfter ? Freshness.Stale
        : Freshness.Live;
}

/// <summary>Refuses, at start and by the key's name, position options that can't work.</summary>
public sealed class PositionOptionsValidator : IValidateOptions<PositionOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, PositionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        Check(options.MaxAge > TimeSpan.Zero, nameof(options.MaxAge), $"must be more than zero, not {options.MaxAge}");
        Check(options.Retention > TimeSpan.Zero, nameof(options.Retention), $"must be more than zero, not {options.Retention}");
        Check(
            options.MaxAge <= options.Retention, nameof(options.MaxAge),
            $"({options.MaxAge}) must not be more than {PositionOptions.Section}:Retention ({options.Retention}): a fix would be taken and dropped");
        Check(
            options.FutureTolerance >= TimeSpan.Zero && options.FutureTolerance <= TimeSpan.FromDays(1),
            nameof(options.FutureTolerance), $"must be from zero to one day, not {options.FutureTolerance}");
        Check(options.MaxSpeedKmh is > 0 and <= 10_000, nameof(options.MaxSpeedKmh), $"must be more than 0 and at most 10,000 km/h, not {options.MaxSpeedKmh}");
        Check(
            options.MaxAccuracyMeters is > 0 and <= 1_000_000, nameof(options.MaxAccuracyMeters),
            $"must be more than 0 and at most 1,000,000 metres, not {options.MaxAccuracyMeters}");
        Check(options.StaleAfter > TimeSpan.Zero, nameof(options.StaleAfter), $"must be more than zero, not {options.StaleAfter}");
        Check(
            options.OfflineAfter > options.StaleAfter, nameof(options.OfflineAfter),
            $"({options.OfflineAfter}) must be more than {PositionOptions.Section}:StaleAfter ({options.StaleAfter})");
        Check(options.Writers is >= 1 and <= 16, nameof(options.Writers), $"must be 1 to 16, not {options.Writers}");
        Check(options.GroupSize is >= 1 and <= 100_000, nameof(options.GroupSize), $"must be 1 to 100,000, not {options.GroupSize}");
        Check(options.Capacity is >= 10_000 and <= 10_000_000, nameof(options.Capacity), $"must be 10,000 (one request) to 10,000,000, not {options.Capacity}");
        Check(
            options.LocationInterval >= TimeSpan.FromMilliseconds(100) && options.LocationInterval <= TimeSpan.FromHours(1),
            nameof(options.LocationInterval), $"must be from 0.1 second to one hour, not {options.LocationInterval}");
        Check(
            options.SettleAfter >= TimeSpan.Zero && options.SettleAfter <= TimeSpan.FromDays(365),
            nameof(options.SettleAfter), $"must be from zero to 365 days, not {options.SettleAfter}");
        Check(
            options.SettleInterval >= TimeSpan.FromSeconds(1) && options.SettleInterval <= TimeSpan.FromDays(1),
            nameof(options.SettleInterval), $"must be from one second to one day, not {options.SettleInterval}");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool good, string key, string fault)
        {
            if (!good)
                failures.Add($"{PositionOptions.Section}:{key} {fault}.");
        }
    }
}
