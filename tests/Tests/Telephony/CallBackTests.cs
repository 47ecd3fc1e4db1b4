using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Orders;
using ChargeCars.Tests.Platform.Entities;
using ChargeCars.Tests.Platform.Live;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Telephony;

/// <summary>The card of a ringing call, and calling back those who were missed.</summary>
[Collection(HostCollection.Name)]
public sealed class CallBackTests(RunningHost host)
{
    private static readonly string[] Seeing = ["calls.read", "relations.read", "orders.read", "visits.read", "threads.read"];

    [Fact]
    public async Task Ring_OpensACardWithWhoMayBeCalling_AndTheAnswerClosesIt()
    {
        var (token, id, digits, now) = (await TokenAsync(), NewId(), Digits(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var contact = await ContactAsync(digits);
        await SendAsync(token, "call.created", now, id, digits, now);

        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{id}'");
        using var data = JsonDocument.Parse(await host.ScalarAsync<string>($"SELECT data::text FROM change_event WHERE entity_id = '{row}' AND type = 'call.ringing'"));
        var candidate = Assert.Single(data.RootElement.GetProperty("card").GetProperty("candidates").EnumerateArray());
        Assert.Equal((contact, "Een Beller"), (candidate.GetProperty("contactId").GetGuid(), candidate.GetProperty("name").GetString()));

        using var all = await host.WithKeyAsync(Seeing);
        using var calls = await host.WithKeyAsync("calls.read");
        Assert.Equal(contact, Assert.Single(Card(await all.ReadAsync("/api/calls/ringing"), row)!.Value.GetProperty("candidates").EnumerateArray()).GetProperty("contactId").GetGuid());
        Assert.Empty(Card(await calls.ReadAsync("/api/calls/ringing"), row)!.Value.GetProperty("candidates").EnumerateArray());
        using var foreign = await host.WithKeyAsync(new { name = "foreign", permissions = Seeing, businessEntities = new[] { "ratioshop" } });
        Assert.Null(Card(await foreign.ReadAsync("/api/calls/ringing"), row));

        await SendAsync(token, "call.answered", now + 3, id, digits, now, answered: now + 3);
        Assert.Null(Card(await all.ReadAsync("/api/calls/ringing"), row));
        var talked = Card(await all.ReadAsync("/api/calls/ringing?answered=true"), row)!.Value;
        Assert.Equal(contact, Assert.Single(talked.GetProperty("candidates").EnumerateArray()).GetProperty("contactId").GetGuid());
        using var unclear = await all.GetAsync("/api/calls/ringing?answered=perhaps");
        Assert.Equal(HttpStatusCode.BadRequest, unclear.StatusCode);
        Assert.Equal("initial,answered", await host.ScalarAsync<string>($"SELECT string_agg(to_status, ',' ORDER BY created_at) FROM status_transition WHERE entity_id = '{row}'"));
        await SendAsync(token, "call.ended", now + 9, id, digits, now, answered: now + 3, ended: now + 9);
        Assert.Null(Card(await all.ReadAsync("/api/calls/ringing?answered=true"), row));
    }

    [Fact]
    public async Task Ring_OfWhomAVanDrivesTo_SaysWhereItIsAndWhenItIsExpected_ToWhoMaySeePositions_AndKeepsNoPlace()
    {
        var (token, id, digits) = (await TokenAsync(), NewId(), Digits());
        var (visit, van) = await VisitTodayAsync(digits.Replace(" ", "", StringComparison.Ordinal));
        using var seeing = await host.WithKeyAsync([.. Seeing, "vehicles.read", "positions.read"]);
        using var others = await host.WithKeyAsync([.. Seeing, "vehicles.read"]);
        await using var screen = await ConnectAsync(seeing);
        await using var blind = await ConnectAsync(others);
        var now = DateTimeOffset.UtcNow;

        await SendAsync(token, "call.created", now.ToUnixTimeSeconds(), id, digits, now.ToUnixTimeSeconds());

        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{id}'");
        foreach (var shown in new[] { VisitOf(await ToldAsync(screen, row)), VisitOf(Card(await seeing.ReadAsync("/api/calls/ringing"), row)!.Value) })
        {
            Assert.Equal((visit, van), (shown.GetProperty("id").GetGuid(), shown.GetProperty("vehicleId").GetGuid()));
            var position = shown.GetProperty("position");
            Assert.Equal((52.2, 5.3), (position.GetProperty("latitude").GetDouble(), position.GetProperty("longitude").GetDouble()));
            Assert.InRange(now - position.GetProperty("fixTime").GetDateTimeOffset(), TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(3));
            Assert.InRange(shown.GetProperty("positionAgeSeconds").GetInt32(), 50, 180);
            Assert.Equal(["earliest", "expected", "latest"], shown.GetProperty("expectedArrival").EnumerateObject().Select(field => field.Name).Order());
        }

        foreach (var masked in new[] { VisitOf(await ToldAsync(blind, row)), VisitOf(Card(await others.ReadAsync("/api/calls/ringing"), row)!.Value) })
        {
            Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (masked.GetProperty("position").ValueKind, masked.GetProperty("expectedArrival").ValueKind));
            Assert.InRange(masked.GetProperty("positionAgeSeconds").GetInt32(), 50, 180);
        }

        // Positions may have to be taken back, and what is kept of the ring has none.
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{row}' AND data::text LIKE '%latitude%'"));

        // With another plan, what was expected of the former one is not.
        await host.ExecuteAsync($"UPDATE visit_expectation SET planned_start = planned_start - interval '1 hour' WHERE visit_id = '{visit}'");
        Assert.Equal(JsonValueKind.Null, VisitOf(Card(await seeing.ReadAsync("/api/calls/ringing"), row)!.Value).GetProperty("expectedArrival").ValueKind);
    }

    /// <summary>A number of many contacts of one organization, and one that is the organization's own and no contact's.</summary>
    [Theory]
    [InlineData(6)]
    [InlineData(0)]
    public async Task Ring_OfAnOrganization_ShowsItsNameVisitOrdersAndThreads(int contacts)
    {
        var (token, id, digits, now) = (await TokenAsync(), NewId(), Digits(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var (number, office) = (digits.Replace(" ", "", StringComparison.Ordinal), Guid.CreateVersion7());
        var (visit, _) = await VisitTodayAsync($"+316{Random.Shared.Next(10_000_000, 59_999_999)}");
        var colleague = Guid.CreateVersion7();
        await host.ExecuteAsync($"""
            INSERT INTO organization (id, name, phone) VALUES ('{office}', 'Kantoor van {office:n}', {(contacts == 0 ? $"'{number}'" : "NULL")});
            INSERT INTO contact (id, first_name, last_name, email, organization_id) VALUES ('{colleague}', 'Col', 'Lega', '{colleague:n}@example.nl', '{office}');
            UPDATE "order" SET customer_organization_id = '{office}' WHERE id = (SELECT order_id FROM visit WHERE id = '{visit}');
            INSERT INTO communication_thread (id, entity_type, channel, subject, status, customer_contact_id)
                VALUES ('{Guid.CreateVersion7()}', 'support_ticket', 'email', 'Storing', 'open', '{colleague}');
            """);
        for (var n = 0; n < contacts; n++)
        {
            await host.ExecuteAsync($"""
                INSERT INTO contact (id, first_name, last_name, email, mobile, organization_id)
                VALUES ('{Guid.CreateVersion7()}', 'Iemand', '{n}', '{Guid.NewGuid():n}@example.nl', '{number}', '{office}')
                """);
        }

        await SendAsync(token, "call.created", now, id, digits, now);

        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{id}'");
        using var all = await host.WithKeyAsync(Seeing);
        var card = Card(await all.ReadAsync("/api/calls/ringing"), row)!.Value;
        Assert.Equal(office, card.GetProperty("organizationId").GetGuid());
        var shown = Assert.Single(card.GetProperty("candidates").EnumerateArray());
        Assert.Equal((JsonValueKind.Null, $"Kantoor van {office:n}"), (shown.GetProperty("contactId").ValueKind, shown.GetProperty("name").GetString()));
        Assert.Equal(visit, shown.GetProperty("visitToday").GetProperty("id").GetGuid());
        Assert.Single(shown.GetProperty("openOrders").EnumerateArray());
        Assert.Equal("Storing", Assert.Single(shown.GetProperty("openThreads").EnumerateArray()).GetProperty("subject").GetString());
    }

    /// <summary>The one plan that serves every caller reads no table from end to end.</summary>
    [Fact]
    public async Task Ring_IsLookedUpByIndexes()
    {
        await using var connection = await host.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().OpenConnectionAsync();
        await using var batch = new Npgsql.NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("SELECT set_config('enable_seqscan', 'off', true)"), new("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)"),
                new($"PREPARE ring (text, text, timestamptz, timestamptz, timestamptz, uuid, boolean) AS {ChargeCars.Telephony.Pops.CallCards.Select}"),
                new("EXPLAIN EXECUTE ring ('+31612345678', NULL, now(), now(), now(), '00000000-0000-0000-0000-000000000000', false)"), new("DEALLOCATE ring"),
            },
        };
        List<string> plan = [];
        await using var row = await batch.ExecuteReaderAsync();
        do
        {
            while (await row.ReadAsync())
            {
                plan.Add(row.GetString(0));
            }
        }
        while (await row.NextResultAsync());

        Assert.Contains(plan, line => line.Contains("idx_organization_phone", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ring_ThatIsToldLate_OpensNoCard()
    {
        var (token, id, digits, then) = (await TokenAsync(), NewId(), Digits(), DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds());
        await SendAsync(token, "call.created", then, id, digits, then);

        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE type = 'call.ringing' AND data::text LIKE '%{id}%'"));
    }

    [Fact]
    public async Task Caller_WhoWasMissed_IsOneItemThatOneClaimsAndSomebodyTicksOff()
    {
        var (token, digits, then) = (await TokenAsync(), Digits(), DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeSeconds());
        var ids = new[] { NewId(), NewId() };
        foreach (var (id, at) in ids.Zip([then, then + 600]))
        {
            await SendAsync(token, "call.ended", at + 20, id, digits, at, ended: at + 20);
        }

        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{ids[0]}'");
        var number = digits.Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(2, (await ItemAsync(number))!.Value.GetProperty("caller").GetProperty("count").GetInt32());
        using var an = await host.WithKeyAsync("calls.read", "calls.write");
        using var bo = await host.WithKeyAsync("calls.read", "calls.write");
        using var reader = await host.WithKeyAsync("calls.read");

        await (await reader.PostAsync($"/api/calls/{row}/actions/claim", null)).ProblemAsync(HttpStatusCode.Forbidden);
        var claims = await Task.WhenAll(an.PostAsync($"/api/calls/{row}/actions/claim", null), bo.PostAsync($"/api/calls/{row}/actions/claim", null));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], claims.Select(claim => claim.StatusCode).Order());
        var (holder, other) = claims[0].StatusCode == HttpStatusCode.OK ? (an, bo) : (bo, an);
        Assert.NotEqual(JsonValueKind.Null, (await ItemAsync(number))!.Value.GetProperty("claimedBy").ValueKind);
        await (await other.PostAsync($"/api/calls/{row}/actions/release", null)).ProblemAsync(HttpStatusCode.Conflict);
        await (await holder.PostAsync($"/api/calls/{row}/actions/release", null)).JsonAsync();
        await (await other.PostAsync($"/api/calls/{row}/actions/claim", null)).JsonAsync();
        await (await other.PostAsJsonAsync($"/api/calls/{row}/actions/done", new { note = "Teruggebeld" })).JsonAsync();
        Assert.Null(await ItemAsync(number));
        await (await an.PostAsync($"/api/calls/{Guid.NewGuid()}/actions/claim", null)).ProblemAsync(HttpStatusCode.NotFound);
        await (await an.GetAsync("/api/calls/missed?limit=0")).ProblemAsync(HttpStatusCode.BadRequest);

        // Who calls again is missed anew.
        var later = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds();
        await SendAsync(token, "call.ended", later + 20, NewId(), digits, later, ended: later + 20);
        Assert.Equal(1, (await ItemAsync(number))!.Value.GetProperty("caller").GetProperty("count").GetInt32());
    }

    /// <summary>Calls by their own times, and who was to be called back, by whom, at that moment.</summary>
    [Fact]
    public async Task Past_HasTheCallsAsFarAsTheyHadGot_AndWhoWasToBeCalledBack()
    {
        var (token, digits, then) = (await TokenAsync(), Digits(), DateTimeOffset.UtcNow.AddHours(-2));
        var (missed, talked, from) = (NewId(), NewId(), then.ToUnixTimeSeconds());
        await SendAsync(token, "call.ended", from + 20, missed, digits, from, ended: from + 20);
        await SendAsync(token, "call.ended", from + 700, talked, digits, from + 600, answered: from + 610, ended: from + 700);
        var (number, start) = (digits.Replace(" ", "", StringComparison.Ordinal), DateTimeOffset.FromUnixTimeSeconds(from));

        Assert.Equal("none ringing no_answer", await StatusesAsync(missed, -1, 10, 30));
        Assert.Equal("none ringing answered completed", await StatusesAsync(talked, 590, 605, 650, 700));
        var under = (await ThenAsync(talked, 650))!.Value;
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.String),
            (under.GetProperty("endedAt").ValueKind, under.GetProperty("duration").ValueKind, under.GetProperty("answeredAt").ValueKind));
        foreach (var (seconds, waiting) in new[] { (10, 0), (30, 1), (605, 1), (650, 0) })
        {
            Assert.Equal(waiting, (await ItemThenAsync(start.AddSeconds(seconds)))?.GetProperty("caller").GetProperty("count").GetInt32() ?? 0);
        }

        // Who took it upon themselves, and when it was ticked off.
        var again = NewId();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await SendAsync(token, "call.ended", now, again, digits, now - 20, ended: now - 5);
        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{again}'");
        using var an = await host.WithKeyAsync("calls.read", "calls.write");
        await (await an.PostAsync($"/api/calls/{row}/actions/claim", null)).JsonAsync();
        var claimed = DateTimeOffset.UtcNow;
        await (await an.PostAsync($"/api/calls/{row}/actions/release", null)).JsonAsync();
        var released = DateTimeOffset.UtcNow;
        await (await an.PostAsync($"/api/calls/{row}/actions/done", null)).JsonAsync();
        Assert.NotEqual(JsonValueKind.Null, (await ItemThenAsync(claimed))!.Value.GetProperty("claimedBy").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await ItemThenAsync(released))!.Value.GetProperty("claimedBy").ValueKind);
        Assert.Null(await ItemThenAsync(DateTimeOffset.UtcNow));

        // Whose numbers were erased is not found in the past either; and who sees no calls sees none of the past.
        await host.ExecuteAsync($"UPDATE call SET caller_number = NULL, raw_digits = NULL, erased_at = now() WHERE caller_number = '{number}'");
        Assert.Null(await ItemThenAsync(claimed));
        using var foreign = await host.WithKeyAsync(new { name = "foreign", permissions = Seeing, businessEntities = new[] { "ratioshop" } });
        Assert.Empty((await foreign.ReadAsync($"/api/calls?callId={missed}&at={At(start.AddSeconds(30))}")).GetProperty("items").EnumerateArray());
        using var outsider = await host.WithKeyAsync("orders.read");
        await (await outsider.GetAsync($"/api/calls?at={At(start)}")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await outsider.GetAsync($"/api/calls/missed?at={At(start)}")).ProblemAsync(HttpStatusCode.Forbidden);

        async Task<string> StatusesAsync(string id, params int[] seconds)
        {
            var statuses = new List<string>();
            foreach (var second in seconds)
            {
                statuses.Add((await ThenAsync(id, second))?.GetProperty("status").GetString() ?? "none");
            }

            return string.Join(' ', statuses);
        }

        async Task<JsonElement?> ThenAsync(string id, int seconds) => (await host.Administrator.ReadAsync($"/api/calls?callId={id}&at={At(start.AddSeconds(seconds))}"))
            .GetProperty("items").EnumerateArray().Select(call => (JsonElement?)call).SingleOrDefault();

        async Task<JsonElement?> ItemThenAsync(DateTimeOffset at) => (await host.Administrator.ReadAsync($"/api/calls/missed?limit=500&at={At(at)}")).GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("caller").GetProperty("callerNumber").GetString() == number).Select(item => (JsonElement?)item).FirstOrDefault();

        static string At(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Number_ThatAContactGets_LinksItsEarlierCalls_UnlessSeveralHaveIt()
    {
        var (token, digits, then) = (await TokenAsync(), Digits(), DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeSeconds());
        var (number, id) = (digits.Replace(" ", "", StringComparison.Ordinal), NewId());
        await SendAsync(token, "call.ended", then + 20, id, digits, then, ended: then + 20);
        await using var changed = await TableSignal.OpenAsync(host.Database, "call");

        using var made = await host.Administrator.PostAsJsonAsync("/api/phone-numbers", new { contactId = await ContactAsync(Digits()), phoneNumber = number });
        var entry = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        await changed.UntilAsync(async () => await LinkAsync(id) == entry, Patience.Limit);
        // A second contact who has it changes nothing, and a call from then on is neither's until somebody says so.
        using var second = await host.Administrator.PostAsJsonAsync("/api/phone-numbers", new { contactId = await ContactAsync(Digits()), phoneNumber = number });
        var other = (await second.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var later = NewId();
        await SendAsync(token, "call.ended", then + 90, later, digits, then + 60, ended: then + 90);
        Assert.Equal((entry, null), (await LinkAsync(id), await LinkAsync(later)));

        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{later}'");
        using var linked = await host.Administrator.PostAsJsonAsync($"/api/calls/{row}/actions/link", new { phoneNumberId = other });
        Assert.Equal(other, (await linked.JsonAsync()).GetProperty("phoneNumberId").GetGuid());
        // What Aircall says after that leaves it.
        await SendAsync(token, "call.created", then + 60, later, digits, then + 60);
        Assert.Equal(other, await LinkAsync(later));
        var stranger = await ContactAsync(Digits());
        foreach (var wrong in new object[] { new { phoneNumberId = stranger }, new { phoneNumberId = Guid.NewGuid() }, new { } })
        {
            using var refused = await host.Administrator.PostAsJsonAsync($"/api/calls/{row}/actions/link", wrong);
            Assert.Equal(["phoneNumberId"], await refused.FaultyFieldsAsync());
        }
    }

    [Fact]
    public async Task Note_OfACall_StaysBesideWhatAircallSays_AndIsThereOnce()
    {
        var (token, digits, id, then) = (await TokenAsync(), Digits(), NewId(), DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeSeconds());
        await SendAsync(token, "call.created", then, id, digits, then);
        var row = await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{id}'");
        using var writer = await host.WithKeyAsync("calls.read", "calls.write");
        using var reader = await host.WithKeyAsync("calls.read");
        using var foreign = await host.WithKeyAsync(new { name = "foreign", permissions = new[] { "calls.read", "calls.write" }, businessEntities = new[] { "ratioshop" } });

        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/calls/{row}/actions/note") { Content = JsonContent.Create(new { text = "Belt morgen terug." }) };
            request.Headers.Add("Idempotency-Key", $"note-{id}");
            using var noted = await writer.SendAsync(request);
            await noted.JsonAsync();
        }

        await SendAsync(token, "call.ended", then + 20, id, digits, then, ended: then + 20);
        var comment = Assert.Single((await writer.ReadAsync($"/api/calls/{row}")).GetProperty("comments").EnumerateArray());
        Assert.Equal("Belt morgen terug.", comment.GetProperty("content").GetString());
        await (await reader.PostAsJsonAsync($"/api/calls/{row}/actions/note", new { text = "x" })).ProblemAsync(HttpStatusCode.Forbidden);
        await (await foreign.PostAsJsonAsync($"/api/calls/{row}/actions/note", new { text = "x" })).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(["text"], await (await writer.PostAsJsonAsync($"/api/calls/{row}/actions/note", new { text = " " })).FaultyFieldsAsync());
        Assert.Equal(["text"], await (await writer.PostAsJsonAsync($"/api/calls/{row}/actions/note", new { text = new string('x', 2_001) })).FaultyFieldsAsync());
    }

    private async Task<Guid?> LinkAsync(string id) =>
        await host.ScalarAsync<string>($"SELECT coalesce(phone_number_id::text, '') FROM call WHERE call_id = '{id}'") is { Length: > 0 } link ? Guid.Parse(link) : null;

    [Fact]
    public async Task Events_OfLongAgo_AreDeletedByRetentionAndTheirCallStays()
    {
        var (token, id, digits, then) = (await TokenAsync(), NewId(), Digits(), DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeSeconds());
        await SendAsync(token, "call.ended", then + 20, id, digits, then, ended: then + 20);
        await SendAsync(token, "call.created", then, id, digits, then);
        await host.ExecuteAsync($"UPDATE aircall_event SET received_at = now() - interval '91 days' WHERE call_id = '{id}' AND event = 'call.created'");

        await host.Services.GetServices<IExpiringRows>().Single(rows => rows.Task.Contains("telephony", StringComparison.Ordinal)).DeleteExpiredAsync(CancellationToken.None);

        Assert.Equal("call.ended", await host.ScalarAsync<string>($"SELECT string_agg(event, ',') FROM aircall_event WHERE call_id = '{id}'"));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM call WHERE call_id = '{id}'"));
    }

    // The van is its team's, which alone is planned.
    private async Task<(Guid Visit, Guid Van)> VisitTodayAsync(string number)
    {
        var (order, van, team) = (await OrderRun.NewAsync(host), await host.CreateVehicleAsync(), await Sample.CreateAsync(host, "team"));
        var (contact, start) = (order.Made.GetProperty("primaryContactId").GetGuid(), WorkDay.At(10));
        var version = (await host.Administrator.ReadAsync($"/api/contacts/{contact}")).GetProperty("version").GetInt64();
        await (await host.Administrator.MergePatchAsync($"/api/contacts/{contact}", $"{version}", JsonSerializer.Serialize(new { mobile = number }))).JsonAsync();
        await (await host.Administrator.MergePatchAsync($"/api/teams/{team}", "1", JsonSerializer.Serialize(new { vehicleId = van }))).JsonAsync();
        await order.ActAsync("approve");
        var visit = await order.VisitAsync();
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), teamId = team });
        using var sent = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = van, fixTime = DateTimeOffset.UtcNow.AddMinutes(-1), latitude = 52.2, longitude = 5.3 } },
        });
        Assert.Equal(1, (await sent.JsonAsync()).GetProperty("accepted").GetInt32());
        await host.UntilAsync("vehicle", () => host.ScalarAsync<bool>($"SELECT current_location IS NOT NULL FROM vehicle WHERE id = '{van}'"));
        await host.ExecuteAsync($"""
            INSERT INTO visit_expectation (visit_id, planned_start, earliest, expected, latest, punctuality, told_at)
            SELECT id, scheduled_start, scheduled_start, scheduled_start + interval '10 minutes', scheduled_start + interval '20 minutes', 'on_time', now() FROM visit WHERE id = '{visit}'
            ON CONFLICT (visit_id) DO UPDATE SET planned_start = excluded.planned_start
            """);
        return (visit, van);
    }

    private async Task<LiveClient> ConnectAsync(HttpClient key)
    {
        var client = new LiveClient(new Uri(host.Url, "/hubs/dispatch"), key.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        await client.Hub.StartAsync();
        await client.WatchAsync(new { topics = new[] { "calls" } });
        return client;
    }

    private static async Task<JsonElement> ToldAsync(LiveClient client, Guid call)
    {
        while (true)
        {
            if (await LiveClient.NextAsync(client.Changes) is { Type: "call.ringing" } change && change.EntityId == call)
            {
                return JsonDocument.Parse(change.Data.Text).RootElement.GetProperty("card");
            }
        }
    }

    private static JsonElement VisitOf(JsonElement card) => Assert.Single(card.GetProperty("candidates").EnumerateArray()).GetProperty("visitToday");

    private static JsonElement? Card(JsonElement ringing, Guid call) =>
        ringing.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("call").GetProperty("id").GetGuid() == call)
            .Select(item => (JsonElement?)item.GetProperty("card")).FirstOrDefault();

    private async Task<JsonElement?> ItemAsync(string number) => (await host.Administrator.ReadAsync("/api/calls/missed?limit=500")).GetProperty("items").EnumerateArray()
        .Where(item => item.GetProperty("caller").GetProperty("callerNumber").GetString() == number).Select(item => (JsonElement?)item).FirstOrDefault();

    private static string NewId() => $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}";

    private static string Digits() => $"+31 6 1{Random.Shared.Next(1_000_000, 9_999_999)}";

    private async Task SendAsync(string token, string name, long at, string id, string digits, long started, long? answered = null, long? ended = null)
    {
        using var aircall = host.Anonymous();
        var body = JsonSerializer.Serialize(new
        {
            resource = "call", @event = name, timestamp = at, token,
            data = new
            {
                id, direction = "inbound", status = ended is null ? "initial" : "done", started_at = started, answered_at = answered, ended_at = ended, raw_digits = digits,
                number = new { id = "7", name = "Service", digits = "+31 85 012 3456" }, user = answered is null ? null : new { id = 501, name = "Bo" },
            },
        });
        using var answer = await aircall.PostAsync("/api/telephony/aircall", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<string> TokenAsync() =>
        (await (await host.Administrator.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "Of a test" })).JsonAsync(HttpStatusCode.Created)).GetProperty("token").GetString()!;

    private async Task<Guid> ContactAsync(string digits)
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email) VALUES ('{id}', 'Een', 'Beller', '{id}@example.nl');
            INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{id}', '{id}', '{digits.Replace(" ", "", StringComparison.Ordinal)}');
            """);
        return id;
    }
}
