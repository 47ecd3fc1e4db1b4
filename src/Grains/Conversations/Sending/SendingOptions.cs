using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Sending;

/// <summary>
/// By whom messages leave: <c>ChargeCars:Messages</c>, where <c>Sender</c> is <c>providers</c>. A channel without its settings has no
/// sender; a message on it fails and says so.
/// </summary>
public sealed class SendingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Messages";

    /// <summary>The mail server that takes our mail, such as <c>smtp.example.nl</c>.</summary>
    public string? SmtpHost { get; set; }

    /// <summary>Its port. Default 587.</summary>
    public int SmtpPort { get; set; } = 587;

    /// <summary><c>starttls</c> (default), <c>tls</c> from the first byte, or <c>none</c>, on this machine only.</summary>
    public string SmtpSecurity { get; set; } = "starttls";

    /// <summary>The account at the mail server; without one nobody signs in.</summary>
    public string? SmtpUserName { get; set; }

    /// <summary>Its password.</summary>
    public string? SmtpPassword { get; set; }

    /// <summary>Twilio's account, <c>AC…</c>; the channel's address is the number, or <c>MG…</c> of a messaging service.</summary>
    public string? TwilioAccountSid { get; set; }

    /// <summary>Its auth tokens, comma-separated; the first one signs in, all of them sign Twilio's webhooks.</summary>
    public string TwilioAuthTokens { get; set; } = "";

    /// <summary>Where Twilio is; https, or http on this machine.</summary>
    public string TwilioApi { get; set; } = "https://api.twilio.com";

    /// <summary>The token of Meta's app for WhatsApp; the channel's address is the id of the number.</summary>
    public string? WhatsappAccessToken { get; set; }

    /// <summary>Where WhatsApp's Cloud API is, with its version; https, or http on this machine.</summary>
    public string WhatsappApi { get; set; } = "https://graph.facebook.com/v23.0";

    /// <summary>Where WhatsApp keeps what comes with messages, separated by commas: these hosts get the token.</summary>
    public string WhatsappMediaHosts { get; set; } = "lookaside.fbsbx.com";

    /// <summary>The largest file that is fetched of what comes with a message, bytes. Default 100 MB.</summary>
    public int LargestMedia { get; set; } = 100 * 1024 * 1024;

    /// <summary>This API's public address: what became of a text message is told there.</summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>How long a provider may take for one message, as a .NET time span: 1 s to 5 min. Default 30 seconds.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal string[] MediaHosts => WhatsappMediaHosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal bool HasSmtp => !string.IsNullOrWhiteSpace(SmtpHost);

    internal bool HasTwilio => !string.IsNullOrWhiteSpace(TwilioAccountSid) && TwilioToken is not null;

    internal bool HasWhatsapp => !string.IsNullOrWhiteSpace(WhatsappAccessToken);

    internal string? TwilioToken => TwilioAuthTokens.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : null;

    internal sealed class Validator : IValidateOptions<SendingOptions>
    {
        public ValidateOptionsResult Validate(string? name, SendingOptions options)
        {
            List<string> faults = [];
            Check(options.SmtpPort is >= 1 and <= 65_535, nameof(options.SmtpPort), $"must be 1 to 65535, not {options.SmtpPort}");
            Check(options.SmtpSecurity is "starttls" or "tls" or "none", nameof(options.SmtpSecurity), $"must be starttls, tls or none, not '{options.SmtpSecurity}'");
            // Customers' mail and the password go there.
            Check(
                options.SmtpSecurity != "none" || !options.HasSmtp || options.SmtpHost is "localhost" or "127.0.0.1" or "::1", nameof(options.SmtpSecurity),
                "may be none for a mail server on this machine only");
            Check(
                string.IsNullOrEmpty(options.SmtpUserName) == string.IsNullOrEmpty(options.SmtpPassword), nameof(options.SmtpPassword),
                "belongs to SmtpUserName: give both or neither");
            Check(
                string.IsNullOrWhiteSpace(options.TwilioAccountSid) || options.TwilioToken is not null, nameof(options.TwilioAuthTokens),
                "is missing: TwilioAccountSid alone signs nobody in");
            Check(options.LargestMedia >= 100_000, nameof(options.LargestMedia), "must be at least 100000 bytes");
            Check(IsAddress(options.TwilioApi), nameof(options.TwilioApi), "must be an https address (http on this machine only)");
            Check(IsAddress(options.WhatsappApi), nameof(options.WhatsappApi), "must be an https address (http on this machine only)");
            Check(
                options.SendTimeout >= TimeSpan.FromSeconds(1) && options.SendTimeout <= TimeSpan.FromMinutes(5), nameof(options.SendTimeout),
                $"must be from 1 second to 5 minutes, not {options.SendTimeout}");
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

            void Check(bool good, string key, string fault)
            {
                if (!good)
                {
                    faults.Add($"{Section}:{key} {fault}.");
                }
            }
        }

        private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
    }
}
