using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Planning;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Conversations.Tracking;

/// <summary>A host that knows where the world finds it, and whose arrivals are compared when a test says so.</summary>
public sealed class TrackingHost : IAsyncLifetime
{
    public RunningHost Host { get; } = new()
    {
        Configuration = ["--ChargeCars:Messages:PublicAddress=https://ops.example.nl/", "--ChargeCars:OnTheWay:Watch=01:00:00"],
    };

    public Task InitializeAsync() => Host.InitializeAsync();

    public Task DisposeAsync() => Host.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class TrackingCollection : ICollectionFixture<TrackingHost>
{
    public const string Name = "tracking";
}

/// <summary>From the van that sets out to the text on the customer's phone, and what its link shows.</summary>
[Collection(TrackingCollection.Name)]
public sealed class OnTheWayTests(TrackingHost tracking)
{
    private RunningHost Host => tracking.Host;

    [Fact]
    public async Task Departure_IsToldOnce_WithARangeAndALinkThatTheDatabaseDoesNotKnow()
    {
        var run = await Underway.BeginAsync(Host, "chargecars");
        var message = Underway.Message(run.Link, 1);
        var text = await run.SentAsync(1);

        Assert.Matches(@"^Onze monteur van .+ is onderweg en komt tussen \d\d:\d[05] en \d\d:\d[05]\. Volg de bus: https://ops\.example\.nl/track/[\w-]{22}$", text);
        var kept = await Host.Administrator.ReadAsync($"/api/messages/{message}");
        Assert.Equal(("automatic", "sent", run.Number), (kept.Text("nature"), kept.Text("status"), kept.GetProperty("recipientEmails")[0].GetString()));
        Assert.EndsWith("https://ops.example.nl/track/…", kept.Text("bodyText"), StringComparison.Ordinal);
        var thread = await Host.Administrator.ReadAsync($"/api/threads/{kept.GetProperty("threadId").GetGuid()}");
        Assert.Equal(
            ("order", run.Order.Id, "sms", "chargecars", 0),
            (thread.Text("entityType"), thread.GetProperty("entityId").GetGuid(), thread.Text("channel"), thread.Text("businessEntity"), thread.GetProperty("queuedReplies").GetArrayLength()));
        var told = (await Host.Administrator.ReadAsync($"/api/orders/{run.Order.Id}/timeline?kind=message")).GetProperty("items").EnumerateArray();
        Assert.Equal(message, Assert.Single(told).GetProperty("entityId").GetGuid());

        // Each step again, as after a crash before it was noted as done.
        await Host.ExecuteAsync($"UPDATE due_command SET state = 'pending', ended_at = NULL, held_until = NULL WHERE target_id = '{run.Link}' OR command::text LIKE '%{message}%'");
        await run.SettledAsync();
        await Host.UntilDueAsync($"state = 'pending' AND command::text LIKE '%{message}%'", count => count == 0);

        Assert.Single(Underway.FilesOf(Host, message));
        Assert.Equal(1L, await Host.ScalarAsync<long>($"SELECT count(*) FROM communication_message m JOIN communication_thread t ON t.id = m.thread_id WHERE t.entity_id = '{run.Order.Id}'"));
        Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE data::text LIKE '%{Underway.TokenIn(text)}%'"));
    }

    [Fact]
    public async Task Departure_OverARestart_IsToldOnce()
    {
        var host = new RunningHost { Configuration = tracking.Host.Configuration };
        await host.InitializeAsync();
        try
        {
            var run = await Underway.BeginAsync(host, "ratioshop");
            var (message, text) = (Underway.Message(run.Link, 1), await run.SentAsync(1));
            await host.RestartAsync();

            await host.ExecuteAsync($"UPDATE due_command SET state = 'pending', ended_at = NULL, held_until = NULL WHERE target_id = '{run.Link}' OR command::text LIKE '%{message}%'");
            await run.SettledAsync();
            await host.UntilDueAsync($"state = 'pending' AND command::text LIKE '%{message}%'", count => count == 0);

            Assert.Equal(text, await run.SentAsync(1));
            Assert.Equal(1L, await host.ScalarAsync<long>("SELECT count(*) FROM communication_message"));
            using var seen = await host.Anonymous().GetAsync($"/api/track/{Underway.TokenIn(text)}");
            Assert.Equal("on_the_way", (await seen.JsonAsync()).Text("status"));
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Link_FromTheDepartureToAnHourAfterTheEnd_ShowsTheVanAndNothingElse()
    {
        var run = await Underway.BeginAsync(Host, "chargecars");
        var token = Underway.TokenIn(await run.SentAsync(1));

        var (seen, headers) = await SeeAsync(token);
        Assert.Equal(["arrival", "firstName", "status", "van"], seen.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(("on_the_way", "Jan"), (seen.Text("status"), seen.Text("firstName")));
        Assert.Equal(51.545, seen.GetProperty("van").GetProperty("latitude").GetDouble(), 0.001);
        Assert.Equal(["latitude", "longitude", "seenAt"], seen.GetProperty("van").EnumerateObject().Select(field => field.Name).Order());
        Assert.True(seen.GetProperty("arrival").GetProperty("from").GetDateTimeOffset() < seen.GetProperty("arrival").GetProperty("until").GetDateTimeOffset());
        Assert.Equal(("no-store", "no-referrer"), (headers.CacheControl!.ToString(), headers.GetValues("Referrer-Policy").Single()));

        await run.Order.VisitActAsync(run.Visit, "arrive");
        var there = (await SeeAsync(token)).Seen;
        Assert.Equal(("arrived", JsonValueKind.Null), (there.Text("status"), there.GetProperty("van").ValueKind));
        await run.Order.VisitActAsync(run.Visit, "start");
        await run.Order.VisitActAsync(run.Visit, "complete", new { resolution = "Gemaakt.", signedBy = "Els" });
        Assert.Equal("done", (await SeeAsync(token)).Seen.Text("status"));

        await Host.ExecuteAsync($"UPDATE visit SET ended_at = now() - interval '59 minutes' WHERE id = '{run.Visit}'");
        Assert.Equal("done", (await SeeAsync(token)).Seen.Text("status"));
        await Host.ExecuteAsync($"UPDATE visit SET ended_at = now() - interval '61 minutes' WHERE id = '{run.Visit}'");
        await DeadAsync(token);
    }

    [Fact]
    public async Task Link_BeforeTheDeparture_ShowsTwoHoursAndNoVan_AndOfACancelledVisitDies()
    {
        var run = await Underway.PlanAsync(Host, "laderthuis");
        var visit = await Host.Services.GetRequiredService<IGrainFactory>().GetGrain<ChargeCars.Platform.Entities.IEntityGrain<ChargeCars.Orders.Visits.Visit>>(run.Visit).GetAsync();
        var opened = await Host.Services.GetRequiredService<TrackingLinks>().OpenAsync(visit.Value!, new(Guid.CreateVersion7(), Actor.System));
        Assert.True(opened.Succeeded);
        var token = await run.TokenAsync();

        var planned = (await SeeAsync(token)).Seen;
        var arrival = planned.GetProperty("arrival");
        Assert.Equal(
            ("planned", TimeSpan.FromHours(2), JsonValueKind.Null, JsonValueKind.Null),
            (planned.Text("status"), arrival.GetProperty("until").GetDateTimeOffset() - arrival.GetProperty("from").GetDateTimeOffset(), planned.GetProperty("van").ValueKind,
                planned.GetProperty("firstName").ValueKind));

        await run.Order.VisitActAsync(run.Visit, "cancel", new { reason = "the customer is ill" });
        Assert.Equal("cancelled", (await SeeAsync(token)).Seen.Text("status"));
        await Host.ExecuteAsync($"UPDATE visit SET ended_at = now() - interval '1 hour' WHERE id = '{run.Visit}'");
        await DeadAsync(token);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("' OR 1=1 --")]
    [InlineData("0199a000-0000-7000-8000-000000000001")]
    public Task Token_OfNobody_IsAnsweredAlike(string token) => DeadAsync(token);

    [Fact]
    public async Task Page_IsTheSameForEveryToken_AndMayDoNothingButItsOwn()
    {
        using var page = await Host.Anonymous().GetAsync("/track/AAAAAAAAAAAAAAAAAAAAAA");
        using var other = await Host.Anonymous().GetAsync("/track/x");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal(await page.Content.ReadAsStringAsync(), await other.Content.ReadAsStringAsync());
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches(@"^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$", policy);
        Assert.Equal(
            ("no-store", "no-referrer", "nosniff", "noindex"),
            (page.Headers.CacheControl!.ToString(), page.Headers.GetValues("Referrer-Policy").Single(), page.Headers.GetValues("X-Content-Type-Options").Single(),
                page.Headers.GetValues("X-Robots-Tag").Single()));
    }

    [Fact]
    public async Task Arrival_ThatMovesFar_IsToldASecondTimeAndNoThird()
    {
        var run = await Underway.BeginAsync(Host, "chargecars");
        await LookAsync();
        Assert.Equal(1, await NoticesAsync(run));

        await run.SeenAsync(30, DateTimeOffset.UtcNow);
        await LookAsync();
        Assert.Equal(2, await NoticesAsync(run));

        Assert.StartsWith("De aankomst van onze monteur is veranderd: tussen ", await run.SentAsync(2), StringComparison.Ordinal);
        Assert.Equal(Underway.TokenIn(await run.SentAsync(1)), Underway.TokenIn(await run.SentAsync(2)));
        await run.SeenAsync(30.05, DateTimeOffset.UtcNow);
        await LookAsync();
        Assert.Equal((2, 2L), (await NoticesAsync(run), await MessagesAsync(run)));
    }

    [Fact]
    public async Task Customer_WhoAskedForNoMessages_IsNotTold()
    {
        await Underway.SetAsync(Host, "chargecars", new { isOn = true });
        var run = await Underway.PlanAsync(Host, "chargecars");
        await Host.ExecuteAsync($"""
            INSERT INTO communication_opt_out (channel_account_id, address, since)
            SELECT c.id, '{run.Number}', now() FROM communication_channel c JOIN business_entity b ON b.id = c.business_entity_id WHERE b.entity_code = 'chargecars' AND c.channel = 'sms'
            """);

        await run.DepartAsync();
        await run.SettledAsync();

        Assert.Equal((0L, 0L), (await MessagesAsync(run), await Host.ScalarAsync<long>($"SELECT count(*) FROM tracking_link WHERE visit_id = '{run.Visit}'")));
    }

    [Fact]
    public async Task Name_ThatDidNotTurnItOn_TellsNobody()
    {
        var run = await Underway.PlanAsync(Host, "zaptecshop");

        await run.DepartAsync();
        await run.SettledAsync();

        Assert.Equal((0L, "done"), (await MessagesAsync(run), await Host.ScalarAsync<string>($"SELECT state FROM due_command WHERE target_id = '{run.Link}'")));
    }

    [Fact]
    public async Task Departure_ThatNobodyCanSayTheArrivalOf_IsNotToldAndIsOnRecord()
    {
        await Underway.SetAsync(Host, "chargecars", new { isOn = true });
        var run = await Underway.PlanAsync(Host, "chargecars", withVan: false);

        await run.DepartAsync();
        await run.SettledAsync();

        Assert.Equal(0L, await MessagesAsync(run));
        var why = await Host.ScalarAsync<string>($"SELECT last_error FROM due_command WHERE target_id = '{run.Link}' AND state = 'refused'");
        Assert.Contains("arrival.from, arrival.until", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Customer_WithoutAMobileNumber_IsToldByMail_AndWithoutEitherIsOnRecord()
    {
        await Underway.SetAsync(Host, "meterkastthuis", new { isOn = true, language = "en" });
        var run = await Underway.PlanAsync(Host, "meterkastthuis");
        var contact = run.Order.Made.GetProperty("primaryContactId").GetGuid();
        await Host.ExecuteAsync($"UPDATE contact SET mobile = NULL, phone = '+31201234567' WHERE id = '{contact}'");

        await run.DepartAsync();
        await run.SettledAsync();

        // It has no mailbox yet.
        Assert.Contains("they were not told", await Host.ScalarAsync<string>($"SELECT last_error FROM due_command WHERE target_id = '{run.Link}' AND state = 'refused'"), StringComparison.Ordinal);
        await Mailbox.OpenAsync(Host, "meterkastthuis");
        await Host.ExecuteAsync($"UPDATE contact SET email = 'els-{run.Visit:n}@example.nl' WHERE id = '{contact}'");
        var due = await Host.ScalarAsync<Guid>($"SELECT id FROM due_command WHERE target_id = '{run.Link}' AND state = 'refused'");
        using var again = await Host.Administrator.PostAsync($"/api/due-commands/{due}/actions/retry", null);
        Assert.True(again.IsSuccessStatusCode);
        var message = Underway.Message(run.Link, 1);
        await Host.UntilAsync("communication_message", async () => await Host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE id = '{message}' AND status = 'sent'") == 1);
        using var mail = MimeKit.MimeMessage.Load(Assert.Single(Underway.FilesOf(Host, message)));
        Assert.Equal(("Our engineer is on the way", "auto-generated"), (mail.Subject, mail.Headers["Auto-Submitted"]));
        Assert.Matches(@"Dear Els,[\s\S]+https://ops\.example\.nl/track/[\w-]{22}", mail.TextBody);
    }

    [Theory]
    [InlineData("""{"isOn":true,"shiftMinutes":4}""", "onTheWay.shiftMinutes")]
    [InlineData("""{"isOn":true,"shiftMinutes":241}""", "onTheWay.shiftMinutes")]
    public async Task Settings_ThatCannotBe_AreRefusedByField(string settings, string field)
    {
        var id = await Host.ScalarAsync<Guid>("SELECT id FROM business_entity WHERE entity_code = 'ratioshop'");
        var version = (await Host.Administrator.ReadAsync($"/api/business-entities/{id}")).GetProperty("version").GetInt64();

        using var refused = await Host.Administrator.MergePatchAsync($"/api/business-entities/{id}", $"{version}", $$"""{"onTheWay":{{settings}}}""");

        Assert.Equal([field], await refused.FaultyFieldsAsync());
    }

    // Uses a new board, as the host's answers from its memory for some seconds.
    private async Task LookAsync()
    {
        using var watch = ActivatorUtilities.CreateInstance<ArrivalWatch>(Host.Services, ActivatorUtilities.CreateInstance<ArrivalBoard>(Host.Services));
        await watch.LookAsync(CancellationToken.None);
    }

    private Task<int> NoticesAsync(Underway run) => Host.ScalarAsync<int>($"SELECT notices FROM tracking_link WHERE visit_id = '{run.Visit}'");

    private Task<long> MessagesAsync(Underway run) =>
        Host.ScalarAsync<long>($"SELECT count(*) FROM communication_message m JOIN communication_thread t ON t.id = m.thread_id WHERE t.entity_id = '{run.Order.Id}'");

    private async Task<(JsonElement Seen, System.Net.Http.Headers.HttpResponseHeaders Headers)> SeeAsync(string token)
    {
        using var answer = await Host.Anonymous().GetAsync($"/api/track/{token}");
        return (await answer.JsonAsync(), answer.Headers);
    }

    private async Task DeadAsync(string token)
    {
        using var answer = await Host.Anonymous().GetAsync($"/api/track/{token}");
        var problem = await answer.ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(("/problems/not-found", "There is no such link, or its time is over."), (problem.Text("type"), problem.Text("detail")));
    }
}
