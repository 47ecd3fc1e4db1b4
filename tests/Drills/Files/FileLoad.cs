using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChargeCars.Drills.Kill;
using ChargeCars.Drills.Load;

namespace ChargeCars.Drills.Files;

/// <summary>Senders of files, half of them in forms and half in pieces; what was acknowledged to them, by its checksum.</summary>
internal sealed class FileLoad(Site site, DrillReport report, IReadOnlyList<Guid> vehicles, int senders)
{
    private readonly ConcurrentDictionary<string, (string Sha256, int Size)> _acknowledged = new();
    private int _refused;
    private int _unanswered;

    public int Acknowledged => _acknowledged.Count;

    /// <summary>Requests that were answered 503.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public async Task RunAsync(CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, senders).Select(async sender =>
        {
            using var http = Client();
            var random = new Random(sender);
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var content = new byte[random.Next(1, 1_500_000)];
                random.NextBytes(content);
                await (sender % 2 == 0 ? SendAsync(http, content, $"{sender}-{n}", stop) : UploadAsync(http, content, random, stop));
                await Task.Delay(random.Next(10, 200), CancellationToken.None);
            }
        }));
        report.Say($"{Acknowledged} files were acknowledged; {Refused} requests were answered 503, {_unanswered} not at all");
    }

    /// <summary>Reads every acknowledged file, whole and a range of it.</summary>
    public async Task ReadBackAsync()
    {
        using var http = Client();
        foreach (var (id, (sha256, size)) in _acknowledged)
        {
            var content = await http.GetByteArrayAsync($"/api/attachments/{id}/content");
            report.Require(Convert.ToHexStringLower(SHA256.HashData(content)) == sha256, () => $"the file {id} was acknowledged and is not what was sent: {content.Length} of {size} bytes");
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/attachments/{id}/content") { Headers = { Range = new(size / 2, null) } };
            using var range = await http.SendAsync(request);
            report.Require((await range.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(content.AsSpan(size / 2)), () => $"the second half of {id} is not its second half");
        }

        report.Say($"{Acknowledged} files were read back, whole and by halves");
    }

    private HttpClient Client()
    {
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = site.Url, Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Add("X-Api-Key", site.ApiKey);
        http.DefaultRequestHeaders.Add("Tus-Resumable", "1.0.0");
        return http;
    }

    private async Task SendAsync(HttpClient http, byte[] content, string key, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/attachments")
            {
                Content = new MultipartFormDataContent
                {
                    { new StringContent("vehicle"), "entityType" }, { new StringContent($"{vehicles[0]}"), "entityId" }, { new ByteArrayContent(content), "file", $"{key}.bin" },
                },
            };
            request.Headers.Add("Idempotency-Key", key);
            if (await AskAsync(http, request) is { } answer)
            {
                report.Require(answer.Status == HttpStatusCode.Created, () => $"the file {key} was answered {(int)answer.Status}: {answer.Text}");
                if (answer.Status == HttpStatusCode.Created)
                {
                    _acknowledged[JsonDocument.Parse(answer.Text).RootElement.GetProperty("id").GetString()!] = (Sha256(content), content.Length);
                }

                return;
            }
        }
    }

    private async Task UploadAsync(HttpClient http, byte[] content, Random random, CancellationToken stop)
    {
        string? upload = null;
        while (!stop.IsCancellationRequested && upload is null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/attachments/uploads");
            request.Headers.Add("Upload-Length", content.Length.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("Upload-Metadata", $"entityType {Base64("vehicle")},entityId {Base64($"{vehicles[1]}")},filename {Base64("pieces.bin")}");
            upload = (await AskAsync(http, request))?.Location;
        }

        while (!stop.IsCancellationRequested && upload is not null)
        {
            using var where = new HttpRequestMessage(HttpMethod.Head, upload);
            if (await AskAsync(http, where) is not { } at)
            {
                continue;
            }

            if (at.Status != HttpStatusCode.OK)
            {
                report.Violation($"the upload {upload} was answered {(int)at.Status} when it was asked for");
                return;
            }

            if (at.Offset == content.Length)
            {
                _acknowledged[upload.Split('/')[^1]] = (Sha256(content), content.Length);
                return;
            }

            var from = (int)at.Offset!.Value;
            using var request = new HttpRequestMessage(HttpMethod.Patch, upload)
            {
                Content = new ByteArrayContent(content, from, Math.Min(content.Length - from, random.Next(1, 700_000))) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } },
            };
            request.Headers.Add("Upload-Offset", from.ToString(CultureInfo.InvariantCulture));
            if (await AskAsync(http, request) is { } sent)
            {
                report.Require(sent.Status is HttpStatusCode.NoContent or HttpStatusCode.Conflict, () => $"a piece of {upload} was answered {(int)sent.Status}: {sent.Text}");
            }
        }
    }

    /// <summary>Null where it must be asked again.</summary>
    private async Task<(HttpStatusCode Status, string Text, string? Location, long? Offset)?> AskAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(50);
                return null;
            }

            report.Require((int)answer.StatusCode < 500, () => $"{request.Method} {request.RequestUri} was answered {(int)answer.StatusCode}: {text}");
            return (answer.StatusCode, text, answer.Headers.Location?.OriginalString,
                answer.Headers.TryGetValues("Upload-Offset", out var offset) ? long.Parse(offset.Single(), CultureInfo.InvariantCulture) : null);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException)
        {
            Interlocked.Increment(ref _unanswered);
            await Task.Delay(50);
            return null;
        }
    }

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
