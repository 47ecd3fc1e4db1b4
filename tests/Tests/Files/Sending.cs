using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Files;

/// <summary>Files as clients send them: in a form, and in pieces.</summary>
internal static class Sending
{
    public const string Uploads = "/api/attachments/uploads";

    public static MultipartFormDataContent Form(string type, Guid id, byte[] content, string name, bool? isPublic = null)
    {
        var form = new MultipartFormDataContent { { new StringContent(type), "entityType" }, { new StringContent($"{id}"), "entityId" } };
        if (isPublic is { } everybodys)
        {
            form.Add(new StringContent(everybodys ? "true" : "false"), "isPublic");
        }

        form.Add(new ByteArrayContent(content), "file", name);
        return form;
    }

    public static Task<HttpResponseMessage> SendFileAsync(this HttpClient client, string type, Guid id, byte[] content, string name = "file.bin", bool? isPublic = null) =>
        client.PostAsync("/api/attachments", Form(type, id, content, name, isPublic));

    /// <summary>A file that is there.</summary>
    public static async Task<JsonElement> AddFileAsync(this HttpClient client, string type, Guid id, byte[] content, string name = "file.bin", bool? isPublic = null)
    {
        using var answer = await client.SendFileAsync(type, id, content, name, isPublic);
        return await answer.JsonAsync(HttpStatusCode.Created);
    }

    public static async Task<HttpResponseMessage> BeginUploadAsync(this HttpClient client, string type, object id, long length, string name = "file.bin")
    {
        using var request = Tus(HttpMethod.Post, Uploads);
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", $"entityType {Base64(type)},entityId {Base64($"{id}")},filename {Base64(name)}");
        return await client.SendAsync(request);
    }

    /// <summary>The address of an upload that was begun.</summary>
    public static async Task<string> UploadAsync(this HttpClient client, string type, Guid id, long length, string name = "file.bin")
    {
        using var begun = await client.BeginUploadAsync(type, id, length, name);
        Assert.True(begun.StatusCode == HttpStatusCode.Created, await begun.Content.ReadAsStringAsync());
        return begun.Headers.Location!.OriginalString;
    }

    public static async Task<HttpResponseMessage> ContinueAsync(this HttpClient client, string upload, long offset, HttpContent content)
    {
        using var request = Tus(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Content = content;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return await client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> ContinueAsync(this HttpClient client, string upload, long offset, byte[] content) =>
        client.ContinueAsync(upload, offset, new ByteArrayContent(content));

    public static async Task<HttpResponseMessage> WhereAsync(this HttpClient client, string upload)
    {
        using var request = Tus(HttpMethod.Head, upload);
        return await client.SendAsync(request);
    }

    /// <summary>How much of an upload is there.</summary>
    public static async Task<long> OffsetAsync(this HttpClient client, string upload)
    {
        using var answer = await client.WhereAsync(upload);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Offset();
    }

    public static long Offset(this HttpResponseMessage answer) => long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);

    public static HttpRequestMessage Tus(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));

    public static byte[] Random(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
