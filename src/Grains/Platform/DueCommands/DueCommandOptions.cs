using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.DueCommands;

/// <summary>How what follows from commands is carried out: <c>ChargeCars:DueCommands</c>.</summary>
public sealed class DueCommandOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:DueCommands";

    /// <summary>How often a host looks for what is due though nobody woke it; 0.5 s.</summary>
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>For how long a host keeps what it took to itself: after its death another takes it when this is over; 10 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often one is tried before it stops; 12.</summary>
    public int Attempts { get; set; } = 12;

    /// <summary>The longest wait between two tries; they begin at 1 s and double. 15 minutes.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(15);

    internal sealed class Validator : IValidateOptions<DueCommandOptions>
    {
        public ValidateOptionsResult Validate(string? name, DueCommandOptions options) =>
            options.Sweep <= TimeSpan.Zero ? ValidateOptionsResult.Fail($"{Section}:{nameof(Sweep)} must be above zero.")
            : options.Lease < TimeSpan.FromSeconds(1) ? ValidateOptionsResult.Fail($"{Section}:{nameof(Lease)} must be at least a second.")
            : options.Attempts < 1 ? ValidateOptionsResult.Fail($"{Section}:{nameof(Attempts)} must be at least 1.")
            : options.LongestWait < TimeSpan.FromSeconds(1) ? ValidateOptionsResult.Fail($"{Section}:{nameof(LongestWait)} must be at least a second.")
            : ValidateOptionsResult.Success;
    }
}
