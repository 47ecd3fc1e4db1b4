using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace ChargeCars.Testing.Fuzz;

/// <summary>How much is asked, and how.</summary>
/// <param name="Seed">Decides the requests; what they name is the host's.</param>
/// <param name="Requests">How many.</param>
/// <param name="Within">How long the host may take to answer; null where that is not looked at.</param>
public sealed record FuzzOptions(int Seed, int Requests, TimeSpan? Within = null);

/// <summary>What must not be, and by which request it came about.</summary>
public sealed record FuzzViolation(int Number, string What, FuzzRequest Request, string Answer)
{
    public override string ToString() => $"request {Number}: {What}\n{Request}\n  → {(Answer.Length <= 600 ? Answer : Answer[..600])}";
}

/// <summary>What came of it.</summary>
public sealed class FuzzOutcome
{
    /// <summary>Answers by their status.</summary>
    public SortedDictionary<int, int> Statuses { get; } = [];

    /// <summary>Requests by their route.</summary>
    public Dictionary<string, int> Routes { get; } = [];

    /// <summary>Routes whose shown bodies were refused.</summary>
    public List<string> NotMade { get; } = [];

    public List<FuzzViolation> Violations { get; } = [];

    public TimeSpan Slowest { get; internal set; }
}

/// <summary>
/// Sends requests to every route of the API's description, most of them wrong somewhere. None may be answered as a fault of the
/// host's, each refusal is a problem document, and a refused request stores nothing.
/// </summary>
public sealed class FuzzRun : IDisposable
{
    private const int LargestAnswer = 1_000_000;

    /// <summary>Of routes that cost a hash of a password, one request in so many.</summary>
    private const int CostlyOneIn = 8;

    private const int RememberedDone = 40;

    /// <summary>A visit names an order, an order an address, an address an organization.</summary>
    private const int MakingRounds = 5;

    private readonly HttpClient _http;
    private readonly FuzzAccess _access;
    private readonly StoredByCallers _stored;
    private readonly FuzzOptions _options;
    private readonly Random _random;
    private readonly KnownValues _known;
    private readonly FuzzOutcome _outcome = new();
    private readonly Queue<FuzzRequest> _lastDone = new();

    public FuzzRun(Uri host, string email, string password, NpgsqlDataSource database, FuzzOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
        {
            BaseAddress = host,
            Timeout = TimeSpan.FromMinutes(1),
        };
        (_access, _stored, _options) = (new(_http, email, password), new(database), options);
        _random = new(options.Seed);
        _known = new(_random);
    }

    /// <summary>All requests, one after the other.</summary>
    /// <param name="progress">Told how many were sent, now and then.</param>
    /// <param name="cancellation">Ends it before its end.</param>
    public async Task<FuzzOutcome> RunAsync(Action<int>? progress, CancellationToken cancellation)
    {
        await _access.RenewAsync(cancellation);
        _known.Spare(_access.Own);
        _known.Keep("/api/telemetry/osmand", _access.TrackerKey);
        using var document = JsonDocument.Parse(await _http.GetStringAsync("/openapi/v1.json", cancellation));
        var schemas = new ApiSchemas(document.RootElement);
        var routes = ApiRoute.Read(document.RootElement).ToArray();
        var costly = routes.Where(route => route.IsCostly(schemas)).ToHashSet();
        var maker = new RequestMaker(schemas, _known, _random);
        var sent = 0;
        // What is there from the start: a body that is shown may be of a row that there is once only.
        foreach (var list in routes.Where(route => route.Method == "GET" && !route.Path.Contains('{', StringComparison.Ordinal)))
        {
            await AskAsync(++sent, maker.MakeSound(list), cancellation);
        }

        // Something of each kind first, by what the description shows: what is refused would name what is not there yet.
        var making = routes.Where(route => route is { Method: "POST", Body.Example: not null }).ToList();
        for (var round = 0; round < MakingRounds && making.Count > 0; round++)
        {
            foreach (var route in making.ToList())
            {
                var status = await AskAsync(++sent, maker.MakeSound(route), cancellation);
                if (status == 201 || (status == 409 && _known.Any(route.Path) is not null))
                {
                    making.Remove(route);
                }
            }
        }

        _outcome.NotMade.AddRange(making.Select(route => route.ToString()));
        while (sent < _options.Requests)
        {
            // Every route as often as any other, and its lists before what names their items.
            _random.Shuffle(routes);
            foreach (var route in routes.OrderBy(route => sent < routes.Length && route.Method != "GET" ? 1 : 0).Where(route => !costly.Contains(route) || _random.Next(CostlyOneIn) == 0))
            {
                await AskAsync(++sent, maker.Make(route), cancellation);
                if (sent % 1_000 == 0)
                {
                    progress?.Invoke(sent);
                }

                if (sent >= _options.Requests)
                {
                    break;
                }
            }
        }

        return _outcome;
    }

    /// <summary>What came of it so far.</summary>
    public FuzzOutcome Outcome => _outcome;

    public void Dispose() => _http.Dispose();

    // The status; 0 where nothing was answered.
    private async Task<int> AskAsync(int number, FuzzRequest request, CancellationToken cancellation)
    {
        await _stored.StartAsync(cancellation);
        using var message = Message(request);
        var clock = Stopwatch.StartNew();
        using var answer = await AnswerAsync(message, cancellation);
        var took = clock.Elapsed;
        if (answer is null)
        {
            _outcome.Violations.Add(new(number, "no answer", request, ""));
            return 0;
        }

        var text = await TextAsync(answer, cancellation);
        var status = (int)answer.StatusCode;
        _outcome.Statuses[status] = _outcome.Statuses.GetValueOrDefault(status) + 1;
        _outcome.Routes[request.Route.ToString()] = _outcome.Routes.GetValueOrDefault(request.Route.ToString()) + 1;
        _outcome.Slowest = took > _outcome.Slowest ? took : _outcome.Slowest;
        foreach (var fault in Faults(status, answer, text, took))
        {
            Violation(fault);
        }

        if (status >= 400 && await _stored.ReadAsync(cancellation) is { Count: > 0 } stored)
        {
            Violation($"refused with {status}, and stored: {string.Join("; ", stored)}");
        }

        if (status == 401 && request.Caller != FuzzCaller.Nobody)
        {
            // A request before this one has ended its session, or revoked its key.
            await RenewAsync(cancellation);
        }
        else if (status is >= 200 and < 300 && answer.Content.Headers.ContentType?.MediaType == "application/json" && text.Length < LargestAnswer)
        {
            using var learnt = JsonDocument.Parse(text);
            _known.Learn(request.Route.Path, learnt.RootElement);
        }

        if (status < 300 && request.Method != "GET")
        {
            _lastDone.Enqueue(request);
            if (_lastDone.Count > RememberedDone)
            {
                _lastDone.Dequeue();
            }
        }

        return status;

        void Violation(string what) => _outcome.Violations.Add(new(number, what, request, text));
    }

    // Without its account the run can't go on: what was done before says by what it lost it.
    private async Task RenewAsync(CancellationToken cancellation)
    {
        try
        {
            await _access.RenewAsync(cancellation);
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidOperationException($"{fault.Message}\nDone before:\n{string.Join('\n', _lastDone)}", fault);
        }

        _known.Keep("/api/telemetry/osmand", _access.TrackerKey);
    }

    // Null where the host ended the connection, or said nothing for a minute.
    private async Task<HttpResponseMessage?> AnswerAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private IEnumerable<string> Faults(int status, HttpResponseMessage answer, string text, TimeSpan took)
    {
        if (status >= 500)
        {
            yield return $"answered {status}";
        }

        // The answer to HEAD has no body to look at.
        if (status >= 400 && answer.RequestMessage?.Method != HttpMethod.Head && ProblemFault(status, answer, text) is { } fault)
        {
            yield return $"refused with {status}, but {fault}";
        }

        if (took > _options.Within)
        {
            yield return $"answered after {took.TotalSeconds:0.00} s";
        }
    }

    private static string? ProblemFault(int status, HttpResponseMessage answer, string text)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return $"the answer is {answer.Content.Headers.ContentType}";
        }

        if (text.Length == 0)
        {
            return "the answer is empty";
        }

        using var problem = JsonDocument.Parse(text);
        var missing = new[] { "type", "title", "detail", "traceId" }.Where(name =>
            !problem.RootElement.TryGetProperty(name, out var value) || value.GetString() is not { Length: > 0 }).ToList();
        return missing.Count > 0 ? $"the problem lacks {string.Join(", ", missing)}"
            : problem.RootElement.TryGetProperty("status", out var said) && said.GetInt32() == status ? null
            : "the problem says another status";
    }

    private HttpRequestMessage Message(FuzzRequest request)
    {
        // As it is: an address that is put right first would be a sound one.
        var address = new Uri(_http.BaseAddress!.GetLeftPart(UriPartial.Authority) + request.PathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(request.Method), address);
        if (!request.Route.Path.Contains("{key}", StringComparison.Ordinal))
        {
            _access.Sign(message, request.Caller);
        }

        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            if (request.ContentType is { } type)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    // What goes on for ever, or is a file, is not read to its end; the client's own limit is over with the headers.
    private async Task<string> TextAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_http.Timeout);
        await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
        var buffer = new byte[LargestAnswer];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit.Token);
        return answer.StatusCode == HttpStatusCode.NoContent ? "" : Encoding.UTF8.GetString(buffer, 0, length);
    }
}
