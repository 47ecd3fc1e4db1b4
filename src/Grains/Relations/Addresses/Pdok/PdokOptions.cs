using Microsoft.Extensions.Options;

namespace ChargeCars.Relations.Addresses.Pdok;

/// <summary>
/// PDOK's Locatieserver, a free public service on the Dutch register of addresses: <c>ChargeCars:Addresses:Pdok</c>. The address that
/// is validated is sent there.
/// </summary>
public sealed class PdokOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Addresses:Pdok";

    /// <summary>
    /// Where it is, such as <c>https://api.pdok.nl/bzk/locatieserver/search/v3_1</c>; https, or http on this machine. Without it addresses
    /// stay unvalidated.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>How long one look-up may take, repetition included, as a .NET time span: 50 ms to 30 s. Default 3 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long an answer is kept, as a .NET time span: zero to 30 days, an empty one at most an hour. Default 1 day.
    /// </summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Answers kept at most, one for a postcode and number: 1 to 1,000,000. Default 10,000.</summary>
    public int CacheSize { get; set; } = 10_000;

    internal bool IsEnabled => !string.IsNullOrWhiteSpace(Address);

    internal sealed class Validator : IValidateOptions<PdokOptions>
    {
        public ValidateOptionsResult Validate(string? name, PdokOptions options)
        {
            List<string> faults = [];
            var isAddress = Uri.TryCreate(options.Address, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
            // Customers' addresses go there.
            Check(isAddress || !options.IsEnabled, nameof(options.Address), "must be an https address (http on this machine only)");
            Check(
                options.Timeout >= TimeSpan.FromMilliseconds(50) && options.Timeout <= TimeSpan.FromSeconds(30), nameof(options.Timeout),
                $"must be from 50 milliseconds to 30 seconds, not {options.Timeout}");
            Check(
                options.CacheFor >= TimeSpan.Zero && options.CacheFor <= TimeSpan.FromDays(30), nameof(options.CacheFor),
                $"must be from zero to 30 days, not {options.CacheFor}");
            Check(options.CacheSize is >= 1 and <= 1_000_000, nameof(options.CacheSize), $"must be 1 to 1,000,000, not {options.CacheSize}");
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
