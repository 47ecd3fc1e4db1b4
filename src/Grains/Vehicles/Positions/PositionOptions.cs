using Microsoft.Extensions.Options;

namespace ChargeCars.Vehicles.Positions;

/// <summary>Which fixes are taken and how long they are kept: <c>ChargeCars:Positions</c>.</summary>
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
    /// At most a day, as partitions exist a week ahead. Default 2 minutes.
    /// </summary>
    public TimeSpan FutureTolerance { get; set; } = TimeSpan.FromMinutes(2);
}

/// <summary>Refuses, at start and by the key's name, position options that can't work.</summary>
public sealed class PositionOptionsValidator : IValidateOptions<PositionOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, PositionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        if (options.MaxAge <= TimeSpan.Zero)
            failures.Add($"{PositionOptions.Section}:MaxAge must be more than zero, not {options.MaxAge}.");
        if (options.Retention <= TimeSpan.Zero)
            failures.Add($"{PositionOptions.Section}:Retention must be more than zero, not {options.Retention}.");
        if (options.MaxAge > options.Retention)
        {
            failures.Add(
                $"{PositionOptions.Section}:MaxAge ({options.MaxAge}) must not be more than "
                + $"{PositionOptions.Section}:Retention ({options.Retention}): a fix would be taken and dropped.");
        }

        if (options.FutureTolerance < TimeSpan.Zero || options.FutureTolerance > TimeSpan.FromDays(1))
        {
            failures.Add(
                $"{PositionOptions.Section}:FutureTolerance must be from zero to one day, not {options.FutureTolerance}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
