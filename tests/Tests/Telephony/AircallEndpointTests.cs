using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Telephony;

/// <summary>Aircall's webhook over HTTP, and the calls that its events come to.</summary>
[Collection(HostCollection.Name)]
public sealed class AircallEndpointTests(RunningHost host)
{
    private const string Webhook = "/api/telephony/aircall";
    private const string Tokens = "/api/telephony/aircall/tokens";
    private const long Start = 1_796_000_000;

    [Fact]
    public async Task Events_ShuffledAndRepeated_MakeOneCallWithItsLinks()
    {
        var (token, id, line) = (await TokenAsync(), NewId(), await LineAsync("laderthuis"));
        var digits = $"+31 6 1{Random.Shared.Next(1_000_000, 9_999_999)}";
        var contact = await PersonAsync(digits);
        var events = new[]
        {
            Event(token.Text, "call.ringing_on_agent", Start + 2, id, line, digits),
            Event(token.Text, "call.answered", Start + 5, id, line, digits, answered: Start + 5),
            Event(token.Text, "call.ended", Start + 65, id, line, digits, answered: Start + 5, ended: Start + 60),
        };

        foreach (var body in new[] { events[2], events[0], events[2], events[1], events[0], events[1] })
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(body)).StatusCode);
        }

        var call = Assert.Single((await host.Administrator.ReadAsync($"/api/calls?callId={id}")).GetProperty("items").EnumerateArray());
        Assert.Equal(("completed", 60, "laderthuis"), (call.GetProperty("status").GetString(), call.GetProperty("duration").GetInt32(), call.GetProperty("businessEntity").GetString()));
        Assert.Equal(contact, call.GetProperty("phoneNumberId").GetGuid());
        Assert.NotEqual(JsonValueKind.Null, call.GetProperty("businessPhoneNumberId").ValueKind);
        Assert.Equal(3L, await host.ScalarAsync<long>($"SELECT count(*) FROM aircall_event WHERE call_id = '{id}'"));
        var row = call.GetProperty("id").GetGuid();
        Assert.Equal(3L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{row}'"));
        Assert.Equal(
            "call.created,call.ended,call.updated,call.updated",
            await host.ScalarAsync<string>($"SELECT string_agg(type, ',' ORDER BY sequence) FROM change_event WHERE entity_id = '{row}'"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{row}' AND data::text LIKE '%aircall.example%'"));
    }

    [Fact]
    public async Task Event_WithoutASoundTokenOrEnvelope_IsRefusedAndNotKept()
    {
        var (token, id) = (await TokenAsync(), NewId());

        await (await SendAsync(Event("a wrong token of some length", "call.created", Start, id, "7", "anonymous"))).ProblemAsync(HttpStatusCode.Unauthorized);
        foreach (var body in new[] { "", "[]", "not json", $$"""{"token":"{{token.Text}}"}""" })
        {
            await (await SendAsync(Encoding.UTF8.GetBytes(body))).ProblemAsync(HttpStatusCode.BadRequest);
        }

        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM aircall_event WHERE call_id = '{id}'"));
    }

    [Fact]
    public async Task Event_ThatIsNotKnown_IsKeptWithoutItsToken()
    {
        var (token, name) = (await TokenAsync(), $"call.{Guid.NewGuid():n}");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Event(token.Text, name, Start, NewId(), "7", "anonymous"))).StatusCode);

        Assert.Equal($"{name} is not known", await host.ScalarAsync<string>($"SELECT error FROM aircall_event WHERE event = '{name}'"));
        Assert.Equal("[redacted]", await host.ScalarAsync<string>($"SELECT body ->> 'token' FROM aircall_event WHERE event = '{name}'"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM aircall_event WHERE body::text LIKE '%{token.Text}%'"));
    }

    [Fact]
    public async Task Token_OfSeveral_CountsUntilItIsWithdrawn()
    {
        var (one, other) = (await TokenAsync(), await TokenAsync());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Event(other.Text, "call.created", Start, NewId(), "7", "anonymous"))).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await host.Administrator.DeleteAsync($"{Tokens}/{one.Id}")).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Event(one.Text, "call.created", Start, NewId(), "7", "anonymous"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Event(other.Text, "call.created", Start, NewId(), "7", "anonymous"))).StatusCode);
        Assert.DoesNotContain(other.Text, (await host.Administrator.ReadAsync(Tokens)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE new_values::text LIKE '%{other.Text}%'"));
    }

    [Fact]
    public async Task Call_OutsideOfTheScope_IsNotThereAndItsRecordingIsForListeners()
    {
        var (token, id) = (await TokenAsync(), NewId());
        await SendAsync(Event(token.Text, "call.ended", Start + 60, id, await LineAsync("zaptecshop"), "anonymous", Start + 5, Start + 60));
        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{id}'");
        using var own = await host.WithKeyAsync(new { name = "own", permissions = new[] { "calls.read" }, businessEntities = new[] { "zaptecshop" } });
        using var listener = await host.WithKeyAsync("calls.read", "calls.listen");
        using var foreignListener = await host.WithKeyAsync(new { name = "ears", permissions = new[] { "calls.read", "calls.listen" }, businessEntities = new[] { "ratioshop" } });
        using var foreign = await host.WithKeyAsync(new { name = "foreign", permissions = new[] { "calls.read" }, businessEntities = new[] { "ratioshop" } });
        using var partner = await host.WithKeyAsync(new
        {
            name = "partner", permissions = new[] { "calls.read" }, partnerOrganizationId = await ChargeCars.Tests.Platform.Entities.Sample.CreateAsync(host, "organization"),
        });

        foreach (var stranger in new[] { foreign, partner })
        {
            await (await stranger.GetAsync($"/api/calls/{row}")).ProblemAsync(HttpStatusCode.NotFound);
            Assert.Empty((await stranger.ReadAsync($"/api/calls?callId={id}")).GetProperty("items").EnumerateArray());
        }

        var seen = await own.ReadAsync($"/api/calls/{row}");
        Assert.True(seen.GetProperty("hasRecording").GetBoolean());
        Assert.DoesNotContain("aircall.example", seen.GetRawText(), StringComparison.Ordinal);
        await (await own.GetAsync($"/api/calls/{row}/recording")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await foreignListener.GetAsync($"/api/calls/{row}/recording")).ProblemAsync(HttpStatusCode.NotFound);
        await (await listener.GetAsync($"/api/calls/{row}/voicemail")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{row}' AND change_summary = 'Listened to the recording'"));
        var sound = await listener.ReadAsync($"/api/calls/{row}/recording");
        Assert.Equal(("https://aircall.example/recording/1", false), (sound.GetProperty("address").GetString(), sound.GetProperty("isFresh").GetBoolean()));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{row}' AND change_summary = 'Listened to the recording'"));
    }

    [Fact]
    public async Task Audit_OfACall_HasNoLinkToWhatWasSaid()
    {
        var (token, id) = (await TokenAsync(), NewId());
        await SendAsync(Event(token.Text, "call.ended", Start + 60, id, await LineAsync("zaptecshop"), "anonymous", Start + 5, Start + 60));
        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{id}'");
        using var auditor = await host.WithKeyAsync("audit.read", "calls.read");
        using var listener = await host.WithKeyAsync("audit.read", "calls.read", "calls.listen");

        foreach (var address in new[] { $"/api/audit?recordId={row}", $"/api/audit/export?recordId={row}", $"/api/audit/export?recordId={row}&format=csv" })
        {
            var seen = await auditor.GetStringAsync(address);
            Assert.Contains(id, seen, StringComparison.Ordinal);
            Assert.DoesNotContain("aircall.example", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("aircall.example", await listener.GetStringAsync(address), StringComparison.Ordinal);
        }
    }

    private static string NewId() => $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}";

    private static byte[] Event(string token, string name, long at, string id, string line, string digits, long? answered = null, long? ended = null) =>
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            resource = "call", @event = name, timestamp = at, token,
            data = new
            {
                id, direction = "inbound", status = ended is null ? "initial" : "done", started_at = Start, answered_at = answered, ended_at = ended,
                duration = ended - Start, raw_digits = digits, number = new { id = line, name = "Service", digits = "+31 85 012 3456" },
                user = new { id = 501, name = "Bo" }, recording = ended is null ? null : "https://aircall.example/recording/1",
            },
        });

    private async Task<HttpResponseMessage> SendAsync(byte[] body)
    {
        using var anybody = host.Anonymous();
        return await anybody.PostAsync(Webhook, new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } });
    }

    private async Task<(Guid Id, string Text)> TokenAsync()
    {
        var made = await (await host.Administrator.PostAsJsonAsync(Tokens, new { name = "Of a test" })).JsonAsync(HttpStatusCode.Created);
        return (made.GetProperty("id").GetGuid(), made.GetProperty("token").GetString()!);
    }

    private async Task<string> LineAsync(string entity)
    {
        var line = NewId();
        await host.ExecuteAsync($"""
            INSERT INTO business_phone_number (id, aircall_id, name, digits, business_entity_id)
            SELECT '{Guid.CreateVersion7()}', '{line}', 'Service', '+31850123456', id FROM business_entity WHERE entity_code = '{entity}'
            """);
        return line;
    }

    private async Task<Guid> PersonAsync(string digits)
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email) VALUES ('{id}', 'A', 'Caller', '{id}@example.nl');
            INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{id}', '{id}', '{digits.Replace(" ", "", StringComparison.Ordinal)}');
            """);
        return id;
    }
}
