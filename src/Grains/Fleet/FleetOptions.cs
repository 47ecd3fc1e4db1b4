using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet;

/// <summary>Reads of the whole fleet: <c>ChargeCars:Fleet</c>.</summary>
public sealed class FleetOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Fleet";

    /// <summary>
    /// How far before a past moment all vehicles' last fixes are looked for at once, as a .NET time span; each day is a
    /// partition to look in. Default 7 days; a van that was silent for longer is looked for by itself.
    /// </summary>
    public TimeSpan LookBack { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The longest stretch that one <c>/api/fleet/track</c> answers, as a .NET time span. Default 15 minutes.</summary>
    public TimeSpan LongestTrack { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Positions in one <c>/api/fleet/track</c>, about; more are thinned by longer steps. Default 200,000.</summary>
    public int MostTrackPoints { get; set; } = 200_000;

    internal sealed class Validator : IValidateOptions<FleetOptions>
    {
        public ValidateOptionsResult Validate(string? name, FleetOptions options)
        {
            List<string> faults = [];
            Check(options.LookBack >= TimeSpan.FromMinutes(1) && options.LookBack <= TimeSpan.FromDays(31), $"LookBack must be from one minute to 31 days, not {options.LookBack}.");
            Check(options.LongestTrack >= TimeSpan.FromSeconds(1) && options.LongestTrack <= TimeSpan.FromDays(1), $"LongestTrack must be from one second to one day, not {options.LongestTrack}.");
            Check(options.MostTrackPoints is >= 1_000 and <= 10_000_000, $"MostTrackPoints must be 1,000 to 10,000,000, not {options.MostTrackPoints}.");
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

            void Check(bool good, string fault)
            {
                if (!good)
                {
                    faults.Add($"{Section}:{fault}");
                }
            }
        }
    }
}
