using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>The ULU tracking system, which has no webhook and so is polled: <c>ChargeCars:Ulu</c>. The same on every host.</summary>
public sealed class UluOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Ulu";

    /// <summary>Where its API is, such as <c>https://…/api/v1</c>; https, or http on this machine. Without it nothing is polled.</summary>
    public string? Address { get; set; }

    /// <summary>The account's email address; required with an address.</summary>
    public string? Email { get; set; }

    /// <summary>The account's password; required with an address. Never logged.</summary>
    public string? Password { get; set; }

    /// <summary>The time between two polls, as a .NET time span: one second to one hour. Default 1 minute.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How far back the first poll of a vehicle looks for trips, as a .NET time span: at most 30 days. Default 1 day.</summary>
    public TimeSpan LookBack { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long after its beginning a trip may still be called private, as a .NET time span: once an hour those that were read
    /// are looked through, and what is stored of a private one is taken away. At most 30 days. Default 7 days.
    /// </summary>
    public TimeSpan PrivacyLookBack { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Points asked for at a time: 1 to 1,000. Default 200.</summary>
    public int PageSize { get; set; } = 200;

    /// <summary>
    /// The values of a trip's <c>privacy</c> that may be shown, beside none at all. Any other value is private: a word
    /// that is not known here must not show where somebody is in their own time.
    /// </summary>
    public IList<string> SharedPrivacy { get; } = [];

    internal bool IsEnabled => !string.IsNullOrWhiteSpace(Address);

    internal bool IsShared(string privacy) =>
        privacy is "" or "public" or "business" or "none" || SharedPrivacy.Contains(privacy, StringComparer.OrdinalIgnoreCase);

    internal sealed class Validator : IValidateOptions<UluOptions>
    {
        public ValidateOptionsResult Validate(string? name, UluOptions options)
        {
            if (!options.IsEnabled)
            {
                return ValidateOptionsResult.Success;
            }

            List<string> faults = [];
            var isAddress = Uri.TryCreate(options.Address, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
            Check(isAddress, nameof(options.Address), "must be an https address (http on this machine only: a password goes there)");
            Check(!string.IsNullOrWhiteSpace(options.Email), nameof(options.Email), "is required with an address");
            Check(!string.IsNullOrEmpty(options.Password), nameof(options.Password), "is required with an address");
            Check(
                options.Interval >= TimeSpan.FromSeconds(1) && options.Interval <= TimeSpan.FromHours(1), nameof(options.Interval),
                $"must be from one second to one hour, not {options.Interval}");
            Check(
                options.LookBack >= TimeSpan.Zero && options.LookBack <= TimeSpan.FromDays(30), nameof(options.LookBack),
                $"must be from zero to 30 days, not {options.LookBack}");
            Check(
                options.PrivacyLookBack >= TimeSpan.Zero && options.PrivacyLookBack <= TimeSpan.FromDays(30), nameof(options.PrivacyLookBack),
                $"must be from zero to 30 days, not {options.PrivacyLookBack}");
            Check(options.PageSize is >= 1 and <= 1_000, nameof(options.PageSize), $"must be 1 to 1,000, not {options.PageSize}");
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
