using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Telephony.Agents;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Telephony;

/// <summary>Aircall's events that are of no call: its agents and numbers, and what is only kept.</summary>
[Collection(HostCollection.Name)]
public sealed class AircallOtherEventTests(RunningHost host)
{
    private const string Webhook = "/api/telephony/aircall";
    private const long Start = 1_796_000_000;

    [Fact]
    public async Task Agents_FollowTheirEventsAndTheirCallsInAnyOrder()
    {
        var (token, agent, call) = (await TokenAsync(), NewId(), NewId());
        var user = new { id = agent, name = "Bo", email = "bo@chargecars.example" };
        (string Name, long At, object Data)[] day =
        [
            ("user.connected.v2", 0, user), ("user.opened.v2", 1, user), ("call.answered", 10, new { id = call, direction = "inbound", user }),
            ("call.hungup", 20, new { id = call, direction = "inbound", user }), ("user.wut_start.v2", 21, user), ("user.wut_end.v2", 30, user),
            ("user.closed.v2", 40, user), ("user.closed.v2", 41, new { id = agent, name = "Bo", substatus = "out_for_lunch" }),
        ];

        foreach (var (name, at, data) in new[] { day[2], day[0], day[2], day[1] })
        {
            await SendAsync(token, name, Start + at, data);
        }

        Assert.Equal(("in_call", call), await SeenAsync(agent, "callId"));
        foreach (var (name, at, data) in day.Reverse())
        {
            await SendAsync(token, name, Start + at, data);
        }

        Assert.Equal(("unavailable", "out_for_lunch"), await SeenAsync(agent, "substatus"));
        var row = await host.ScalarAsync<Guid>($"SELECT id FROM agent_presence WHERE agent_id = '{agent}'");
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{row}' AND type = 'agent.created'"));
        Assert.Equal(
            await host.ScalarAsync<long>($"SELECT version FROM agent_presence WHERE id = '{row}'"), await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{row}'"));
        using var partner = await host.WithKeyAsync(new
        {
            name = "partner", permissions = new[] { "calls.read" }, partnerOrganizationId = await Sample.CreateAsync(host, "organization"),
        });
        Assert.Empty((await partner.ReadAsync("/api/telephony/agents")).GetProperty("items").EnumerateArray());
        using var nobody = await host.WithKeyAsync("orders.read");
        await (await nobody.GetAsync("/api/telephony/agents")).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(["status"], await (await host.Administrator.GetAsync("/api/telephony/agents?status=asleep")).FaultyFieldsAsync());
    }

    /// <summary>The event of its end that names them was lost.</summary>
    [Fact]
    public async Task Agent_OfACallThatIsOver_IsInItNoLonger()
    {
        var (token, agent, call) = (await TokenAsync(), NewId(), NewId());
        await SendAsync(token, "user.opened.v2", Start, new { id = agent, name = "Bo" });
        await SendAsync(token, "call.answered", Start + 10, new { id = call, direction = "inbound", user = new { id = agent, name = "Bo" } });
        var review = host.Services.GetRequiredService<EndedCallReview>();
        await review.DeleteExpiredAsync(CancellationToken.None);
        Assert.Equal(("in_call", call), await SeenAsync(agent, "callId"));

        await SendAsync(token, "call.ended", Start + 60, new { id = call, direction = "inbound", status = "done", started_at = Start, answered_at = Start + 10, ended_at = Start + 60 });
        Assert.NotEqual(0, await review.DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(("available", null), await SeenAsync(agent, "callId"));
    }

    [Fact]
    public async Task Numbers_AreMadeAndClosedByTheirEvents_AndKeepWhatPeopleCallThem()
    {
        var (token, id) = (await TokenAsync(), NewId());
        await SendAsync(token, "number.closed", Start + 20, new { id, name = "Storing", digits = "+31 85 012 3499" });
        // Late: what is newer counts.
        await SendAsync(token, "number.opened", Start + 10, new { id, name = "Storing", digits = "+31 85 012 3498" });

        var number = Assert.Single((await host.Administrator.ReadAsync($"/api/business-phone-numbers?aircallId={id}")).GetProperty("items").EnumerateArray());
        Assert.Equal(("Storing", "+31850123499", false), (number.Text("name"), number.Text("digits"), number.GetProperty("isOpen").GetBoolean()));
        using var renamed = await host.Administrator.MergePatchAsync($"/api/business-phone-numbers/{number.GetProperty("id").GetGuid()}", "1", """{"name":"Storingsdienst"}""");
        await renamed.JsonAsync();
        await SendAsync(token, "number.opened", Start + 30, new { id, name = "Storing" });
        await SendAsync(token, "number.deleted", Start + 40, new { id });
        await SendAsync(token, "number.deleted", Start + 40, new { id });

        number = await host.Administrator.ReadAsync($"/api/business-phone-numbers/{number.GetProperty("id").GetGuid()}");
        Assert.Equal(
            ("Storingsdienst", "+31850123499", false, true, 4L),
            (number.Text("name"), number.Text("digits"), number.GetProperty("isOpen").GetBoolean(), number.GetProperty("isRemoved").GetBoolean(), number.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task Numbers_ThatPeopleMade_TakeTheirEvents()
    {
        var (token, id, row) = (await TokenAsync(), NewId(), Guid.CreateVersion7());
        await host.ExecuteAsync($"INSERT INTO business_phone_number (id, aircall_id, name, digits) VALUES ('{row}', '{id}', 'Balie', '+31850123400')");

        await SendAsync(token, "number.opened", Start, new { id, name = "Aircall's name", digits = "+31 85 012 3401" });

        var number = await host.Administrator.ReadAsync($"/api/business-phone-numbers/{row}");
        Assert.Equal(("Balie", "+31850123401", true), (number.Text("name"), number.Text("digits"), number.GetProperty("isOpen").GetBoolean()));
    }

    [Theory]
    [InlineData("summary.created", "call_id")]
    [InlineData("transcription.created", "call_id")]
    [InlineData("contact.updated", null)]
    [InlineData("team.created", null)]
    public async Task Event_WithoutEffectHere_IsKeptWithItsCall(string name, string? field)
    {
        var (token, id) = (await TokenAsync(), NewId());

        await SendAsync(token, name, Start, field is null ? new { id } : new { id = "x", call_id = id });

        Assert.Equal(1L, await host.ScalarAsync<long>(field is null
            ? $"SELECT count(*) FROM aircall_event WHERE event = '{name}' AND body -> 'data' ->> 'id' = '{id}' AND error IS NULL"
            : $"SELECT count(*) FROM aircall_event WHERE event = '{name}' AND call_id = '{id}' AND error IS NULL"));
    }

    [Fact]
    public async Task Event_WithoutWhatItIsOf_IsKeptWithItsReason()
    {
        var (token, mark) = (await TokenAsync(), NewId());

        foreach (var name in new[] { "user.opened.v2", "number.opened", "summary.created", "message.received" })
        {
            await SendAsync(token, name, Start, new { mark });
        }

        Assert.Equal(3L, await host.ScalarAsync<long>($"SELECT count(*) FROM aircall_event WHERE body -> 'data' ->> 'mark' = '{mark}' AND error LIKE '% without a%'"));
    }

    /// <summary>An index on the id takes no value of more than 2.7 kB.</summary>
    [Fact]
    public async Task Message_WithAnIdThatIsLongOrNoText_IsKept()
    {
        var (token, mark) = (await TokenAsync(), NewId());
        var wide = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8_000));

        await SendAsync(token, "message.received", Start, new { id = wide, mark });
        await SendAsync(token, "message.status_updated", Start, new { id = new { wide }, mark });

        Assert.Equal(2L, await host.ScalarAsync<long>($"SELECT count(*) FROM aircall_event WHERE body -> 'data' ->> 'mark' = '{mark}'"));
    }

    /// <summary>They are never sent again, and there is nothing to read them from later.</summary>
    [Fact]
    public async Task Callbacks_OfANumberInProxyMode_AreTakenByTheTokenInTheirAddress()
    {
        var (token, line, id, digits) = (await TokenAsync(), NewId(), $"m{NewId()}", $"316{Random.Shared.Next(10_000_000, 59_999_999)}");
        var received = new
        {
            event_name = "message.received", timestamp = 1_796_000_000_000, data = new { id, direction = "inbound", external_number = digits, body = "Hallo", number = new { id = line } },
        };
        using var anybody = host.Anonymous();
        await (await anybody.PostAsJsonAsync($"{Webhook}/callback/a-wrong-token-of-some-length", received)).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await anybody.PostAsJsonAsync($"{Webhook}/callback/{token}", new { event_name = 1 })).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["token"], await (await anybody.PostAsJsonAsync(Webhook, received)).FaultyFieldsAsync());

        Assert.Equal(HttpStatusCode.OK, (await anybody.PostAsJsonAsync($"{Webhook}/callback/{token}", received)).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK, (await anybody.PostAsJsonAsync(Webhook, new { event_name = "message.updated", timestamp = 1_796_000_060_000, token, id, status = "delivered" })).StatusCode);

        Assert.Equal("Hallo", await host.ScalarAsync<string>($"SELECT body_text FROM communication_message WHERE external_message_id = '{id}' AND sent_at = to_timestamp(1796000000)"));
        Assert.Equal(2L, await host.ScalarAsync<long>($"SELECT count(*) FROM aircall_event WHERE event LIKE 'message.%' AND body #>> '{"{data,id}"}' = '{id}' AND body::text NOT LIKE '%{token}%'"));
    }

    private static string NewId() => $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}";

    private async Task<(string Status, string? Field)> SeenAsync(string agent, string field)
    {
        var seen = Assert.Single((await host.Administrator.ReadAsync($"/api/telephony/agents?agentId={agent}")).GetProperty("items").EnumerateArray());
        return (seen.Text("status")!, seen.Text(field));
    }

    private async Task SendAsync(string token, string name, long at, object data)
    {
        using var anybody = host.Anonymous();
        using var answer = await anybody.PostAsJsonAsync(Webhook, new { resource = name.Split('.')[0], @event = name, timestamp = at, token, data });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<string> TokenAsync() =>
        (await (await host.Administrator.PostAsJsonAsync($"{Webhook}/tokens", new { name = "Of a test" })).JsonAsync(HttpStatusCode.Created)).GetProperty("token").GetString()!;
}
