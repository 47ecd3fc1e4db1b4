using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ChargeCars.Tests.Hosting;

/// <summary>Requests and answers in the manner of the contract.</summary>
internal static class Answers
{
    /// <summary>The problem that an answer must be.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The fields that a refusal names.</summary>
    public static async Task<string[]> FaultyFieldsAsync(this HttpResponseMessage answer)
    {
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest);
        return [.. problem.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>The body of a success.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await answer.JsonAsync();
    }

    public static Task<HttpResponseMessage> MergePatchAsync(this HttpClient client, string path, string? version, string body) =>
        client.SendAsync(WithVersion(new HttpRequestMessage(HttpMethod.Patch, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/merge-patch+json"),
        }, version));

    public static Task<HttpResponseMessage> PutAsync(this HttpClient client, string path, string? version, object body) =>
        client.SendAsync(WithVersion(new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) }, version));

    public static Task<HttpResponseMessage> DeleteAsync(this HttpClient client, string path, string? version) =>
        client.SendAsync(WithVersion(new HttpRequestMessage(HttpMethod.Delete, path), version));

    /// <summary>A new van.</summary>
    public static async Task<Guid> CreateVehicleAsync(this RunningHost host, object? more = null)
    {
        using var created = await host.Administrator.PostAsJsonAsync(
            "/api/vehicles", more ?? new { licensePlate = $"T-{Guid.NewGuid().ToString("N")[..8]}", vehicleType = "van" });
        return (await created.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static HttpRequestMessage WithVersion(HttpRequestMessage request, string? version)
    {
        if (version is not null)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        }

        return request;
    }
}
