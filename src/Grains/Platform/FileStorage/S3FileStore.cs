using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ChargeCars.Platform.FileStorage;

/// <summary>
/// Files in a bucket of an S3-compatible service. A small one is put at once, a larger one in parts that become a file when all are
/// there; never is more than one part in memory.
/// </summary>
public sealed class S3FileStore : IFileStore, IDisposable
{
    // The service's own least for a part is 5 MB; 10,000 of these are more than any file may be.
    private const int PartSize = 8 * 1024 * 1024;
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    /// <summary>In the service that the options name.</summary>
    public S3FileStore(FileStoreOptions.S3Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_bucket, _prefix) = (options.Bucket!, options.Prefix);
        _client = new(new BasicAWSCredentials(options.AccessKey, options.SecretKey), new AmazonS3Config
        {
            ServiceURL = options.Address,
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.PathStyle,
            Timeout = options.Timeout,
            MaxErrorRetry = 2,
            // Services that are not Amazon's often know no others than they must.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <inheritdoc/>
    public async Task WriteAsync(string name, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var buffer = ArrayPool<byte>.Shared.Rent(PartSize);
        try
        {
            var read = await ReadAsync(content, buffer, cancellation);
            if (read < PartSize)
            {
                using var whole = new MemoryStream(buffer, 0, read, writable: false);
                await GuardedAsync(() => _client.PutObjectAsync(new() { BucketName = _bucket, Key = _prefix + name, InputStream = whole, AutoCloseStream = false }, cancellation), cancellation);
            }
            else
            {
                await WritePartsAsync(_prefix + name, content, buffer, read, cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string name, long from, long length, CancellationToken cancellation)
    {
        try
        {
            var found = await GuardedAsync(() => _client.GetObjectAsync(
                new() { BucketName = _bucket, Key = _prefix + name, ByteRange = new(from, from + length - 1) }, cancellation), cancellation);
            return new Answer(found);
        }
        catch (StorageUnavailableException fault) when (IsMissing(fault.InnerException))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await GuardedAsync(() => _client.DeleteObjectAsync(new() { BucketName = _bucket, Key = _prefix + name }, cancellation), cancellation);
        }
        catch (StorageUnavailableException fault) when (IsMissing(fault.InnerException))
        {
            // It is gone, which was to be.
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(string folder, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            var page = await GuardedAsync(() => _client.ListObjectsV2Async(
                new() { BucketName = _bucket, Prefix = $"{_prefix}{folder}/", ContinuationToken = next }, cancellation), cancellation);
            foreach (var found in page.S3Objects ?? [])
            {
                if (found.LastModified?.ToUniversalTime() < before.UtcDateTime)
                {
                    yield return found.Key[_prefix.Length..];
                }
            }

            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <inheritdoc/>
    public async Task<int> DiscardUnfinishedAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var begun = await GuardedAsync(() => _client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket, Prefix = _prefix }, cancellation), cancellation);
        var old = (begun.MultipartUploads ?? []).Where(upload => upload.Initiated?.ToUniversalTime() < before.UtcDateTime).ToList();
        foreach (var upload in old)
        {
            await GuardedAsync(() => _client.AbortMultipartUploadAsync(new() { BucketName = _bucket, Key = upload.Key, UploadId = upload.UploadId }, cancellation), cancellation);
        }

        return old.Count;
    }

    private async Task WritePartsAsync(string key, Stream content, byte[] buffer, int read, CancellationToken cancellation)
    {
        var begun = await GuardedAsync(() => _client.InitiateMultipartUploadAsync(new() { BucketName = _bucket, Key = key }, cancellation), cancellation);
        try
        {
            var parts = new List<PartETag>();
            while (read > 0)
            {
                using var part = new MemoryStream(buffer, 0, read, writable: false);
                var number = parts.Count + 1;
                var kept = await GuardedAsync(() => _client.UploadPartAsync(
                    new() { BucketName = _bucket, Key = key, UploadId = begun.UploadId, PartNumber = number, InputStream = part, PartSize = part.Length }, cancellation), cancellation);
                parts.Add(new(number, kept.ETag));
                read = await ReadAsync(content, buffer, cancellation);
            }

            await GuardedAsync(() => _client.CompleteMultipartUploadAsync(
                new() { BucketName = _bucket, Key = key, UploadId = begun.UploadId, PartETags = parts }, cancellation), cancellation);
        }
        catch
        {
            await AbortAsync(key, begun.UploadId);
            throw;
        }
    }

    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await _client.AbortMultipartUploadAsync(new() { BucketName = _bucket, Key = key, UploadId = upload }, CancellationToken.None);
        }
        catch (Exception fault) when (IsOfTheService(fault))
        {
            // The sweep takes it.
        }
    }

    private static async Task<int> ReadAsync(Stream content, byte[] buffer, CancellationToken cancellation) =>
        await content.ReadAtLeastAsync(buffer.AsMemory(0, PartSize), PartSize, throwOnEndOfStream: false, cancellation);

    private static async Task<T> GuardedAsync<T>(Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            return await request();
        }
        catch (Exception fault) when (IsOfTheService(fault) || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new StorageUnavailableException(string.Create(CultureInfo.InvariantCulture, $"The file service does not serve: {fault.Message}"), fault);
        }
    }

    private static bool IsOfTheService(Exception fault) =>
        fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or WebException or TimeoutException;

    /// <summary>What the service answers, which may break off.</summary>
    private sealed class Answer(GetObjectResponse found) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await GuardedAsync(() => found.ResponseStream.ReadAsync(buffer, cancellationToken).AsTask(), cancellationToken);

        protected override void Dispose(bool disposing)
        {
            found.Dispose();
            base.Dispose(disposing);
        }
    }

    private static bool IsMissing(Exception? fault) => fault is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" };
}
