using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet.Geofences;

/// <summary>How vehicles are watched at geofences: <c>ChargeCars:Geofences</c>.</summary>
public sealed class GeofenceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Geofences";

    /// <summary>How often each silo asks whether a geofence was changed, as a .NET time span. Default 1 second.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How far back a vehicle that wakes near a geofence looks at its fixes again, as a .NET time span: what a crash left
    /// undecided is decided then. A dwell that is longer begins anew. Default 15 minutes.
    /// </summary>
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromMinutes(15);

    internal sealed class Validator : IValidateOptions<GeofenceOptions>
    {
        public ValidateOptionsResult Validate(string? name, GeofenceOptions options)
        {
            List<string> faults = [];
            if (options.RefreshInterval < TimeSpan.FromMilliseconds(50) || options.RefreshInterval > TimeSpan.FromHours(1))
            {
                faults.Add($"{Section}:RefreshInterval must be from 0.05 second to one hour, not {options.RefreshInterval}.");
            }

            if (options.ReplayWindow < TimeSpan.Zero || options.ReplayWindow > TimeSpan.FromDays(1))
            {
                faults.Add($"{Section}:ReplayWindow must be from zero to one day, not {options.ReplayWindow}.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
