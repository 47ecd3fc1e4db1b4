using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Platform.Entities;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using ChargeCars.Tests.Platform.Live;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Alerts;

/// <summary>What people do with alerts: all see it, and it is there after a reload.</summary>
public sealed class AlertApiTests(AlertHost alerts) : IClassFixture<AlertHost>
{
    private RunningHost Host => alerts.Host;

    private static readonly string[] Desk = ["vehicles.read", "positions.read", "alerts.read", "alerts.write"];

    private HttpClient Admin => Host.Administrator;

    [Fact]
    public async Task Actions_SayWhoAndWhen_AndAreToldToEverybodyWhoWatches()
    {
        var (id, van) = await RaiseAsync();
        using var anna = await Host.WithKeyAsync(new { name = "Anna", permissions = Desk });
        await using var other = await ConnectAsync(await Host.WithKeyAsync(Desk));
        await other.WatchAsync(new { topics = new[] { "alerts" } });
        var person = (await Admin.ReadAsync("/api/auth/me")).GetProperty("contactId").GetGuid();

        var assigned = await ActAsync(anna, id, "assign", new { contactId = person });
        var snoozed = await ActAsync(anna, id, "snooze", new { minutes = 15 });
        var done = await ActAsync(anna, id, "done");

        Assert.Equal((person, "Anna"), (assigned.GetProperty("assignedToContactId").GetGuid(), assigned.GetProperty("assigned").GetProperty("by").GetString()));
        Assert.Equal(("snoozed", "Anna"), (snoozed.GetProperty("status").GetString(), snoozed.GetProperty("snoozed").GetProperty("by").GetString()));
        Assert.InRange(snoozed.GetProperty("snoozedUntil").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.Equal(("done", "Anna"), (done.GetProperty("status").GetString(), done.GetProperty("done").GetProperty("by").GetString()));
        Assert.Equal(["alert.assigned", "alert.snoozed", "alert.done"], await NewsAsync(other, id, 3));
        var read = await Admin.ReadAsync($"/api/alerts?vehicleId={van}");
        Assert.Equal("done", Assert.Single(read.GetProperty("items").EnumerateArray()).GetProperty("status").GetString());
        Assert.Empty((await Admin.ReadAsync($"/api/alerts?vehicleId={van}&active=true")).GetProperty("items").EnumerateArray());

        var refused = await (await anna.PostAsync($"/api/alerts/{id}/actions/snooze", JsonContent.Create(new { minutes = 15 }))).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(("done", "reopen"), (refused.GetProperty("from").GetString(), Assert.Single(refused.GetProperty("allowed").EnumerateArray()).GetString()));
        Assert.Equal("open", (await ActAsync(anna, id, "reopen")).GetProperty("status").GetString());
        Assert.Equal(4, (await anna.ReadAsync($"/api/alerts/{id}/actions")).GetArrayLength());
    }

    /// <summary>What was raised, done, ended and raised again, at each moment between; what was erased since does not come back.</summary>
    [Fact]
    public async Task Past_HasTheAlertsThatStoodThen()
    {
        var before = DateTimeOffset.UtcNow;
        var (id, van) = await RaiseAsync("former");
        var raised = DateTimeOffset.UtcNow;
        await ActAsync(Admin, id, "done");
        var done = DateTimeOffset.UtcNow;
        await RaiseAsync("of now", van);
        await ActAsync(Admin, id, "snooze", new { minutes = 15 });

        Assert.Null(await ThenAsync(before));
        var first = (await ThenAsync(raised))!.Value;
        Assert.Equal(("open", 1, "of now"), (first.GetProperty("status").GetString(), first.GetProperty("version").GetInt32(), first.GetProperty("label").GetString()));
        var second = (await ThenAsync(done))!.Value;
        Assert.Equal(("done", 2), (second.GetProperty("status").GetString(), second.GetProperty("version").GetInt32()));
        Assert.True(second.GetProperty("updatedAt").GetDateTimeOffset() <= done);
        Assert.Null(await ThenAsync(done, "&active=true"));
        Assert.NotNull(await ThenAsync(raised, "&active=true"));
        Assert.Equal("snoozed", (await ThenAsync(DateTimeOffset.UtcNow))!.Value.GetProperty("status").GetString());
        using var blind = await Host.WithKeyAsync("alerts.read");
        Assert.Empty((await blind.ReadAsync($"/api/alerts?vehicleId={van}&at={At(raised)}")).GetProperty("items").EnumerateArray());

        async Task<JsonElement?> ThenAsync(DateTimeOffset at, string more = "") => (await Admin.ReadAsync($"/api/alerts?vehicleId={van}&at={At(at)}{more}"))
            .GetProperty("items").EnumerateArray().Select(alert => (JsonElement?)alert).SingleOrDefault();

        static string At(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>What ended is deleted one day, and raised again under its id: what was before that is another life.</summary>
    [Fact]
    public async Task Past_OfAnAlertThatWasRaisedAnew_IsOfThisLife()
    {
        var (id, van) = await RaiseAsync();
        await ActAsync(Admin, id, "done");
        await ActAsync(Admin, id, "reopen");
        foreach (var command in new AlertCommand[] { new EndAlert(), new ForgetAlert() })
        {
            Assert.True((await Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Alert>>(id).ExecuteAsync(command, new(Guid.NewGuid(), Actor.System))).Succeeded);
        }

        await RaiseAsync(of: van);
        var raised = DateTimeOffset.UtcNow;
        await ActAsync(Admin, id, "done");

        var then = Assert.Single((await Admin.ReadAsync($"/api/alerts?vehicleId={van}&at={Uri.EscapeDataString($"{raised:O}")}")).GetProperty("items").EnumerateArray());
        Assert.Equal(("open", 1), (then.GetProperty("status").GetString(), then.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Seen_IsEachReadersOwn_AndComesBackWithTheSnooze()
    {
        var (id, _) = await RaiseAsync();
        using var anna = await Host.WithKeyAsync(Desk);
        using var bo = await Host.WithKeyAsync(Desk);
        Assert.True((await anna.ReadAsync($"/api/alerts/{id}")).GetProperty("isUnread").GetBoolean());
        var before = (await anna.ReadAsync("/api/alerts/count")).GetProperty("unread").GetInt32();

        var after = await (await anna.PostAsJsonAsync("/api/alerts/actions/see", new { ids = new[] { id, Guid.NewGuid() } })).JsonAsync();

        Assert.Equal(before - 1, after.GetProperty("unread").GetInt32());
        Assert.False((await anna.ReadAsync($"/api/alerts/{id}")).GetProperty("isUnread").GetBoolean());
        Assert.True((await bo.ReadAsync($"/api/alerts/{id}")).GetProperty("isUnread").GetBoolean());

        // Put away for a moment: it comes back by itself, and is new to everybody.
        await ActAsync(anna, id, "snooze", new { until = DateTimeOffset.UtcNow.AddSeconds(1) });
        Assert.False((await anna.ReadAsync($"/api/alerts/{id}")).GetProperty("isUnread").GetBoolean());
        await Host.UntilAsync("alert", async () => await Host.ScalarAsync<string>($"SELECT status FROM alert WHERE id = '{id}'") == "open");
        Assert.True((await anna.ReadAsync($"/api/alerts/{id}")).GetProperty("isUnread").GetBoolean());
    }

    [Fact]
    public async Task Action_ThatIsRepeated_HasOneEffect_AndAStaleOneNone()
    {
        var (id, _) = await RaiseAsync();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/alerts/{id}/actions/done");
            request.Headers.Add("Idempotency-Key", $"done-{id}");
            Assert.Equal("done", (await (await Admin.SendAsync(request)).JsonAsync()).GetProperty("status").GetString());
        }

        using var stale = new HttpRequestMessage(HttpMethod.Post, $"/api/alerts/{id}/actions/reopen");
        stale.Headers.Add("If-Match", "\"1\"");
        await (await Admin.SendAsync(stale)).ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal(2L, await Host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{id}'"));
    }

    [Theory]
    [InlineData("snooze", """{}""", "until")]
    [InlineData("snooze", """{"minutes":0}""", "minutes")]
    [InlineData("snooze", """{"minutes":10081}""", "minutes")]
    [InlineData("snooze", """{"minutes":15,"until":"2027-01-01T00:00:00Z"}""", "until")]
    [InlineData("snooze", """{"until":"2020-01-01T00:00:00Z"}""", "until")]
    [InlineData("snooze", """{"until":"2199-01-01T00:00:00Z"}""", "until")]
    [InlineData("done", """{"minutes":15}""", "minutes")]
    [InlineData("done", """{"contactId":"0199a000-0000-7000-8000-000000000001"}""", "contactId")]
    [InlineData("assign", """{"contactId":"0199a000-0000-7000-8000-000000000001"}""", "contactId")]
    [InlineData("assign", """{"until":"2027-01-01T00:00:00Z"}""", "until")]
    [InlineData("done", """{"surprise":1}""", "surprise")]
    public async Task Action_WithABodyThatIsNotItsOwn_NamesTheField(string action, string body, string field)
    {
        var (id, _) = await RaiseAsync();

        using var answer = await Admin.PostAsync($"/api/alerts/{id}/actions/{action}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal([field], await answer.FaultyFieldsAsync());
        Assert.Equal(1L, await Host.ScalarAsync<long>($"SELECT version FROM alert WHERE id = '{id}'"));
    }

    [Theory]
    [InlineData("?status=loud", "status")]
    [InlineData("?alertType=fire", "alertType")]
    [InlineData("?active=yes", "active")]
    [InlineData("?entityId=1", "entityId")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?sort=raisedAt", "sort")]
    [InlineData("?limit=0&cursor=x", "cursor,limit")]
    public async Task List_WithAParameterThatIsNone_NamesIt(string query, string fields)
    {
        using var answer = await Admin.GetAsync($"/api/alerts{query}");

        Assert.Equal(fields, string.Join(',', (await answer.FaultyFieldsAsync()).Order()));
    }

    [Fact]
    public async Task See_WithoutIds_OrWithTooMany_IsRefused()
    {
        Assert.Equal(["ids"], await (await Admin.PostAsJsonAsync("/api/alerts/actions/see", new { })).FaultyFieldsAsync());
        Assert.Equal(["ids"], await (await Admin.PostAsJsonAsync("/api/alerts/actions/see", new { ids = Enumerable.Range(0, 501).Select(_ => Guid.NewGuid()) })).FaultyFieldsAsync());
    }

    [Fact]
    public async Task List_ByPages_HasEveryAlertOnce()
    {
        var raised = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            raised.Add((await RaiseAsync()).Id);
        }

        var (seen, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await Admin.ReadAsync($"/api/alerts?alertType=overspeed&status=open&limit=2{cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Subset(seen.ToHashSet(), raised.ToHashSet());
    }

    private async Task<(Guid Id, Guid Van)> RaiseAsync(string? label = null, Guid? of = null)
    {
        var van = of ?? await Host.CreateVehicleAsync();
        var fact = new AlertFact(AlertType.Overspeed, "vehicle", van, AlertSeverity.High) { VehicleId = van, FactAt = DateTimeOffset.UtcNow, Label = label };
        Assert.True((await Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Alert>>(fact.AlertId)
            .ExecuteAsync(new RaiseAlert(fact), new(Guid.NewGuid(), Actor.System))).Succeeded);
        return (fact.AlertId, van);
    }

    private static async Task<JsonElement> ActAsync(HttpClient client, Guid id, string action, object? body = null) =>
        await (await client.PostAsync($"/api/alerts/{id}/actions/{action}", body is null ? null : JsonContent.Create(body))).JsonAsync();

    private async Task<LiveClient> ConnectAsync(HttpClient key)
    {
        var client = new LiveClient(new Uri(Host.Url, "/hubs/dispatch"), key.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        await client.Hub.StartAsync();
        return client;
    }

    private static async Task<List<string>> NewsAsync(LiveClient client, Guid id, int count)
    {
        var news = new List<string>();
        while (news.Count < count)
        {
            var change = await LiveClient.NextAsync(client.Changes);
            if (change.EntityId == id)
            {
                news.Add(change.Type);
            }
        }

        return news;
    }
}
