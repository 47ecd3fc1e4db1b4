using Microsoft.Extensions.Options;

namespace ChargeCars.Telephony.Aircall;

/// <summary>
/// Aircall's own API, for what its webhooks do not bring: <c>ChargeCars:Telephony:Aircall</c>. The same on every host. Without an id
/// nothing is asked.
/// </summary>
public sealed class AircallApiOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Telephony:Aircall";

    /// <summary>The API's id of our account.</summary>
    public string? ApiId { get; set; }

    /// <summary>Its token; required with an id. Never logged.</summary>
    public string? ApiToken { get; set; }

    /// <summary>Where the API is; https, or http on this machine.</summary>
    public string Address { get; set; } = "https://api.aircall.io/v1";

    /// <summary>The time between two readings, as a .NET time span: one second to one hour. Default 5 minutes.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far back the very first reading goes, as a .NET time span: at most 180 days, which is as long as Aircall answers for. Default 1 day.</summary>
    public TimeSpan LookBack { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether agents' own phones show who calls. Default false.</summary>
    public bool InsightCards { get; set; }

    internal bool IsEnabled => !string.IsNullOrWhiteSpace(ApiId);

    internal bool ShowsCards => IsEnabled && InsightCards;

    internal sealed class Validator : IValidateOptions<AircallApiOptions>
    {
        public ValidateOptionsResult Validate(string? name, AircallApiOptions options)
        {
            if (!options.IsEnabled)
            {
                return options.InsightCards
                    ? ValidateOptionsResult.Fail($"{Section}:{nameof(InsightCards)} needs {Section}:{nameof(ApiId)} and :{nameof(ApiToken)}.")
                    : ValidateOptionsResult.Success;
            }

            List<string> faults = [];
            var isAddress = Uri.TryCreate(options.Address, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
            Check(isAddress, nameof(Address), "must be an https address (http on this machine only: the token goes there)");
            Check(!string.IsNullOrWhiteSpace(options.ApiToken), nameof(ApiToken), "is required with an id");
            Check(
                options.Interval >= TimeSpan.FromSeconds(1) && options.Interval <= TimeSpan.FromHours(1), nameof(Interval),
                $"must be from one second to one hour, not {options.Interval}");
            Check(
                options.LookBack >= TimeSpan.Zero && options.LookBack <= TimeSpan.FromDays(180), nameof(LookBack),
                $"must be from zero to 180 days, not {options.LookBack}");
            return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

            void Check(bool isGood, string key, string what)
            {
                if (!isGood)
                {
                    faults.Add($"{Section}:{key} {what}.");
                }
            }
        }
    }
}
