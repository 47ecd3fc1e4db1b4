using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Tests.Files;

/// <summary>
/// An S3-compatible service in memory, as far as files need it: objects in ranges, uploads in parts, lists by pages. It checks the
/// signature's key and the checksums of what is sent, and fails as it is told to.
/// </summary>
internal sealed class StandInS3 : IAsyncDisposable
{
    public const string Bucket = "files";
    public const string AccessKey = "stand-in";
    private const int PageSize = 3;
    private static readonly XNamespace Amazon = "http://s3.amazonaws.com/doc/2006-03-01/";
    private readonly ConcurrentDictionary<string, (byte[] Content, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Key, DateTimeOffset At, SortedDictionary<int, byte[]> Parts)> _uploads = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private StandInS3(WebApplication app) => _app = app;

    public IReadOnlyDictionary<string, (byte[] Content, DateTimeOffset At)> Objects => _objects;

    public int Unfinished => _uploads.Count;

    public string Address => _app.Urls.Single();

    /// <summary>What it does instead of answering; null where it serves.</summary>
    public Func<HttpRequest, Task<IResult?>>? Fault { get; set; }

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

    public string[] Configuration =>
    [
        "--ChargeCars:Files:Store=s3", $"--ChargeCars:Files:S3:Address={Address}", $"--ChargeCars:Files:S3:Bucket={Bucket}", "--ChargeCars:Files:S3:Prefix=test/",
        $"--ChargeCars:Files:S3:AccessKey={AccessKey}", "--ChargeCars:Files:S3:SecretKey=secret", "--ChargeCars:Files:S3:Timeout=00:00:05",
    ];

    public static async Task<StandInS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var service = new StandInS3(app);
        app.Run(async http => await (await service.AnswerAsync(http)).ExecuteAsync(http));
        await app.StartAsync();
        return service;
    }

    public void Put(string key, byte[] content) => _objects[key] = (content, Now);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        var (request, query) = (http.Request, http.Request.Query);
        if (!request.Headers.Authorization.ToString().Contains($"Credential={AccessKey}/", StringComparison.Ordinal))
        {
            return Error(403, "InvalidAccessKeyId");
        }

        if (Fault is { } fault && await fault(request) is { } instead)
        {
            return instead;
        }

        var path = request.Path.Value!.Trim('/');
        var key = path.StartsWith($"{Bucket}/", StringComparison.Ordinal) ? path[(Bucket.Length + 1)..] : "";
        if (path != Bucket && key.Length == 0)
        {
            return Error(404, "NoSuchBucket");
        }

        return (request.Method, query) switch
        {
            ("GET", _) when query.ContainsKey("uploads") => Uploads(query["prefix"].ToString()),
            ("GET", _) when query["list-type"] == "2" => List(query["prefix"].ToString(), query["continuation-token"].ToString()),
            ("GET", _) => Get(http, key),
            ("PUT", _) when query.TryGetValue("uploadId", out var id) => await PartAsync(http, id.ToString(), int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture)),
            ("PUT", _) => await PutAsync(http, key),
            ("POST", _) when query.ContainsKey("uploads") => Begin(key),
            ("POST", _) when query.TryGetValue("uploadId", out var id) => await CompleteAsync(http, id.ToString()),
            ("DELETE", _) when query.TryGetValue("uploadId", out var id) => Results.StatusCode(_uploads.TryRemove(id.ToString(), out _) ? 204 : 404),
            ("DELETE", _) => Results.StatusCode(_objects.TryRemove(key, out _) ? 204 : 204),
            _ => Error(405, "MethodNotAllowed"),
        };
    }

    private async Task<IResult> PutAsync(HttpContext http, string key)
    {
        var content = await BodyAsync(http.Request);
        _objects[key] = (content, Now);
        http.Response.Headers.ETag = Tag(content);
        return Results.Ok();
    }

    private IResult Get(HttpContext http, string key)
    {
        if (!_objects.TryGetValue(key, out var found))
        {
            return Error(404, "NoSuchKey");
        }

        if (http.Request.GetTypedHeaders().Range is not { } ranges)
        {
            return Results.Bytes(found.Content, "application/octet-stream");
        }

        var range = ranges.Ranges.Single();
        var (from, to) = ((int)range.From!.Value, (int)Math.Min(range.To!.Value, found.Content.Length - 1));
        if (from >= found.Content.Length)
        {
            return Error(416, "InvalidRange");
        }

        http.Response.StatusCode = 206;
        http.Response.Headers.ContentRange = $"bytes {from}-{to}/{found.Content.Length}";
        http.Response.Headers.ETag = Tag(found.Content);
        return Results.Bytes(found.Content[from..(to + 1)], "application/octet-stream");
    }

    private IResult Begin(string key)
    {
        var id = $"{Guid.NewGuid():n}";
        _uploads[id] = (key, Now, []);
        return Xml(new(Amazon + "InitiateMultipartUploadResult", new XElement(Amazon + "Bucket", Bucket), new XElement(Amazon + "Key", key), new XElement(Amazon + "UploadId", id)));
    }

    private async Task<IResult> PartAsync(HttpContext http, string id, int number)
    {
        var content = await BodyAsync(http.Request);
        if (!_uploads.TryGetValue(id, out var upload))
        {
            return Error(404, "NoSuchUpload");
        }

        upload.Parts[number] = content;
        http.Response.Headers.ETag = Tag(content);
        return Results.Ok();
    }

    private async Task<IResult> CompleteAsync(HttpContext http, string id)
    {
        var asked = XDocument.Parse(Encoding.UTF8.GetString(await BodyAsync(http.Request)));
        if (!_uploads.TryGetValue(id, out var upload))
        {
            return Error(404, "NoSuchUpload");
        }

        var tags = asked.Descendants().Where(one => one.Name.LocalName == "ETag").Select(one => one.Value.Trim('"'));
        if (!tags.SequenceEqual(upload.Parts.Values.Select(part => Tag(part).Trim('"'))) || upload.Parts.Values.SkipLast(1).Any(part => part.Length < 5 * 1024 * 1024))
        {
            return Error(400, "InvalidPart");
        }

        _objects[upload.Key] = ([.. upload.Parts.Values.SelectMany(part => part)], Now);
        _uploads.TryRemove(id, out _);
        return Xml(new(Amazon + "CompleteMultipartUploadResult", new XElement(Amazon + "Bucket", Bucket), new XElement(Amazon + "Key", upload.Key), new XElement(Amazon + "ETag", "\"whole\"")));
    }

    private IResult List(string prefix, string after)
    {
        var keys = _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0).Order(StringComparer.Ordinal).Take(PageSize + 1).ToList();
        var more = keys.Count > PageSize;
        return Xml(new(
            Amazon + "ListBucketResult", new XElement(Amazon + "Name", Bucket), new XElement(Amazon + "IsTruncated", more), more ? new XElement(Amazon + "NextContinuationToken", keys[PageSize - 1]) : null,
            keys.Take(PageSize).Select(key => new XElement(
                Amazon + "Contents", new XElement(Amazon + "Key", key), new XElement(Amazon + "Size", _objects[key].Content.Length), new XElement(Amazon + "LastModified", Time(_objects[key].At))))));
    }

    private IResult Uploads(string prefix) => Xml(new(
        Amazon + "ListMultipartUploadsResult", new XElement(Amazon + "Bucket", Bucket), new XElement(Amazon + "IsTruncated", false),
        _uploads.Where(upload => upload.Value.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(upload => new XElement(
            Amazon + "Upload", new XElement(Amazon + "Key", upload.Value.Key), new XElement(Amazon + "UploadId", upload.Key), new XElement(Amazon + "Initiated", Time(upload.Value.At))))));

    // The SDK signs a body in chunks, each with a line before it, where it does not trust the transport.
    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (!request.Headers["x-amz-content-sha256"].ToString().StartsWith("STREAMING", StringComparison.Ordinal))
        {
            return bytes;
        }

        using var plain = new MemoryStream();
        var at = 0;
        while (true)
        {
            var end = bytes.AsSpan(at).IndexOf("\r\n"u8) + at;
            var size = Convert.ToInt32(Encoding.ASCII.GetString(bytes, at, end - at).Split(';')[0], 16);
            if (size == 0)
            {
                break;
            }

            plain.Write(bytes, end + 2, size);
            at = end + 2 + size + 2;
        }

        Assert.Equal(request.Headers["x-amz-decoded-content-length"].ToString(), plain.Length.ToString(CultureInfo.InvariantCulture));
        return plain.ToArray();
    }

    private static string Tag(byte[] content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static IResult Error(int status, string code) =>
        Results.Content($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>", "application/xml", Encoding.UTF8, status);

    private static IResult Xml(XElement element) => Results.Content($"<?xml version=\"1.0\"?>{element.ToString(SaveOptions.DisableFormatting)}", "application/xml");
}
