using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>How much telemetry one API node takes in at the same time: <c>ChargeCars:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Telemetry";

    /// <summary>Requests under way; more are answered 503 before their body is read. Default 1,024.</summary>
    public int MaxRequests { get; set; } = 1_024;

    /// <summary>
    /// Positions under way, estimated from the bodies' sizes until they are read; more are answered 503. At least
    /// 10,000, which is one full request. Default 20,000: more would only wait longer, and be refused later.
    /// </summary>
    public int MaxPositions { get; set; } = 20_000;

    internal sealed class Validator : IValidateOptions<TelemetryOptions>
    {
        public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
        {
            List<string> faults = [];
            if (options.MaxRequests is < 1 or > 100_000)
            {
                faults.Add($"{Section}:MaxRequests must be 1 to 100,000, not {options.MaxRequests}.");
            }

            if (options.MaxPositions is < PositionBatch.MaxPositions or > 10_000_000)
            {
                faults.Add($"{Section}:MaxPositions must be 10,000 (one full request) to 10,000,000, not {options.MaxPositions}.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
