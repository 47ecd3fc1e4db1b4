using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.FileStorage;

/// <summary>Where files are kept; section <c>ChargeCars:Files</c>. The same on every host.</summary>
public sealed class FileStoreOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "ChargeCars:Files";

    /// <summary><c>folder</c> (the default) or <c>s3</c>.</summary>
    public string Store { get; set; } = "folder";

    /// <summary>The folder, which the hosts of a cluster must share; default <c>files</c> in the data directory.</summary>
    public string? Folder { get; set; }

    /// <summary>The S3-compatible service.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>An S3-compatible service.</summary>
    public sealed class S3Options
    {
        /// <summary>Its address, such as <c>https://s3.eu-central-1.amazonaws.com</c>.</summary>
        public string? Address { get; set; }

        /// <summary>The region that requests are signed for; default <c>us-east-1</c>, which most that are not Amazon take.</summary>
        public string Region { get; set; } = "us-east-1";

        /// <summary>The bucket; it must exist.</summary>
        public string? Bucket { get; set; }

        /// <summary>What stands before every name in the bucket, such as <c>production/</c>; nothing by default.</summary>
        public string Prefix { get; set; } = "";

        /// <summary>The key's id.</summary>
        public string? AccessKey { get; set; }

        /// <summary>The key.</summary>
        public string? SecretKey { get; set; }

        /// <summary>Whether the bucket is in the path and not in the host's name; default true.</summary>
        public bool PathStyle { get; set; } = true;

        /// <summary>How long one request may take; default 100 seconds.</summary>
        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);
    }

    internal sealed class Validator : IValidateOptions<FileStoreOptions>
    {
        public ValidateOptionsResult Validate(string? name, FileStoreOptions options) => options switch
        {
            { Store: "folder" } => ValidateOptionsResult.Success,
            { Store: not "s3" } => ValidateOptionsResult.Fail($"{Section}:Store is '{options.Store}': it must be folder or s3."),
            { S3: var s3 } when !Uri.TryCreate(s3.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") =>
                ValidateOptionsResult.Fail($"{Section}:S3:Address must be an http or https address."),
            { S3: { Bucket: null or "" } or { AccessKey: null or "" } or { SecretKey: null or "" } } =>
                ValidateOptionsResult.Fail($"{Section}:S3 needs Bucket, AccessKey and SecretKey."),
            { S3.Timeout: var timeout } when timeout < TimeSpan.FromSeconds(1) => ValidateOptionsResult.Fail($"{Section}:S3:Timeout must be at least a second."),
            _ => ValidateOptionsResult.Success,
        };
    }
}
