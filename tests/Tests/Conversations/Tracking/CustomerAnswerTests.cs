using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Conversations.Tracking;

/// <summary>What a customer answers by their link, and what colleagues see of it.</summary>
[Collection(TrackingCollection.Name)]
public sealed class CustomerAnswerTests(TrackingHost tracking)
{
    private RunningHost Host => tracking.Host;

    [Fact]
    public async Task Confirmation_SaidByManyAtOnceAndAgain_ConfirmsOnce_AndTheAuditSaysByWhom()
    {
        var (run, token) = await Underway.PlanAheadAsync(Host, "chargecars");
        var shown = (await SeeAsync(token)).GetProperty("arrival");

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => PostAsync(token, "confirm", new { shown })));
        Assert.All(await Task.WhenAll(answers.Select(answer => answer.JsonAsync())), seen => Assert.Equal("confirmed", seen.Text("status")));
        Assert.Equal("confirmed", (await (await PostAsync(token, "confirm", null)).JsonAsync()).Text("status"));

        var visit = await Host.Administrator.ReadAsync($"/api/visits/{run.Visit}");
        Assert.Equal("confirmed", visit.Text("status"));
        Assert.Equal(1L, await Host.ScalarAsync<long>($"SELECT count(*) FROM status_transition WHERE entity_id = '{run.Visit}' AND to_status = 'confirmed'"));
        Assert.Equal(
            $"customer|customer by link|{run.Link}|the customer confirmed it by their link",
            await Host.ScalarAsync<string>($"""
                SELECT concat_ws('|', business_context->'actor'->>'kind', business_context->'actor'->>'name', business_context->'actor'->>'id', change_summary)
                FROM audit_log WHERE table_name = 'visit' AND record_id = '{run.Visit}' AND new_values->>'status' = 'confirmed'
                """));
    }

    [Fact]
    public async Task Confirmation_OfATimeThatIsNoLongerPlanned_ConfirmsNothing()
    {
        var (run, token) = await Underway.PlanAheadAsync(Host, "chargecars");
        var shown = (await SeeAsync(token)).GetProperty("arrival");
        await run.RescheduleAsync(4);

        using var refused = await PostAsync(token, "confirm", new { shown });
        using var unasked = await PostAsync(token, "reschedule", new { shown });

        Assert.Equal("/problems/appointment-changed", (await refused.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
        Assert.Equal("/problems/appointment-changed", (await unasked.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
        Assert.Equal("scheduled", (await Host.Administrator.ReadAsync($"/api/visits/{run.Visit}")).Text("status"));
    }

    [Fact]
    public async Task Wish_IsAMessageOnTheOrderAndAnAlert_UntilTheDispatcherMovesTheVisit()
    {
        var (run, token) = await Underway.PlanAheadAsync(Host, "chargecars");
        var day = WorkDay.Today.AddDays(9);
        var wish = new { dates = new[] { day, day }, reason = "Ik ben die dag weg.\r\nBel gerust.", shown = (await SeeAsync(token)).GetProperty("arrival") };

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostAsync(token, "reschedule", wish)));
        Assert.All(await Task.WhenAll(answers.Select(answer => answer.JsonAsync())), seen => Assert.Equal("reschedule_asked", seen.Text("status")));
        await MessagesAsync(run, 1);

        // A wish changes nothing: people see to it.
        Assert.Equal("scheduled", (await Host.Administrator.ReadAsync($"/api/visits/{run.Visit}")).Text("status"));
        var told = Assert.Single((await Host.Administrator.ReadAsync($"/api/orders/{run.Order.Id}/timeline?kind=message")).GetProperty("items").EnumerateArray().ToList());
        var message = await Host.Administrator.ReadAsync($"/api/messages/{told.GetProperty("entityId").GetGuid()}");
        Assert.Equal(
            ("inbound", "person", run.Order.Made.GetProperty("primaryContactId").GetGuid()),
            (message.Text("direction"), message.Text("nature"), message.GetProperty("senderContactId").GetGuid()));
        Assert.Matches(@"^Via de link van .+: liever een andere tijd dan .+ tussen \d\d:00 en \d\d:00\.\nDit zou schikken: .+\.\n\nIk ben die dag weg\.\nBel gerust\.$", message.Text("bodyText"));
        var thread = await Host.Administrator.ReadAsync($"/api/threads/{message.GetProperty("threadId").GetGuid()}");
        Assert.Equal(("portal", "open", run.Order.Id), (thread.Text("channel"), thread.Text("status"), thread.GetProperty("entityId").GetGuid()));

        await LookAsync();
        var alert = await AlertAsync(run);
        Assert.Equal(
            ("open", "normal", "visit", run.Visit, run.Order.Id),
            (alert.Text("status"), alert.Text("severity"), alert.Text("entityType"), alert.GetProperty("visitId").GetGuid(), alert.GetProperty("orderId").GetGuid()));

        await run.RescheduleAsync(9);
        await LookAsync();
        Assert.Equal(("ended", "planned"), ((await AlertAsync(run)).Text("status"), (await SeeAsync(token)).Text("status")));
        await MessagesAsync(run, 1);
    }

    [Fact]
    public async Task Wish_ThatTheCustomerTakesBackByConfirming_EndsItsAlert_AlsoWhereItWasConfirmedBefore()
    {
        var (run, token) = await Underway.PlanAheadAsync(Host, "chargecars");
        await (await PostAsync(token, "confirm", null)).JsonAsync();
        Assert.Equal("reschedule_asked", (await (await PostAsync(token, "reschedule", null)).JsonAsync()).Text("status"));
        await LookAsync();
        Assert.Equal("open", (await AlertAsync(run)).Text("status"));

        Assert.Equal("confirmed", (await (await PostAsync(token, "confirm", null)).JsonAsync()).Text("status"));

        await LookAsync();
        Assert.Equal("ended", (await AlertAsync(run)).Text("status"));
        // Said anew, it is another wish.
        Assert.Equal("reschedule_asked", (await (await PostAsync(token, "reschedule", null)).JsonAsync()).Text("status"));
        await MessagesAsync(run, 2);
    }

    [Fact]
    public async Task Wish_BeyondItsLimits_IsRefused()
    {
        var (run, token) = await Underway.PlanAheadAsync(Host, "chargecars");
        var today = WorkDay.Today;

        foreach (var (body, field) in new (object, string)[]
        {
            (new { dates = new[] { today.AddDays(-1) } }, "dates"), (new { dates = new[] { today.AddDays(92) } }, "dates"),
            (new { dates = Enumerable.Range(2, 6).Select(today.AddDays) }, "dates"), (new { reason = new string('a', 1_001) }, "reason"), (new { reason = "\u0000" }, "reason"),
            (new { surprise = 1 }, "surprise"), (new { dates = new[] { "tomorrow" } }, "dates[0]"),
        })
        {
            using var refused = await PostAsync(token, "reschedule", body);
            Assert.Equal([field], await refused.FaultyFieldsAsync());
        }

        for (var n = 0; n < 5; n++)
        {
            await (await PostAsync(token, "reschedule", new { reason = $"wens {n}" })).JsonAsync();
        }

        using var sixth = await PostAsync(token, "reschedule", new { reason = "wens 5" });
        Assert.Equal("/problems/too-many-wishes", (await sixth.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
        await MessagesAsync(run, 5);
    }

    [Fact]
    public async Task Answer_AfterTheVanHasSetOut_IsRefused_AndTellsNothingOfHowWeWork()
    {
        var (run, token) = await Underway.PlanAheadAsync(Host, "chargecars");
        await run.Order.VisitActAsync(run.Visit, "depart");

        foreach (var answer in new[] { "confirm", "reschedule" })
        {
            using var refused = await PostAsync(token, answer, new { });
            var problem = await refused.ProblemAsync(HttpStatusCode.Conflict);
            Assert.Equal("/problems/appointment-closed", problem.Text("type"));
            Assert.Equal(["detail", "status", "title", "traceId", "type"], problem.EnumerateObject().Select(field => field.Name).Order());
        }
    }

    [Theory]
    [InlineData("confirm", null)]
    [InlineData("confirm", """{"shown":{"from":"2026-11-30T10:00:00Z","until":"2026-11-30T12:00:00Z"}}""")]
    [InlineData("reschedule", null)]
    [InlineData("reschedule", """{"dates":["1999-01-01"]}""")]
    public async Task Answer_ByADeadOrUnknownLink_IsRefusedAsItsReadingIs(string answer, string? body)
    {
        var (run, token) = await Underway.PlanAheadAsync(Host, "chargecars");
        await run.Order.VisitActAsync(run.Visit, "cancel", new { reason = "the customer is ill" });
        await Host.ExecuteAsync($"UPDATE visit SET ended_at = now() - interval '1 hour' WHERE id = '{run.Visit}'");

        foreach (var dead in new[] { token, "AAAAAAAAAAAAAAAAAAAAAA", "none" })
        {
            using var read = await Host.Anonymous().GetAsync($"/api/track/{dead}");
            using var refused = await PostAsync(dead, answer, body is null ? null : JsonDocument.Parse(body).RootElement);

            Assert.Equal(Without(await read.ProblemAsync(HttpStatusCode.NotFound)), Without(await refused.ProblemAsync(HttpStatusCode.NotFound)));
            Assert.Equal(("no-store", "no-referrer"), (refused.Headers.CacheControl!.ToString(), refused.Headers.GetValues("Referrer-Policy").Single()));
        }

        static string Without(JsonElement problem) => string.Join('|', problem.EnumerateObject().Where(field => field.Name != "traceId").Select(field => $"{field.Name}={field.Value}"));
    }

    private Task<HttpResponseMessage> PostAsync(string token, string answer, object? body) =>
        Host.Anonymous().PostAsync($"/api/track/{token}/{answer}", body is null ? null : JsonContent.Create(body));

    private async Task<JsonElement> SeeAsync(string token) => await Host.Anonymous().ReadAsync($"/api/track/{token}");

    private Task<int> LookAsync() => Host.Services.GetRequiredService<AlertWatch>().LookAsync(onlyQuick: true, CancellationToken.None);

    private Task<JsonElement> AlertAsync(Underway run) => Host.Administrator.ReadAsync($"/api/alerts/{Alert.IdOf(AlertType.RescheduleAsked, run.Visit)}");

    // As many messages as there should be, once nothing is under way any more.
    private async Task MessagesAsync(Underway run, long expected)
    {
        await Host.UntilDueAsync($"target_id = '{run.Link}' AND state = 'pending'", count => count == 0);
        Assert.Equal(expected, await Host.ScalarAsync<long>(
            $"SELECT count(*) FROM communication_message m JOIN communication_thread t ON t.id = m.thread_id WHERE t.entity_id = '{run.Order.Id}'"));
    }
}
