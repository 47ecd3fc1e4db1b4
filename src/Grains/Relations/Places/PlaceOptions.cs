using ChargeCars.Relations.Addresses.Pdok;
using Microsoft.Extensions.Options;

namespace ChargeCars.Relations.Places;

/// <summary>Where places get their names: <c>ChargeCars:Places</c>.</summary>
public sealed class PlaceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Places";

    /// <summary>
    /// Whether PDOK's Locatieserver (<c>ChargeCars:Addresses:Pdok:Address</c>) is asked where no register of addresses is loaded, and for a text
    /// that the register does not know. Where a van stands, which says where a person is, is sent there then, to about ten metres. Default false.
    /// </summary>
    public bool UsePdok { get; set; }

    /// <summary>How many answers one host remembers, each for a place of about ten metres: 100 to 1,000,000. Default 50,000.</summary>
    public int CacheSize { get; set; } = 50_000;

    /// <summary>How long an answer is remembered, as a .NET time span: a minute to 30 days. Default a day.</summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromDays(1);

    internal sealed class Validator(IOptions<PdokOptions> pdok) : IValidateOptions<PlaceOptions>
    {
        public ValidateOptionsResult Validate(string? name, PlaceOptions options)
        {
            List<string> faults = [];
            if (options.UsePdok && !pdok.Value.IsEnabled)
            {
                faults.Add($"{Section}:{nameof(UsePdok)} needs {PdokOptions.Section}:{nameof(PdokOptions.Address)}.");
            }

            if (options.CacheSize is < 100 or > 1_000_000)
            {
                faults.Add($"{Section}:{nameof(CacheSize)} must be 100 to 1,000,000, not {options.CacheSize}.");
            }

            if (options.CacheFor < TimeSpan.FromMinutes(1) || options.CacheFor > TimeSpan.FromDays(30))
            {
                faults.Add($"{Section}:{nameof(CacheFor)} must be from a minute to 30 days, not {options.CacheFor}.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
