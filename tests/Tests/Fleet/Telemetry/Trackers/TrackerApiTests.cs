using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Fleet.Telemetry.Trackers;

[Collection(HostCollection.Name)]
public sealed class TrackerApiTests(RunningHost host) : IAsyncLifetime
{
    private readonly string _device = $"T{Guid.NewGuid():N}";
    private readonly DateTimeOffset _time = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 600);
    private readonly HttpClient _http = host.Anonymous();
    private string _key = "";
    private Guid _vehicle;

    private DateTimeOffset Yesterday => new DateTimeOffset(_time.Date.AddDays(-1), TimeSpan.Zero) + TrackerVariants.Now.AddSeconds(-45).TimeOfDay;

    public async Task InitializeAsync()
    {
        _key = (await KeyAsync("positions.write")).Key;
        _vehicle = await CreateVehicleAsync(_device);
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        return Task.CompletedTask;
    }

    public static TheoryData<string, int> Variants()
    {
        var variants = new TheoryData<string, int>();
        for (var i = 0; i < TrackerVariants.Queries.Length; i++)
        {
            variants.Add("get", i);
            variants.Add("post", i);
            variants.Add("form", i);
        }

        for (var i = 0; i < TrackerVariants.Jsons.Length; i++)
        {
            variants.Add("json", i);
        }

        for (var i = 0; i < TrackerVariants.Forwardings.Length; i++)
        {
            variants.Add("traccar", i);
        }

        return variants;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Send_EveryVariant_StoresTheSamePositionOnce(string way, int index)
    {
        var (first, second) = (await SendAsync(way, index), await SendAsync(way, index));

        Assert.Equal((1, "-"), Told(first));
        Assert.Equal((0, "duplicate"), Told(second));
        var stored = Assert.Single(await PositionsAsync());
        Assert.Equal(
            $"{Ours(TrackerVariants.FixTime)} 52.0907 5.1214 27 90 8 5 {(way == "traccar" ? "traccar" : "osmand")}",
            string.Join(' ', new[] { "fixTime", "latitude", "longitude", "speedKmh", "headingDegrees", "accuracyMeters", "altitudeMeters", "source" }
                .Select(name => stored.GetProperty(name).ToString())));
    }

    [Fact]
    public async Task Send_WithoutATime_IsStoredAsOfNow()
    {
        Assert.Equal((1, "-"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52.1&lon=5.1"))));

        var stored = Assert.Single(await PositionsAsync());
        Assert.InRange(stored.GetProperty("fixTime").GetDateTimeOffset(), _time.AddMinutes(9), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Forwarding_RetriedTenTimesUnderOtherTimesOfTheServer_IsOnePosition()
    {
        for (var i = 0; i <= 10; i++)
        {
            // position.id is always 0 there and serverTime another each time: the tracker and its fix time are what it is.
            var told = Told(await BodyAsync(await TraccarAsync($$"""
                {"device":{"id":{{i}},"uniqueId":"{{_device}}"},"position":{"id":0,"serverTime":"{{_time.AddSeconds(i):O}}",
                "deviceTime":"{{_time:O}}","fixTime":"{{_time:O}}","valid":true,"latitude":52.1,"longitude":5.1,"speed":10,"course":1,"altitude":1,"accuracy":4} }
                """)));

            Assert.Equal(i == 0 ? (1, "-") : (0, "duplicate"), told);
        }

        Assert.Single(await PositionsAsync());
    }

    [Fact]
    public async Task Send_UnknownDevice_Is400ForAQueryAnd404ForJson()
    {
        await ProblemAsync(await GetAsync("id=nobody&lat=52&lon=5"), HttpStatusCode.BadRequest);
        await ProblemAsync(await GetAsync("id=nobody&cell=204,4,1,2"), HttpStatusCode.BadRequest);
        await ProblemAsync(await GetAsync($"id=%FF%00{_device}&lat=52&lon=5"), HttpStatusCode.BadRequest);
        await ProblemAsync(await JsonAsync("""{"device_id":"nobody","location":{"coords":{"latitude":52,"longitude":5}}}"""), HttpStatusCode.NotFound);
        await ProblemAsync(await TraccarAsync(
            """{"device":{"uniqueId":"nobody"},"position":{"fixTime":1795512615000,"latitude":52,"longitude":5}}"""), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Send_WhatIsNoGoodFix_Is200WithTheReasonAndNotStored()
    {
        Assert.Equal((0, "invalid_coordinates"), Told(await BodyAsync(await GetAsync($"id={_device}&cell=204,4,1,2&wifi=aa,-60"))));
        Assert.Equal((0, "invalid_coordinates"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=91&lon=5"))));
        Assert.Equal((0, "invalid_coordinates"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52&lon=5&valid=false"))));
        Assert.Equal((0, "null_island"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=0&lon=0"))));
        Assert.Equal((0, "too_old"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52&lon=5&timestamp={_time.AddYears(-1).ToUnixTimeSeconds()}"))));
        Assert.Equal((0, "future"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52&lon=5&timestamp={_time.AddYears(1).ToUnixTimeMilliseconds()}"))));
        Assert.Equal((0, "poor_accuracy"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52&lon=5&accuracy=5000"))));
        Assert.Equal((0, "impossible_speed"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52&lon=5&speed=900"))));

        Assert.Empty(await PositionsAsync());
    }

    [Fact]
    public async Task Send_YesterdaysBatchAgain_IsToldAsDuplicates()
    {
        var body = $$"""
            {"device_id":"{{_device}}","location":[{{string.Join(',', Enumerable.Range(0, 300).Select(i =>
                $$$"""{"timestamp":{{{_time.AddDays(-1).AddSeconds(i).ToUnixTimeSeconds()}}},"coords":{"latitude":52.1,"longitude":5.1}}"""))}}]}
            """;
        Assert.Equal((1, "-"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52.1&lon=5.1&timestamp={_time.ToUnixTimeSeconds()}"))));

        var first = await BodyAsync(await JsonAsync(body));
        var second = await BodyAsync(await JsonAsync(body));

        Assert.Equal((0, 300), (first.GetProperty("accepted").GetInt32(), first.GetProperty("stored").GetInt32()));
        Assert.Equal(0, second.GetProperty("stored").GetInt32());
        Assert.All(second.GetProperty("rejected").EnumerateArray(), one => Assert.Equal("duplicate", one.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Send_TwoTrackersWithOneId_KeepsTheVehicleWithTheFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            var time = _time.AddSeconds(i * 10).ToUnixTimeSeconds();
            Assert.Equal((1, "-"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=52.1&lon=5.1&timestamp={time}"))));
            Assert.Equal((0, "impossible_speed"), Told(await BodyAsync(await GetAsync($"id={_device}&lat=53.2&lon=6.5&timestamp={time + 5}"))));
        }

        Assert.All(await PositionsAsync(), stored => Assert.Equal(52.1, stored.GetProperty("latitude").GetDouble()));
    }

    [Theory]
    [InlineData("text/plain", "hello", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-16", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "{", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "[]", HttpStatusCode.BadRequest)]
    [InlineData("application/x-www-form-urlencoded", "id=1&lat=north", HttpStatusCode.BadRequest)]
    [InlineData("application/x-www-form-urlencoded", "%%%=&&&", HttpStatusCode.BadRequest)]
    public async Task Send_WhatIsNotTheFormat_IsAProblem(string type, string body, HttpStatusCode status)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        await ProblemAsync(await _http.PostAsync($"/api/telemetry/osmand/{_key}", content), status);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=ISO-8859-1")]
    [InlineData("application/x-www-form-urlencoded;charset=utf8")]
    [InlineData("application/x-www-form-urlencoded; charset='us-ascii'")]
    public async Task Send_AFormOfAnotherCharset_IsStored(string type)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes($"id={_device}&lat=52.1&lon=5.1"));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal((1, "-"), Told(await BodyAsync(await _http.PostAsync($"/api/telemetry/osmand/{_key}", content))));
    }

    /// <summary>As programs do that name a type with every request.</summary>
    [Theory]
    [InlineData("GET", "application/json")]
    [InlineData("POST", "application/json; charset=utf-8")]
    [InlineData("POST", "text/plain")]
    public async Task Send_InTheAddressUnderATypeWithoutABody_IsStored(string method, string type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/telemetry/osmand/{_key}?id={_device}&lat=52.1&lon=5.1");
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal((1, "-"), Told(await BodyAsync(await _http.SendAsync(request))));
    }

    [Fact]
    public async Task Send_AListWithOneThatCannotBeRead_StoresTheOthersAndStillTellsWhoIsUnknown()
    {
        string List(string device) => $$"""
            {"device_id":"{{device}}","location":[{"timestamp":"soon","coords":{"latitude":52.1,"longitude":5.1} },
            {"timestamp":{{_time.ToUnixTimeSeconds()}},"coords":{"latitude":52.1,"longitude":5.1} }]}
            """;

        Assert.Equal((1, "malformed"), Told(await BodyAsync(await JsonAsync(List(_device)))));
        await ProblemAsync(await JsonAsync(List("nobody")), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Send_AHugeBody_Is413()
    {
        using var content = new ByteArrayContent(new byte[9 * 1024 * 1024]);
        content.Headers.ContentType = new("application/json");

        await ProblemAsync(await _http.PostAsync($"/api/telemetry/osmand/{_key}", content), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Send_WithAKeyThatIsNotTheTrackersOwn_IsRefused()
    {
        var (id, revoked) = await KeyAsync("positions.write");
        var (_, more) = await KeyAsync("positions.write", "vehicles.read");
        var (_, other) = await KeyAsync("vehicles.read");
        using var gone = await host.Administrator.DeleteAsync($"/api/api-keys/{id}");
        gone.EnsureSuccessStatusCode();
        var report = $"id={_device}&lat=52&lon=5";

        await ProblemAsync(await _http.GetAsync($"/api/telemetry/osmand/{revoked}?{report}"), HttpStatusCode.Unauthorized);
        await ProblemAsync(await _http.GetAsync($"/api/telemetry/osmand/cc_nonsense?{report}"), HttpStatusCode.Unauthorized);
        await ProblemAsync(await _http.GetAsync($"/api/telemetry/osmand/{other}?{report}"), HttpStatusCode.Forbidden);
        var problem = await ProblemAsync(await _http.GetAsync($"/api/telemetry/osmand/{more}?{report}"), HttpStatusCode.Forbidden);
        await ProblemAsync(await TraccarAsync("{}", key: null), HttpStatusCode.Unauthorized);
        Assert.Contains("positions.write", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await PositionsAsync());
    }

    private async Task<JsonElement> SendAsync(string way, int index) => await BodyAsync(way switch
    {
        "get" => await GetAsync(Ours(TrackerVariants.Queries[index])),
        "post" => await _http.PostAsync($"/api/telemetry/osmand/{_key}?{Ours(TrackerVariants.Queries[index])}", null),
        "form" => await PostAsync($"/api/telemetry/osmand/{_key}", Ours(TrackerVariants.Queries[index]), "application/x-www-form-urlencoded"),
        "json" => await JsonAsync(Ours(TrackerVariants.Jsons[index])),
        _ => await TraccarAsync(Ours(TrackerVariants.Forwardings[index])),
    });

    // The same time of yesterday: what is older than a month is not taken.
    private string Ours(string report) => report
        .Replace("van-7", _device, StringComparison.Ordinal)
        .Replace(TrackerVariants.FixTime[..10], $"{Yesterday:yyyy-MM-dd}", StringComparison.Ordinal)
        .Replace(TrackerVariants.UnixTime, $"{Yesterday.ToUnixTimeSeconds()}", StringComparison.Ordinal);

    private Task<HttpResponseMessage> GetAsync(string query) => _http.GetAsync($"/api/telemetry/osmand/{_key}?{query}");

    private Task<HttpResponseMessage> JsonAsync(string body) => PostAsync($"/api/telemetry/osmand/{_key}", body, "application/json");

    private Task<HttpResponseMessage> TraccarAsync(string body) => TraccarAsync(body, _key);

    private async Task<HttpResponseMessage> TraccarAsync(string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/telemetry/traccar") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        return await _http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await _http.PostAsync(path, content);
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    private static (int Stored, string Reason) Told(JsonElement answer) => (
        answer.GetProperty("stored").GetInt32(),
        answer.GetProperty("rejected").EnumerateArray().Select(one => one.GetProperty("reason").GetString()!).FirstOrDefault("-"));

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task<JsonElement[]> PositionsAsync()
    {
        var page = await host.Administrator.GetFromJsonAsync<JsonElement>(
            $"/api/vehicles/{_vehicle}/positions?from=2025-01-01T00:00:00Z&to=2027-12-31T00:00:00Z");
        return [.. page.GetProperty("items").EnumerateArray()];
    }

    private async Task<(Guid Id, string Key)> KeyAsync(params string[] permissions)
    {
        using var answer = await host.Administrator.PostAsJsonAsync("/api/api-keys", new { name = "trackers", permissions });
        var key = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (key.GetProperty("id").GetGuid(), key.GetProperty("key").GetString()!);
    }

    private async Task<Guid> CreateVehicleAsync(string device)
    {
        using var created = await host.Administrator.PostAsJsonAsync(
            "/api/vehicles", new { licensePlate = $"T-{device[1..9]}", vehicleType = "van", deviceId = device });
        created.EnsureSuccessStatusCode();
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }
}
