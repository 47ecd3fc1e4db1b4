using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ChargeCars.Tests.Hosting;

/// <summary>Requests whose bytes mean nothing, or nothing that the database can keep: the client's fault, told by the field.</summary>
[Collection(HostCollection.Name)]
public sealed class UnreadableRequestTests(RunningHost host)
{
    private const string Text = "\"a text\"";

    /// <summary>The lists that a cursor goes through, and the orders of each.</summary>
    public static TheoryData<string, string> Lists() => new()
    {
        { "/api/vehicles", "createdAt" },
        { "/api/vehicles", "licensePlate" },
        { "/api/geofences", "createdAt" },
        { "/api/geofences", "name" },
        { "/api/geofence-events", "-fixTime" },
        { "/api/users", "-createdAt" },
        { "/api/roles", "roleName" },
        { "/api/roles", "createdAt" },
        { "/api/audit", "-createdAt" },
        { "/api/number-sequences", "-year" },
        { "/api/number-sequences", "createdAt" },
        { "/api/number-sequences/chargecars/order/2026/numbers", "sequence" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Cursor_WhoseValueIsOfAnotherType_IsNoCursorOfTheList(string path, string sort)
    {
        var takesText = sort is "licensePlate" or "name" or "roleName";
        string[] values =
        [
            "\"\"", "\"infinity\"", "\"2026-13-01\"", "\"99999999999999999999\"", "\"1e3\"", "\"' OR true --\"", "\"a\\u0000b\"", "\"\\ud800\"",
            "1", "null", "true", "{}", "[]",
        ];
        foreach (var value in takesText ? values[6..] : values)
        {
            var cursor = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"Sort":"{{sort}}","Value":{{value}},"Id":"{{Guid.Empty}}"}"""))
                .TrimEnd('=').Replace('+', '-').Replace('/', '_');

            using var answer = await host.Administrator.GetAsync($"{path}?sort={sort}&cursor={cursor}");

            Assert.Equal(["cursor"], await answer.FaultyFieldsAsync());
        }
    }

    [Theory]
    [InlineData("application/json; charset=xyz")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"\"")]
    public async Task Charset_ThatIsNotUtf8_Is415(string type)
    {
        using var anonymous = host.Anonymous();
        using var stranger = await SendAsync(anonymous, HttpMethod.Post, "/api/auth/login", "{}"u8.ToArray(), type);
        using var known = await SendAsync(host.Administrator, HttpMethod.Post, "/api/vehicles", "{}"u8.ToArray(), type);

        await stranger.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        await known.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json;charset=utf8")]
    [InlineData("application/json; charset=us-ascii")]
    public async Task Charset_ThatIsUtf8_IsRead(string type)
    {
        using var answer = await SendAsync(host.Administrator, HttpMethod.Post, "/api/vehicles", "{}"u8.ToArray(), type);

        Assert.Contains("licensePlate", await answer.FaultyFieldsAsync());
    }

    [Theory]
    [InlineData("\"\\ud800\"", "whole Unicode text")]
    [InlineData("\"a\\udc00\\ud800\"", "whole Unicode text")]
    [InlineData("\"\\u0000\"", "U+0000")]
    public async Task Text_ThatCannotBeKept_IsRefusedWhereverItIs(string text, string fault)
    {
        var vehicle = await host.CreateVehicleAsync();
        var role = await host.ScalarAsync<Guid>("SELECT id FROM user_role WHERE role_name = 'viewer'");
        foreach (var (method, path, body) in Bodies(vehicle, role))
        {
            using var answer = await SendAsync(host.Administrator, method, path, Encoding.UTF8.GetBytes(body.Replace(Text, text, StringComparison.Ordinal)));

            var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest);
            Assert.True(problem.GetProperty("errors").ToString().Contains(fault, StringComparison.Ordinal), $"{method} {path} {body}: {problem}");
        }
    }

    [Fact]
    public async Task Bytes_ThatAreNotUtf8_AreRefusedWhereverTheyAre()
    {
        var vehicle = await host.CreateVehicleAsync();
        var role = await host.ScalarAsync<Guid>("SELECT id FROM user_role WHERE role_name = 'viewer'");
        foreach (var (method, path, body) in Bodies(vehicle, role))
        {
            var bytes = Encoding.Latin1.GetBytes(body.Replace(Text, "\"\u00e9\u00ff\"", StringComparison.Ordinal));
            using var answer = await SendAsync(host.Administrator, method, path, bytes);

            Assert.NotEmpty(await answer.FaultyFieldsAsync());
        }
    }

    [Fact]
    public async Task Fault_InAPatch_IsNamedByTheField()
    {
        var vehicle = await host.CreateVehicleAsync();
        using var answer = await SendAsync(host.Administrator, HttpMethod.Patch, $"/api/vehicles/{vehicle}", """{"year":2020,"vehicleName":"\ud800"}"""u8.ToArray());

        Assert.Equal(["vehicleName"], await answer.FaultyFieldsAsync());
    }

    [Theory]
    [InlineData("0001-01-01", false)]
    [InlineData("9999-12-31", false)]
    [InlineData("2027-02-29", false)]
    [InlineData("2028-02-29", true)]
    public async Task Date_ThatTheDatabaseWouldKeepAsInfinity_IsRefused(string date, bool good)
    {
        var vehicle = await host.CreateVehicleAsync();
        using var answer = await host.Administrator.MergePatchAsync($"/api/vehicles/{vehicle}", "1", JsonSerializer.Serialize(new { insuranceExpiry = date }));

        Assert.Equal(good ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task UserAgent_CutWithinACharacter_IsKeptWhole()
    {
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = host.Url };
        client.DefaultRequestHeaders.Authorization = host.Administrator.DefaultRequestHeaders.Authorization;
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"{new string('x', 299)}\U0001F690");
        using var created = await client.PostAsync("/api/vehicles", Json($$"""{"licensePlate":"U-{{Guid.NewGuid().ToString("N")[..8]}}","vehicleType":"van"}"""));

        var id = (await created.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        Assert.Equal(299, await host.ScalarAsync<int>($"SELECT length(user_agent) FROM audit_log WHERE record_id = '{id}'"));
    }

    private static IEnumerable<(HttpMethod Method, string Path, string Body)> Bodies(Guid vehicle, Guid role) =>
    [
        (HttpMethod.Post, "/api/vehicles", """{"licensePlate":"T-1","vehicleType":"van","vehicleName":"a text"}"""),
        (HttpMethod.Post, "/api/vehicles", """{"licensePlate":"T-1","vehicleType":"van","equipmentList":{"equipment":[{"name":"a text"}]}}"""),
        (HttpMethod.Patch, $"/api/vehicles/{vehicle}", """{"vehicleName":"a text"}"""),
        (HttpMethod.Patch, $"/api/vehicles/{vehicle}", """{"a text":1}"""),
        (HttpMethod.Patch, $"/api/vehicles/{vehicle}", """{"equipmentList":{"a text":[["a text"]]}}"""),
        (HttpMethod.Patch, $"/api/vehicles/{vehicle}", Text),
        (HttpMethod.Patch, $"/api/vehicles/{vehicle}", $"[{Text}]"),
        (HttpMethod.Post, "/api/roles", """{"roleName":"of_a_test","permissions":{"resources":["a text"]}}"""),
        (HttpMethod.Post, "/api/roles", """{"roleName":"of_a_test","permissions":{"a text":[]}}"""),
        (HttpMethod.Patch, $"/api/roles/{role}", """{"permissions":{"data_filters":{"user_scope":"a text"}}}"""),
        (HttpMethod.Post, "/api/api-keys", """{"name":"a text","permissions":["vehicles.read"]}"""),
        (HttpMethod.Post, "/api/auth/password/forgot", """{"email":"a text"}"""),
        (HttpMethod.Post, $"/api/vehicles/{vehicle}/actions/drive", """{"reason":"a text"}"""),
    ];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, byte[] body, string? type = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type ?? (method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"));
        if (method == HttpMethod.Patch)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        }

        return await client.SendAsync(request);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
