using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Hooks;

/// <summary>Amazon SES, whose notifications come by SNS: <c>ChargeCars:Messages:Ses</c>.</summary>
public sealed class SesOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Messages:Ses";

    /// <summary>The topics that are ours (<c>arn:aws:sns:…</c>), separated by commas; without one its notifications are refused.</summary>
    public string Topics { get; set; } = "";

    /// <summary>The bucket that mails lie in which are too large for a notification; none is fetched from any other.</summary>
    public string? Bucket { get; set; }

    /// <summary>The bucket's region, such as <c>eu-west-1</c>; required with a bucket.</summary>
    public string? Region { get; set; }

    /// <summary>Where the bucket is, for one that is not Amazon's.</summary>
    public string? Address { get; set; }

    /// <summary>The id of a key that may read the bucket; required with it.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The key. Never logged.</summary>
    public string? SecretKey { get; set; }

    internal string[] TopicList => Topics.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal sealed class Validator : IValidateOptions<SesOptions>
    {
        public ValidateOptionsResult Validate(string? name, SesOptions options) =>
            options.TopicList.FirstOrDefault(topic => !topic.StartsWith("arn:aws", StringComparison.Ordinal)) is { } odd
                ? ValidateOptionsResult.Fail($"{Section}:{nameof(Topics)} has '{odd}': a topic begins with arn:aws.")
            : options is { Bucket.Length: > 0 } and ({ Region: null or "" } or { AccessKey: null or "" } or { SecretKey: null or "" })
                ? ValidateOptionsResult.Fail($"{Section} needs Region, AccessKey and SecretKey with a Bucket.")
            : options.Address is { Length: > 0 } address && !(Uri.TryCreate(address, UriKind.Absolute, out var known) && known.Scheme is "http" or "https")
                ? ValidateOptionsResult.Fail($"{Section}:{nameof(Address)} must be an http or https address.")
            : ValidateOptionsResult.Success;
    }
}
