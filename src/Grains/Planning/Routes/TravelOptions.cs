using Microsoft.Extensions.Options;

namespace ChargeCars.Planning.Routes;

/// <summary>How long a drive is taken to last without a routing service: <c>ChargeCars:Routing</c>.</summary>
public sealed class TravelOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Routing";

    /// <summary>How much longer the road is than the straight line. Default 1.3, about what Dutch roads are.</summary>
    public double RoadFactor { get; set; } = 1.3;

    /// <summary>
    /// How fast the kilometres of a drive go, in their order: the last band has no end. Empty: 30 km/h for the first 5 km,
    /// 60 up to 30 km, 85 beyond.
    /// </summary>
    public IList<SpeedBand> SpeedProfile { get; } = [];

    /// <summary><see cref="SpeedProfile"/>, or its default.</summary>
    internal IReadOnlyList<SpeedBand> Bands => SpeedProfile.Count > 0 ? [.. SpeedProfile] : Default;

    private static readonly SpeedBand[] Default = [new() { UpToKm = 5, Kmh = 30 }, new() { UpToKm = 30, Kmh = 60 }, new() { Kmh = 85 }];

    internal sealed class Validator : IValidateOptions<TravelOptions>
    {
        public ValidateOptionsResult Validate(string? name, TravelOptions options)
        {
            List<string> faults = [];
            if (options.RoadFactor is not (>= 1 and <= 5))
            {
                faults.Add($"{Section}:RoadFactor must be 1 to 5, not {options.RoadFactor}.");
            }

            var bands = options.Bands;
            for (var i = 0; i < bands.Count; i++)
            {
                if (bands[i].Kmh is not (> 0 and <= 200))
                {
                    faults.Add($"{Section}:SpeedProfile:{i}:Kmh must be more than 0 and at most 200, not {bands[i].Kmh}.");
                }

                if ((bands[i].UpToKm is null) != (i == bands.Count - 1) || (i > 0 && bands[i].UpToKm <= bands[i - 1].UpToKm) || bands[i].UpToKm <= 0)
                {
                    faults.Add($"{Section}:SpeedProfile:{i}:UpToKm must grow from band to band, and the last band must have none.");
                }
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}

/// <summary>How fast a part of a drive goes.</summary>
public sealed class SpeedBand
{
    /// <summary>Where the band ends, km of road from the start; null for the last.</summary>
    public double? UpToKm { get; set; }

    /// <summary>km/h.</summary>
    public double Kmh { get; set; }
}
