using Microsoft.Extensions.Options;

namespace ChargeCars.Orders.Visits;

/// <summary>How a van's coming and going counts for its visit: <c>ChargeCars:Visits</c>. Times are .NET time spans.</summary>
public sealed class VisitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Visits";

    /// <summary>How near the address a van has arrived, metres, its own error within. Default 75.</summary>
    public double FenceRadiusMeters { get; set; } = 75;

    /// <summary>How far beyond that it has left, metres more. Default 75.</summary>
    public double FenceExitMarginMeters { get; set; } = 75;

    /// <summary>How long it must be there, seconds: who drives past does not arrive. Default 60.</summary>
    public int FenceDwellSeconds { get; set; } = 60;

    /// <summary>Whether an arrival that the geofence proposes is taken where nobody says anything. Default true.</summary>
    public bool TakesArrivals { get; set; } = true;

    /// <summary>How long a person has to say something else before it is taken. Default 3 minutes.</summary>
    public TimeSpan TakeArrivalAfter { get; set; } = TimeSpan.FromMinutes(3);

    internal sealed class Validator : IValidateOptions<VisitOptions>
    {
        public ValidateOptionsResult Validate(string? name, VisitOptions options)
        {
            List<string> faults = [];
            Within(nameof(FenceRadiusMeters), options.FenceRadiusMeters, 5, 5_000, "metres");
            Within(nameof(FenceExitMarginMeters), options.FenceExitMarginMeters, 0, 5_000, "metres");
            Within(nameof(FenceDwellSeconds), options.FenceDwellSeconds, 0, 3_600, "seconds");
            if (options.TakeArrivalAfter < TimeSpan.Zero || options.TakeArrivalAfter > TimeSpan.FromHours(8))
            {
                faults.Add($"{Section}:{nameof(TakeArrivalAfter)} must be from zero to eight hours, not {options.TakeArrivalAfter}.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

            void Within(string key, double value, double least, double most, string unit)
            {
                if (!(value >= least && value <= most))
                {
                    faults.Add($"{Section}:{key} must be {least} to {most} {unit}, not {value}.");
                }
            }
        }
    }
}
