using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Silo.Replay;

namespace ChargeCars.Tests.Replay;

/// <summary>Answers in place of a host, on no network: the next prepared answer, or else that everything is stored.</summary>
internal sealed class StandInHost(TimeProvider time) : HttpMessageHandler
{
    private readonly Queue<Func<JsonElement, HttpResponseMessage>> _prepared = new();

    public List<Received> Requests { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>The positions of all requests that were answered with 200.</summary>
    public IEnumerable<JsonElement> Stored => Requests
        .Where(request => request is { Status: HttpStatusCode.OK, Path: "/api/telemetry/positions" })
        .SelectMany(request => request.Body.GetProperty("positions").EnumerateArray());

    public StandInHost Answer(Func<JsonElement, HttpResponseMessage> next)
    {
        _prepared.Enqueue(next);
        return this;
    }

    public StandInHost Answer(HttpStatusCode status, object? body = null) =>
        Answer(_ => new HttpResponseMessage(status) { Content = JsonContent.Create(body ?? new { }) });

    public IngestClient Client(Credential? credential = null) => new(
        new HttpClient(this) { BaseAddress = new Uri("http://stand-in/") }, credential ?? new Credential.ApiKey("secret"), time, Notes.Add);

    public static HttpResponseMessage Accepted(JsonElement body, params object[] rejected)
    {
        var stored = body.GetProperty("positions").GetArrayLength() - rejected.Length;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { accepted = stored, stored, rejected }) };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement;
        var received = new Received(request.RequestUri!.AbsolutePath, request.Headers.ToString(), body, time.GetUtcNow());
        Requests.Add(received);
        var answer = _prepared.TryDequeue(out var prepared) ? prepared(body) : Accepted(body);
        received.Status = answer.StatusCode;
        return answer;
    }

    internal sealed record Received(string Path, string Headers, JsonElement Body, DateTimeOffset At)
    {
        public HttpStatusCode? Status { get; set; }
    }
}
