using System.Net;
using System.Net.Http;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Hooks;

/// <summary>What a notification of Amazon's leads to: a mail in our bucket, and the address by which a topic is confirmed.</summary>
internal sealed partial class SesMailbox(IHttpClientFactory clients, IOptions<SesOptions> options, ILogger<SesMailbox> logger) : IDisposable
{
    /// <summary>The name of the HTTP client that confirms topics: it follows no redirects.</summary>
    public const string Http = "ses";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lazy<AmazonS3Client> _client = new(() => Client(options.Value));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    /// <summary>A mail, byte for byte; refused where it is not in our bucket, not there, or larger than any mail.</summary>
    /// <param name="mail">Where it lies.</param>
    /// <param name="largest">Bytes that are read at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<ReadOnlyMemory<byte>>> FetchAsync(SesStoredMail mail, long largest, CancellationToken cancellation)
    {
        if (options.Value.Bucket is not { Length: > 0 } bucket || mail.Bucket != bucket)
        {
            return Invalid.Field("Message", $"names the bucket {mail.Bucket}, which is not {SesOptions.Section}:Bucket");
        }

        try
        {
            using var found = await _client.Value.GetObjectAsync(bucket, mail.Key, cancellation);
            if (found.ContentLength > largest)
            {
                return Invalid.Field("Message", $"names a mail of {found.ContentLength} bytes; {largest} are taken at most");
            }

            using var buffer = new MemoryStream();
            await found.ResponseStream.CopyToAsync(buffer, cancellation);
            return (ReadOnlyMemory<byte>)buffer.ToArray();
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            return Invalid.Field("Message", $"names the mail {mail.Key}, which is not in the bucket");
        }
        catch (Exception fault) when (fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Amazon sends the notification again.
            LogNotFetched(logger, mail.Key, fault);
            return new TryAgain("The bucket did not hand the mail over.", 30);
        }
    }

    /// <summary>Says to Amazon that a topic may send us notifications.</summary>
    public async Task<Error?> ConfirmAsync(SesSubscription subscription, CancellationToken cancellation)
    {
        try
        {
            using var answer = await clients.CreateClient(Http).GetAsync(subscription.Address, cancellation);
            return answer.IsSuccessStatusCode ? null : new TryAgain($"Amazon answered the confirmation with {(int)answer.StatusCode}.", 30);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new TryAgain("Amazon did not answer the confirmation.", 30);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The mail {Key} could not be fetched from its bucket")]
    private static partial void LogNotFetched(ILogger logger, string key, Exception fault);

    private static AmazonS3Client Client(SesOptions options)
    {
        var config = new AmazonS3Config
        {
            Timeout = Patience, MaxErrorRetry = 1,
            // Services that are not Amazon's often know no others than they must.
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Address is { Length: > 0 } address)
        {
            (config.ServiceURL, config.AuthenticationRegion, config.ForcePathStyle) = (address, options.Region, true);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return new(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }
}
