using System.Net.Http.Json;
using System.Net;
using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Planning.Arrivals;
using ChargeCars.Platform.Changes;
using ChargeCars.Telephony.Missed;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Orders;
using ChargeCars.Tests.Platform.Entities;
using ChargeCars.Tests.Platform.Live;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Alerts;

/// <summary>What holds is raised once and ends by itself, by whichever host and however often they look.</summary>
public sealed class AlertWatchTests(AlertHost alerts) : IClassFixture<AlertHost>
{
    private RunningHost Host => alerts.Host;

    private HttpClient Admin => alerts.Host.Administrator;

    [DaytimeFact]
    public async Task Visit_ThatNobodyBegan_IsLateOverMidnight_UntilSomebodyDecides()
    {
        var (visit, _, order) = await alerts.LateVisitAsync(30);
        await alerts.LookAsync();
        var before = (await alerts.AlertAsync(AlertType.VisitLate, visit))!.Value;

        await alerts.MoveAsync(visit, -1_500);
        await alerts.LookAsync();

        var after = (await alerts.AlertAsync(AlertType.VisitLate, visit))!.Value;
        Assert.Equal(("open", before.GetProperty("version").GetInt64()), (after.GetProperty("status").GetString(), after.GetProperty("version").GetInt64()));
        await order.VisitActAsync(visit, "cancel", new { reason = "Nobody went." });
        await alerts.LookAsync();
        Assert.Equal("ended", (await alerts.AlertAsync(AlertType.VisitLate, visit))!.Value.GetProperty("status").GetString());
    }

    [DaytimeFact]
    public async Task Visit_ThatWillBeLate_IsRaisedOnceOverTwoHostsAndARestart_AndEndsByItself()
    {
        var (visit, van, order) = await alerts.LateVisitAsync(30);
        var id = Alert.IdOf(AlertType.VisitLate, visit);
        await using (var other = await alerts.StartAnotherAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i % 2 == 0 ? alerts.LookAsync() : AlertHost.LookAsync(other.App.Services)));
            await AlertHost.LookAsync(other.App.Services);
        }

        // The other host is gone, and one that has just started knows nothing.
        await using var next = await alerts.StartAnotherAsync();
        await AlertHost.LookAsync(next.App.Services);

        var alert = (await alerts.AlertAsync(AlertType.VisitLate, visit))!.Value;
        Assert.Equal(("visit_late", "open", "high", 1), (alert.GetProperty("alertType").GetString(), alert.GetProperty("status").GetString(), alert.GetProperty("severity").GetString(), alert.GetProperty("occurrence").GetInt32()));
        Assert.Equal((visit, van, order.Id), (alert.GetProperty("visitId").GetGuid(), alert.GetProperty("vehicleId").GetGuid(), alert.GetProperty("orderId").GetGuid()));
        Assert.InRange(alert.GetProperty("detail").GetProperty("lateMinutes").GetInt32(), 30, 33);
        Assert.Equal("chargecars", alert.GetProperty("businessEntity").GetString());
        Assert.Equal(1L, await alerts.ToldAsync("alert.raised", id));
        Assert.Equal(1L, await alerts.ToldAsync("visit.expected_arrival_changed", visit));
        Assert.Equal(1L, await Host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE table_name = 'alert' AND record_id = '{id}'"));

        // Later: it is told how late, and once.
        await alerts.MoveAsync(visit, -50);
        await alerts.LookAsync();
        await AlertHost.LookAsync(next.App.Services);
        Assert.InRange((await alerts.AlertAsync(AlertType.VisitLate, visit))!.Value.GetProperty("detail").GetProperty("lateMinutes").GetInt32(), 50, 53);
        Assert.Equal(1L, await alerts.ToldAsync("alert.updated", id));

        await alerts.MoveAsync(visit, 30);
        await AlertHost.LookAsync(next.App.Services);
        await alerts.LookAsync();
        var ended = (await alerts.AlertAsync(AlertType.VisitLate, visit))!.Value;
        Assert.Equal(("ended", 1L), (ended.GetProperty("status").GetString(), await alerts.ToldAsync("alert.ended", id)));

        // The same fact anew is another time.
        await alerts.MoveAsync(visit, -20);
        await alerts.LookAsync();
        Assert.Equal(2, (await alerts.AlertAsync(AlertType.VisitLate, visit))!.Value.GetProperty("occurrence").GetInt32());
    }

    [DaytimeFact]
    public async Task Arrival_ThatMoves_IsToldAsARange_ToWhoSeesWhereVansAre()
    {
        await using var desk = await WatchAsync("vehicles.read", "positions.read", "visits.read");
        await using var few = await WatchAsync("vehicles.read", "visits.read");
        var (visit, van, order) = await alerts.LateVisitAsync(12);
        await alerts.LookAsync();
        await order.VisitActAsync(visit, "confirm");

        Assert.DoesNotContain(await NewsAsync(few, visit), change => change.Type == ArrivalTeller.ChangeType);
        var told = Assert.Single(await NewsAsync(desk, visit), change => change.Type == ArrivalTeller.ChangeType);
        using var data = JsonDocument.Parse(told.Data.Text);
        var (range, now) = (data.RootElement.GetProperty("expectedArrival"), DateTimeOffset.UtcNow);
        Assert.Equal((order.Id, van), (data.RootElement.GetProperty("orderId").GetGuid(), data.RootElement.GetProperty("vehicleId").GetGuid()));
        Assert.InRange(range.GetProperty("expected").GetDateTimeOffset(), now.AddMinutes(-1), now.AddMinutes(1));
        Assert.True(range.GetProperty("earliest").GetDateTimeOffset() <= range.GetProperty("expected").GetDateTimeOffset());
        Assert.True(range.GetProperty("expected").GetDateTimeOffset() <= range.GetProperty("latest").GetDateTimeOffset());
        // Not late enough for anybody to do something about it.
        Assert.Null(await alerts.AlertAsync(AlertType.VisitLate, visit));
    }

    [Fact]
    public async Task Look_IsOneHostsTurn()
    {
        var store = Host.Services.GetRequiredService<AlertStore>();
        var (look, now) = ($"of a test {Guid.NewGuid()}", DateTimeOffset.UtcNow);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.ClaimAsync(look, TimeSpan.FromMinutes(1), now, CancellationToken.None)));

        Assert.Single(claims, claimed => claimed);
        Assert.False(await store.ClaimAsync(look, TimeSpan.FromMinutes(1), now.AddSeconds(59), CancellationToken.None));
        Assert.True(await store.ClaimAsync(look, TimeSpan.FromMinutes(1), now.AddSeconds(60), CancellationToken.None));
        // A clock that was put back does not end the looking.
        Assert.True(await store.ClaimAsync(look, TimeSpan.FromMinutes(1), now.AddHours(-1), CancellationToken.None));
    }

    [DaytimeFact]
    public async Task Van_ThatFallsSilentOnAJob_IsTold_AndEndsWithItsNextPosition()
    {
        var (visit, van, order) = await alerts.LateVisitAsync(5, isSeen: false);
        await alerts.SendAsync(van, DateTimeOffset.UtcNow.AddMinutes(-12), 50);
        await order.VisitActAsync(visit, "confirm");
        await alerts.LookAsync();
        Assert.Null(await alerts.AlertAsync(AlertType.SignalLost, van));

        await order.VisitActAsync(visit, "depart");
        await alerts.LookAsync();
        Assert.Equal(("open", "vehicle"), Of(await alerts.AlertAsync(AlertType.SignalLost, van), "status", "entityType"));

        await alerts.SendAsync(van, DateTimeOffset.UtcNow, 50);
        await alerts.LookAsync();
        Assert.Equal(("ended", "vehicle"), Of(await alerts.AlertAsync(AlertType.SignalLost, van), "status", "entityType"));
    }

    [Fact]
    public async Task Van_ThatDrivesTooFast_IsToldByTheVehicleItself_AndEndsAfterAWhile()
    {
        var van = await Host.CreateVehicleAsync();
        var start = DateTimeOffset.UtcNow.AddMinutes(-1);
        for (var i = 0; i < 4; i++)
        {
            await alerts.SendAsync(van, start.AddSeconds(i * 10), 150, 52 + (i * 0.0038));
        }

        await Host.UntilAsync("alert", async () => await alerts.AlertAsync(AlertType.Overspeed, van) is not null);
        await alerts.LookAsync();
        var alert = (await alerts.AlertAsync(AlertType.Overspeed, van))!.Value;
        Assert.Equal(("open", 150.0), (alert.GetProperty("status").GetString(), alert.GetProperty("detail").GetProperty("speedKmh").GetDouble()));

        await Host.ExecuteAsync($"UPDATE alert SET fact_at = fact_at - interval '11 minutes' WHERE id = '{alert.GetProperty("id").GetGuid()}'");
        await alerts.LookAsync();
        Assert.Equal("ended", (await alerts.AlertAsync(AlertType.Overspeed, van))!.Value.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Tracker_WhoseClockIsWrong_IsTold_WhileItsPositionsAreRefused()
    {
        var van = await Host.CreateVehicleAsync();
        await Host.ExecuteAsync($"""
            INSERT INTO vehicle_refusal (vehicle_id, reason, detail, off_by_seconds, since, at, count, told_since)
            VALUES ('{van}', 'future', 'ahead', 7200, now() - interval '1 minute', now(), 4, now() - interval '1 minute')
            """);
        await alerts.LookAsync();
        Assert.Equal(("open", "normal"), Of(await alerts.AlertAsync(AlertType.ClockRefused, van), "status", "severity"));

        await Host.ExecuteAsync($"UPDATE vehicle_refusal SET at = now() - interval '31 minutes' WHERE vehicle_id = '{van}'");
        await alerts.LookAsync();
        Assert.Equal(("ended", "normal"), Of(await alerts.AlertAsync(AlertType.ClockRefused, van), "status", "severity"));
    }

    [Fact]
    public async Task Order_ThatIsOverdue_IsTold_UntilItMovesOn()
    {
        var order = await OrderRun.NewAsync(Host);
        await Host.ExecuteAsync($"UPDATE entity_current_status SET sla_deadline = now() - interval '1 minute', is_overdue = true WHERE entity_id = '{order.Id}'");
        await alerts.LookAsync(onlyQuick: true);
        var alert = await alerts.AlertAsync(AlertType.StatusOverdue, order.Id);
        Assert.Equal(("open", "order"), Of(alert, "status", "entityType"));
        Assert.Equal(order.Made.GetProperty("orderNumber").GetString(), alert!.Value.GetProperty("label").GetString());
        Assert.Equal("new", alert.Value.GetProperty("detail").GetProperty("entityStatus").GetString());

        await order.ActAsync("cancel", new { reason = "of a test" });
        await alerts.LookAsync(onlyQuick: true);
        Assert.Equal(("ended", "order"), Of(await alerts.AlertAsync(AlertType.StatusOverdue, order.Id), "status", "entityType"));
    }

    [Fact]
    public async Task Caller_WhoWasMissed_IsOneAlert_UntilSomebodyTicksThemOff()
    {
        var digits = await alerts.MissedCallAsync();
        var id = CallBackKind.IdOf(digits);
        // Out of hours it waits for the opening: then there is nothing to see yet.
        await alerts.LookAsync(onlyQuick: true);
        var first = (await alerts.AlertAsync(AlertType.CallMissed, id))!.Value;
        await alerts.MissedCallAsync(digits);
        await alerts.LookAsync(onlyQuick: true);
        var second = (await alerts.AlertAsync(AlertType.CallMissed, id))!.Value;

        Assert.Equal((digits, 1, 2), (first.GetProperty("label").GetString(), first.GetProperty("detail").GetProperty("count").GetInt32(), second.GetProperty("detail").GetProperty("count").GetInt32()));
        var call = second.GetProperty("detail").GetProperty("callId").GetGuid();
        await (await Admin.PostAsync($"/api/calls/{call}/actions/done", null)).JsonAsync();
        await alerts.LookAsync(onlyQuick: true);
        Assert.Equal("ended", (await alerts.AlertAsync(AlertType.CallMissed, id))!.Value.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Consequence_ThatWasRefused_IsToldWithItsReason_UntilItIsTriedAgain()
    {
        var order = await OrderRun.NewAsync(Host);
        var due = Guid.NewGuid();
        await Host.ExecuteAsync($$"""
            INSERT INTO due_command (id, kind, target_id, command, actor, origin_type, origin_id, due_at, state, attempts, last_error, ended_at)
            VALUES ('{{due}}', 'visit.act', '{{Guid.NewGuid()}}', '{}', '{"kind":"system","id":null,"name":"system"}', 'order', '{{order.Id}}', now(), 'refused', 1, 'the visit is over', now())
            """);
        await alerts.LookAsync(onlyQuick: true);
        var alert = (await alerts.AlertAsync(AlertType.ConsequenceFailed, order.Id))!.Value;
        Assert.Equal(("open", "visit.act: the visit is over"), (alert.GetProperty("status").GetString(), alert.GetProperty("detail").GetProperty("reason").GetString()));
        Assert.Equal(order.Made.GetProperty("orderNumber").GetString(), alert.GetProperty("label").GetString());

        await Host.ExecuteAsync($"UPDATE due_command SET state = 'done' WHERE id = '{due}'");
        await alerts.LookAsync(onlyQuick: true);
        Assert.Equal("ended", (await alerts.AlertAsync(AlertType.ConsequenceFailed, order.Id))!.Value.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Message_ThatDidNotArrive_IsToldOfItsThread_AndAnotherOneRaisesWhatWasDone()
    {
        var thread = await Sample.CreateAsync(Host, "communication_thread");
        await FailAsync(thread, "failed", "5 minutes");
        await alerts.LookAsync(onlyQuick: true);
        var id = Alert.IdOf(AlertType.MessageFailed, thread);
        Assert.Equal(("open", "communication_thread"), Of(await alerts.AlertAsync(AlertType.MessageFailed, thread), "status", "entityType"));

        await (await Admin.PostAsync($"/api/alerts/{id}/actions/done", null)).JsonAsync();
        await alerts.LookAsync(onlyQuick: true);
        Assert.Equal(("done", "communication_thread"), Of(await alerts.AlertAsync(AlertType.MessageFailed, thread), "status", "entityType"));
        await FailAsync(thread, "uncertain", "1 minute");
        await alerts.LookAsync(onlyQuick: true);
        var again = (await alerts.AlertAsync(AlertType.MessageFailed, thread))!.Value;
        Assert.Equal(("open", 2, 2), (again.GetProperty("status").GetString(), again.GetProperty("occurrence").GetInt32(), again.GetProperty("detail").GetProperty("count").GetInt32()));

        await (await Admin.PostAsync($"/api/threads/{thread}/actions/resolve", null)).JsonAsync();
        await alerts.LookAsync(onlyQuick: true);
        Assert.Equal(("ended", "communication_thread"), Of(await alerts.AlertAsync(AlertType.MessageFailed, thread), "status", "entityType"));
    }

    [Fact]
    public async Task Host_LooksByItself_SoonAfterSomethingHappened()
    {
        var host = new RunningHost { Configuration = ["--ChargeCars:Alerts:Interval=1.00:00:00", "--ChargeCars:Alerts:Soon=00:00:00.2"] };
        await host.InitializeAsync();
        try
        {
            await host.UntilAsync("alert_look", async () => await host.ScalarAsync<long>("SELECT count(*) FROM alert_look WHERE name = 'everything'") == 1);
            var order = await OrderRun.NewAsync(host);
            // Raised by the watch of deadlines, whose change is what the watch of alerts hears.
            await host.ExecuteAsync($"UPDATE entity_current_status SET sla_deadline = now() - interval '1 minute' WHERE entity_id = '{order.Id}'");

            await host.UntilAsync("alert", async () => await host.ScalarAsync<long>($"SELECT count(*) FROM alert WHERE entity_id = '{order.Id}' AND status = 'open'") == 1);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private async Task<LiveClient> WatchAsync(params string[] permissions)
    {
        using var key = await Host.WithKeyAsync(permissions);
        var client = new LiveClient(new Uri(Host.Url, "/hubs/dispatch"), key.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        await client.Hub.StartAsync();
        await client.WatchAsync(new { topics = new[] { "visits" } });
        return client;
    }

    /// <summary>What is told of a visit, until it is confirmed.</summary>
    private static async Task<List<ChangeEvent>> NewsAsync(LiveClient client, Guid visit)
    {
        var news = new List<ChangeEvent>();
        while (true)
        {
            var change = await LiveClient.NextAsync(client.Changes);
            if (change.EntityId == visit)
            {
                news.Add(change);
                if (change.Data.Text.Contains("\"to\":\"confirmed\"", StringComparison.Ordinal))
                {
                    return news;
                }
            }
        }
    }

    private static (string?, string?) Of(JsonElement? alert, string one, string other) =>
        (alert?.GetProperty(one).GetString(), alert?.GetProperty(other).GetString());

    private Task FailAsync(Guid thread, string status, string ago) => Host.ExecuteAsync($"""
        INSERT INTO communication_message (id, thread_id, direction, status, nature, updated_at) VALUES ('{Guid.NewGuid()}', '{thread}', 'outbound', '{status}', 'person', now() - interval '{ago}')
        """);
}
