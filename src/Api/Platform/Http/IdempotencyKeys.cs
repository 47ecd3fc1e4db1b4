using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace ChargeCars.Api.Platform.Http;

/// <summary>An endpoint whose requests may carry an Idempotency-Key: creating POSTs and actions.</summary>
/// <param name="AnswersSecret">
/// Whether its answer holds a secret that must not be kept, sealed or not: the endpoint itself makes the answer again for a
/// repetition, which it knows by the command's id.
/// </param>
public sealed record Repeatable(bool AnswersSecret = false);

/// <summary>An endpoint that sees to an Idempotency-Key itself, as its body is too large to be read twice.</summary>
public sealed record RepeatsItself;

/// <summary>
/// Idempotency-Key: the same key and body get the same answer again. The answer is kept once it is known; that the
/// effect happens once, also across a crash in between and on two hosts at a time, is the command id's doing
/// (<see cref="CommandRequest.Context"/>), so nothing needs to be written before the command.
/// </summary>
internal sealed class IdempotencyKeys(NpgsqlDataSource source, TimeProvider time)
{
    private const int LongestKey = 255;
    private static readonly string[] KeptHeaders = ["ETag", "Location", "Content-Type"];
    private readonly ConcurrentDictionary<(string Caller, string Key), byte> _running = new();

    // Most requests carry none: no state machine for them.
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var key = context.Request.Headers[CommandRequest.IdempotencyKey].ToString();
        if (key.Length == 0 || context.GetEndpoint()?.Metadata is not { } metadata)
        {
            return next(context);
        }

        var repeatable = metadata.GetMetadata<Repeatable>();
        return repeatable is null && metadata.GetMetadata<RepeatsItself>() is null ? next(context)
            : key.Length > LongestKey || key.Any(char.IsControl)
                ? ProblemAnswers.From(Invalid.Field(CommandRequest.IdempotencyKey, $"must be at most {LongestKey} printable characters")).ExecuteAsync(context)
            : repeatable is null ? next(context) : RunOnceAsync(context, next, key, repeatable);
    }

    /// <summary>
    /// For an endpoint that answers repetitions itself: whether its key, where it has one, belongs to this request and to no other. Asked
    /// before the command, so that a second request at the same moment is recognised.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="request">What a repetition has the same of.</param>
    public async Task<bool> ClaimAsync(HttpContext context, string request)
    {
        if (context.Request.Headers[CommandRequest.IdempotencyKey].ToString() is not { Length: > 0 } key)
        {
            return true;
        }

        var (id, fingerprint) = ((Caller.Of(context).Key, key), SHA256.HashData(Encoding.UTF8.GetBytes($"{TargetOf(context.Request)}\n{request}")));
        await KeepAsync(id, fingerprint, StatusCodes.Status201Created, [], null);
        return (await FindAsync(id, context.RequestAborted))?.Fingerprint.AsSpan().SequenceEqual(fingerprint) == true;
    }

    private async Task RunOnceAsync(HttpContext context, RequestDelegate next, string key, Repeatable repeatable)
    {
        var running = (Caller.Of(context).Key, key);
        if (!_running.TryAdd(running, 0))
        {
            await ProblemAnswers.Of(StatusCodes.Status409Conflict, "still-running", "Still running",
                "The first request with this Idempotency-Key has not been answered yet.").ExecuteAsync(context);
            return;
        }

        try
        {
            var fingerprint = await FingerprintAsync(context.Request);
            await AnswerOnceAsync(context, next, running, fingerprint, repeatable);
        }
        finally
        {
            _running.TryRemove(running, out _);
        }
    }

    private async Task AnswerOnceAsync(
        HttpContext context, RequestDelegate next, (string Caller, string Key) id, byte[] fingerprint, Repeatable repeatable)
    {
        if (await FindAsync(id, context.RequestAborted) is { } known)
        {
            await (known.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? known.ReplayAsync(context, next) : ProblemAnswers.Of(
                StatusCodes.Status422UnprocessableEntity, "key-reused", "The Idempotency-Key was used for another request",
                "This key belongs to a request with another path or body. Use a new key for a new request.").ExecuteAsync(context));
            return;
        }

        var client = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = client;
        }

        // A 5xx or a 429 is of the moment: the next try deserves a fresh answer. When the client hangs up the body is cut
        // short without a word, so nothing is kept: the repetition's answer is rebuilt from the command's id.
        if (!context.RequestAborted.IsCancellationRequested && context.Response.StatusCode is < 500 and not (401 or 403 or 429))
        {
            var headers = KeptHeaders.Where(context.Response.Headers.ContainsKey).ToDictionary(name => name, name => context.Response.Headers[name].ToString());
            await KeepAsync(id, fingerprint, context.Response.StatusCode, headers, repeatable.AnswersSecret && context.Response.StatusCode < 300 ? null : answer.ToArray());
        }

        answer.Position = 0;
        await answer.CopyToAsync(client, context.RequestAborted);
    }

    private static string TargetOf(HttpRequest request) => $"{request.Method} {request.Path}{request.QueryString}";

    private static async Task<byte[]> FingerprintAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{TargetOf(request)}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private async Task<KeptAnswer?> FindAsync((string Caller, string Key) id, CancellationToken cancellation)
    {
        const string Find = """
            SELECT fingerprint, status, headers, body FROM idempotency_key
            WHERE caller = $1 AND key = $2 AND created_at > $3
            """;
        await using var command = source.CreateCommand(Find);
        command.Parameters.Add(Sql.Text(id.Caller));
        command.Parameters.Add(Sql.Text(id.Key));
        command.Parameters.Add(Sql.Time(time.GetUtcNow() - IdempotencyRetention.Retention));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(row.GetFieldValue<byte[]>(0), row.GetInt32(1), JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(2))!, row.Optional<byte[]>(3))
            : null;
    }

    // The first one stays, as long as it is kept.
    private async Task KeepAsync((string Caller, string Key) id, byte[] fingerprint, int status, Dictionary<string, string> headers, byte[]? body)
    {
        const string Keep = """
            INSERT INTO idempotency_key (caller, key, fingerprint, status, headers, body, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (caller, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
                headers = excluded.headers, body = excluded.body, created_at = excluded.created_at
            WHERE idempotency_key.created_at <= $8
            """;
        var now = time.GetUtcNow();
        await using var command = source.CreateCommand(Keep);
        command.Parameters.Add(Sql.Text(id.Caller));
        command.Parameters.Add(Sql.Text(id.Key));
        command.Parameters.Add(Sql.Bytes(fingerprint));
        command.Parameters.Add(Sql.Integer(status));
        command.Parameters.Add(Sql.Jsonb(JsonSerializer.Serialize(headers)));
        command.Parameters.Add(Sql.Bytes(body));
        command.Parameters.Add(Sql.Time(now));
        command.Parameters.Add(Sql.Time(now - IdempotencyRetention.Retention));
        // Not the request's own token: a client that hangs up must still find its answer.
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <param name="Fingerprint">Of the request.</param>
    /// <param name="Status">The answer's.</param>
    /// <param name="Headers">The answer's.</param>
    /// <param name="Body">The answer's; null where it holds a secret.</param>
    private sealed record KeptAnswer(byte[] Fingerprint, int Status, Dictionary<string, string> Headers, byte[]? Body)
    {
        public async Task ReplayAsync(HttpContext context, RequestDelegate next)
        {
            context.Response.Headers["Idempotency-Replayed"] = "true";
            if (Body is null)
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = Status;
            foreach (var (name, value) in Headers)
            {
                context.Response.Headers[name] = value;
            }

            await context.Response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }
}

/// <summary>How endpoints say that they are repeatable.</summary>
public static class RepeatableExtensions
{
    /// <summary>States that the endpoint itself answers a repeated Idempotency-Key.</summary>
    public static RouteHandlerBuilder RepeatsItself(this RouteHandlerBuilder builder) => builder.WithMetadata(new RepeatsItself());

    /// <summary>Lets requests carry an Idempotency-Key.</summary>
    public static RouteHandlerBuilder Repeatable(this RouteHandlerBuilder builder) => builder.WithMetadata(new Repeatable());

    /// <summary>The same for an endpoint that answers a secret: nothing of the answer is kept, and the endpoint must know its repetitions.</summary>
    public static RouteHandlerBuilder RepeatableWithSecret(this RouteHandlerBuilder builder) => builder.WithMetadata(new Repeatable(AnswersSecret: true));
}
