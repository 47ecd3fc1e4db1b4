using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;

namespace ChargeCars.Alerts;

/// <summary>When something needs somebody: <c>ChargeCars:Alerts</c>.</summary>
public sealed class AlertOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Alerts";

    /// <summary>How often one host looks at everything, as a .NET time span. Default 1 minute.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How soon after a change a host looks at what the change may concern. Default 2 seconds.</summary>
    public TimeSpan Soon { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A visit that is expected later than this after its promise needs somebody, minutes. Default 15.</summary>
    public int LateMinutes { get; set; } = 15;

    /// <summary>By how much less it must be late for its alert to end, minutes. Default 5.</summary>
    public int LateHysteresisMinutes { get; set; } = 5;

    /// <summary>How long a van on a job may be silent. Default 10 minutes.</summary>
    public TimeSpan SilentFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after it drove too fast a van is told of. Default 10 minutes.</summary>
    public TimeSpan OverspeedFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after its last refused position a tracker's clock counts as wrong. Default 30 minutes.</summary>
    public TimeSpan ClockFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long what was refused or failed, and messages that did not arrive, wait for somebody. Default 14 days.</summary>
    public TimeSpan FailureFor { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long alerts are kept after they ended. Default 90 days.</summary>
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);

    internal sealed class Validator : IValidateOptions<AlertOptions>
    {
        public ValidateOptionsResult Validate(string? name, AlertOptions options)
        {
            List<string> faults = [];
            Check(options.Interval >= TimeSpan.FromSeconds(1) && options.Interval <= TimeSpan.FromDays(1), nameof(Interval), "must be from 1 second to 1 day");
            Check(options.Soon >= TimeSpan.FromSeconds(0.1) && options.Soon <= TimeSpan.FromDays(1), nameof(Soon), "must be from 0.1 seconds to 1 day");
            Check(options.LateMinutes is >= 1 and <= 240, nameof(LateMinutes), "must be 1 to 240 minutes");
            Check(
                options.LateHysteresisMinutes >= 0 && options.LateHysteresisMinutes < options.LateMinutes, nameof(LateHysteresisMinutes),
                "must be from 0 to less than LateMinutes");
            Check(options.SilentFor >= TimeSpan.FromSeconds(10), nameof(SilentFor), "must be at least 10 seconds");
            Check(options.OverspeedFor >= TimeSpan.FromSeconds(10), nameof(OverspeedFor), "must be at least 10 seconds");
            Check(options.ClockFor >= TimeSpan.FromSeconds(10), nameof(ClockFor), "must be at least 10 seconds");
            Check(
                options.FailureFor >= TimeSpan.FromHours(1) && options.FailureFor <= TimeSpan.FromDays(366), nameof(FailureFor),
                "must be from 1 hour to 366 days");
            faults.AddRange(RetentionSpans.Faults(Section, nameof(KeepEnded), options.KeepEnded));
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

            void Check(bool good, string key, string fault)
            {
                if (!good)
                {
                    faults.Add($"{Section}:{key} {fault}.");
                }
            }
        }
    }
}
