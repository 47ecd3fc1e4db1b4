using System.Text.Json;
using ChargeCars.Silo.Replay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ChargeCars.Tests.Replay;

/// <summary>The command as it is typed, against a host on a real port.</summary>
public sealed class ReplayCommandTests : IAsyncLifetime, IDisposable
{
    private const string Csv = "vehicle,time,latitude,longitude\nA,1772352000,52,5\nB,1772352005,52,6\nA,1772352010,52,7\n";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("replay");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly List<string> _requests = [];
    private readonly HashSet<string> _vehicles = ["A", "B"];
    private WebApplication? _host;

    private string Url => _host!.Urls.First();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _host = builder.Build();
        _host.MapPost("/api/auth/login", (JsonElement body) =>
            body.GetProperty("password").GetString() == "s3cret" ? Results.Ok(new { accessToken = "token" }) : Results.Unauthorized());
        _host.MapPost("/api/vehicles", (JsonElement body) =>
            _vehicles.Add(body.GetProperty("licensePlate").GetString()!) ? Results.Created() : Results.Conflict());
        _host.MapPost("/api/telemetry/positions", (HttpRequest request, JsonElement body) =>
        {
            if (request.Headers["X-Api-Key"] != "secret" && request.Headers.Authorization != "Bearer token") return Results.Unauthorized();
            var plates = body.GetProperty("positions").EnumerateArray().Select(position => position.GetProperty("licensePlate").GetString()!).ToList();
            _requests.AddRange(plates);
            var rejected = plates.Index().Where(plate => !_vehicles.Contains(plate.Item))
                .Select(plate => new { index = plate.Index, reason = "unknown_vehicle", detail = plate.Item }).ToList();
            return Results.Ok(new { accepted = plates.Count - rejected.Count, stored = plates.Count - rejected.Count, rejected });
        });
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Trace_WithAKey_IsSentAndSummarised()
    {
        var code = await RunAsync(Write("drive.csv", Csv), "--url", Url, "--key", "secret");

        Assert.Equal(0, code);
        Assert.Equal(["A", "B", "A"], _requests);
        Assert.Contains("3 positions of A, B", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("3 of 3 sent, 3 stored", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_WithoutAKey_UsesTheFirstAdministratorsLogin()
    {
        _directory.CreateSubdirectory(".data");
        Write(".data/first-admin.txt", "email: admin@chargecars.local\npassword: s3cret\n");

        Assert.Equal(0, await RunAsync(Write("drive.csv", Csv), "--url", Url));
    }

    [Fact]
    public async Task Vehicle_Unknown_IsToldWithTheWayToCreateIt()
    {
        const string gpx = "<gpx><trk><trkseg><trkpt lat='1' lon='1'><time>2026-01-01T00:00:00Z</time></trkpt></trkseg></trk></gpx>";
        var code = await RunAsync(Write("van 7.xml", gpx), "--url", Url, "--key", "secret");

        Assert.Equal(1, code);
        Assert.Contains("VAN 7: the server knows no vehicle", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--create", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 rejected as unknown_vehicle, the first: VAN 7 at ", _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(0, await RunAsync(Write("van 7.xml", gpx), "--url", Url, "--key", "secret", "--create"));
        Assert.Contains("VAN 7: created", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_WithABadRow_IsSentWithoutItAndIsNoSuccess()
    {
        var code = await RunAsync(Write("bad.csv", "vehicle,time,latitude,longitude\nA,1772352000,52,5\nA,now,52,5\nA,1772352010,52,7\n"), "--url", Url, "--key", "secret");

        Assert.Equal(1, code);
        Assert.Contains("bad.csv:3: \"now\" is not a valid time", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("2 of 2 sent, 2 stored; 1 fault in the files", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(["A", "A"], _requests);
    }

    [Fact]
    public async Task File_CutOffAndWithNanoseconds_IsSentAsFarAsItGoes()
    {
        const string Cut = """
            <gpx><trk><trkseg><trkpt lat='1' lon='1'><time>2026-01-01T00:00:00.123456789Z</time><speed>NaN</speed></trkpt>
            <trkpt lat='1' lon='1'/>
            <trkpt lat='1' lon='2'><time>2026-01-01T00:00:05Z</time></trkpt>
            <trkpt lat='1' lo
            """;

        var code = await RunAsync(Write("a.gpx", Cut), "--url", Url, "--key", "secret");

        Assert.Equal(1, code);
        Assert.Equal(["A", "A"], _requests);
        Assert.Contains("a.gpx:2: a track point without a time", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("a.gpx:4: ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_InWhichNothingIsGood_StopsBeforeAnythingIsSent()
    {
        var code = await RunAsync(Write("good.csv", Csv), Write("bad.csv", "vehicle,time,latitude,longitude\nA,now,52,5\n"), "--url", Url, "--key", "secret");

        Assert.Equal(1, code);
        Assert.Contains("bad.csv:2: \"now\" is not a valid time", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_requests);
    }

    [Theory]
    [InlineData("--speed", "0.5", "at least 1")]
    [InlineData("--speed", "fast", "at least 1")]
    [InlineData("--url", "ftp://here", "http or https")]
    [InlineData("--url", "https://elsewhere.example", "--key is needed")]
    [InlineData("--unheard-of", "x", "--unheard-of")]
    public async Task Usage_Bad_IsTwo(string option, string value, string problem)
    {
        _directory.CreateSubdirectory(".data");
        Write(".data/first-admin.txt", "email: admin@chargecars.local\npassword: s3cret\n");

        Assert.Equal(2, await RunAsync(Write("drive.csv", Csv), option, value));
        Assert.Contains(problem, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_WithoutAFileOrWithOneThatIsNotThere_IsTwo()
    {
        Assert.Equal(2, await RunAsync());
        Assert.Equal(2, await RunAsync("nowhere.gpx"));
    }

    [Fact]
    public async Task Help_Asked_IsShown()
    {
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains("--latitude-column", _output.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] args) =>
        ReplayCommand.RunAsync(args, _output, _error, bar: null, new JumpingClock(), _directory.FullName, CancellationToken.None);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
