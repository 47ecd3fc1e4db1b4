using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.Storage;

/// <summary>The durable feed of changes: <c>ChargeCars:ChangeEvents</c>.</summary>
public sealed class ChangeEventOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:ChangeEvents";

    /// <summary>
    /// How long changes are kept for a screen or a partner to resume from, as a .NET time span. Default 7 days.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);
}

/// <summary>Refuses, at start and by the key's name, change event options that can't work.</summary>
public sealed class ChangeEventOptionsValidator : IValidateOptions<ChangeEventOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ChangeEventOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Retention > TimeSpan.Zero
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ChangeEventOptions.Section}:Retention must be more than zero, not {options.Retention}.");
    }
}
