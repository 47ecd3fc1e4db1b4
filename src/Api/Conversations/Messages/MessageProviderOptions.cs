using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary>What providers of messages prove themselves by: <c>ChargeCars:Messages</c>. Several values are separated by commas, for while one replaces the other.</summary>
public sealed class MessageProviderOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Messages";

    /// <summary>The secrets of Meta's app, which sign WhatsApp's webhooks; without one they are refused.</summary>
    public string WhatsappSecrets { get; set; } = "";

    /// <summary>The words that Meta repeats when it verifies the webhook's address.</summary>
    public string WhatsappVerifyTokens { get; set; } = "";

    /// <summary>The auth tokens of Twilio's account, which sign its webhooks; without one they are refused.</summary>
    public string TwilioAuthTokens { get; set; } = "";

    /// <summary>This API's public address, such as <c>https://ops.example.nl</c>: Twilio signs the address that it was told to call.</summary>
    public string PublicAddress { get; set; } = "";

    internal string[] Secrets => Split(WhatsappSecrets);

    internal string[] VerifyTokens => Split(WhatsappVerifyTokens);

    internal string[] AuthTokens => Split(TwilioAuthTokens);

    private static string[] Split(string values) => values.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal sealed class Validator : IValidateOptions<MessageProviderOptions>
    {
        public ValidateOptionsResult Validate(string? name, MessageProviderOptions options) =>
            options.PublicAddress.Length > 0 && !(Uri.TryCreate(options.PublicAddress, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                ? ValidateOptionsResult.Fail($"{Section}:{nameof(PublicAddress)} must be an address such as https://ops.example.nl.")
            : options.Secrets.Concat(options.AuthTokens).Concat(options.VerifyTokens).Any(secret => secret.Length < 16)
                ? ValidateOptionsResult.Fail($"{Section}: the secrets of providers must have at least 16 characters each.")
            : ValidateOptionsResult.Success;
    }
}
