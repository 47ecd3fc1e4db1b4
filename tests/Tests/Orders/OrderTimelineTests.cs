using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Orders;

/// <summary>What happened to an order in one order of time, and who is told what of it.</summary>
[Collection(HostCollection.Name)]
public sealed class OrderTimelineTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Timeline_OfAnOrder_TellsAllOfItInOneOrderOfTimeByCursor()
    {
        var (order, van, _) = await LivedAsync();

        var all = (await Admin.ReadAsync($"/api/orders/{order.Id}/timeline?limit=500")).GetProperty("items").EnumerateArray().ToList();

        var times = all.Select(item => item.GetProperty("at").GetDateTimeOffset()).ToList();
        Assert.Equal(times.OrderDescending(), times);
        Assert.Equal(["call", "change", "message", "stretch", "transition", "visit"], all.Select(item => item.GetProperty("kind").GetString()).Distinct().Order());
        var stretches = all.Where(item => item.GetProperty("kind").GetString() == "stretch").ToList();
        Assert.Equal(["trip", "stop"], stretches.Select(item => item.GetProperty("data").GetProperty("kind").GetString()).Reverse());
        Assert.All(stretches, item => Assert.Equal(van, item.GetProperty("entityId").GetGuid()));
        var visit = all.Single(item => item.GetProperty("kind").GetString() == "visit").GetProperty("data");
        Assert.Equal((JsonValueKind.String, JsonValueKind.String), (visit.GetProperty("scheduledStart").ValueKind, visit.GetProperty("arrivedAt").ValueKind));
        Assert.Contains(all, item => item.GetProperty("kind").GetString() == "message" && item.GetProperty("data").GetProperty("text").GetString() == "De kabel ligt klaar.");

        var paged = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var page = await Admin.ReadAsync($"/api/orders/{order.Id}/timeline?limit=3{cursor}");
            paged.AddRange(page.GetProperty("items").EnumerateArray());
            if (page.GetProperty("nextCursor").GetString() is not { } next)
            {
                break;
            }

            cursor = $"&cursor={next}";
        }

        Assert.Equal(all.Select(item => item.GetRawText()), paged.Select(item => item.GetRawText()));
        var calls = await Admin.ReadAsync($"/api/orders/{order.Id}/timeline?kind=call");
        Assert.Equal("call", Assert.Single(calls.GetProperty("items").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Equal(["kind"], await (await Admin.GetAsync($"/api/orders/{order.Id}/timeline?kind=weather")).FaultyFieldsAsync());
    }

    [Fact]
    public async Task Timeline_ForOthers_HasOnlyTheKindsThatTheyMayRead()
    {
        var partner = await Sample.CreateAsync(host, "organization");
        var (order, _, visit) = await LivedAsync(new { partnerOrganizationId = partner });
        using var own = await host.WithKeyAsync(new { name = "partner", permissions = new[] { "orders.read", "visits.read", "positions.read", "threads.read", "calls.read", "audit.read" }, partnerOrganizationId = partner });
        using var foreign = await host.WithKeyAsync(new { name = "other", permissions = new[] { "orders.read" }, partnerOrganizationId = await Sample.CreateAsync(host, "organization") });
        using var entity = await host.WithKeyAsync(new { name = "other entity", permissions = new[] { "orders.read" }, businessEntities = new[] { "ratioshop" } });
        using var few = await host.WithKeyAsync("orders.read");
        var colleagues = await host.CreateVehicleAsync();
        var theirs = await order.VisitAsync();
        await order.VisitActAsync(theirs, "schedule", new { scheduledStart = DateTimeOffset.UtcNow.AddDays(1), scheduledEnd = DateTimeOffset.UtcNow.AddDays(1).AddMinutes(10), vehicleId = colleagues });
        using var technician = await host.WithKeyAsync(new { name = "technician", permissions = new[] { "orders.read", "visits.read", "positions.read" }, vehicleIds = new[] { await VanOfAsync(visit) } });

        Assert.Equal(["transition"], await KindsAsync(few, order.Id));
        // The thread is a contact's of another organization, and vans and calls are the company's own.
        Assert.Equal(["transition", "visit"], await KindsAsync(own, order.Id));
        Assert.Equal(["stretch", "transition", "visit"], await KindsAsync(technician, order.Id));
        var seen = (await technician.ReadAsync($"/api/orders/{order.Id}/timeline?kind=visit")).GetProperty("items").EnumerateArray();
        Assert.Equal(visit, Assert.Single(seen).GetProperty("entityId").GetGuid());
        await (await foreign.GetAsync($"/api/orders/{order.Id}/timeline")).ProblemAsync(HttpStatusCode.NotFound);
        await (await entity.GetAsync($"/api/orders/{order.Id}/timeline")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Change_OnAnOldVersion_IsAnsweredWithWhoChangedWhat()
    {
        var order = await OrderRun.NewAsync(host);
        var read = order.Made.GetProperty("version").GetInt64();
        await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", $"{read}", """{"priorityLevel":"urgent"}""")).JsonAsync();
        await order.ActAsync("hold", new { reason = "the street is closed" });

        var stale = await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", $"{read}", """{"notes":"x"}""")).ProblemAsync(HttpStatusCode.PreconditionFailed);
        var never = await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", "0", """{"notes":"x"}""")).ProblemAsync(HttpStatusCode.PreconditionFailed);

        var (hold, patch) = (stale.GetProperty("changes")[0], stale.GetProperty("changes")[1]);
        Assert.Equal((RunningHost.Email, "the street is closed"), (hold.GetProperty("actor").GetProperty("name").GetString(), hold.GetProperty("summary").GetString()));
        Assert.Contains("orderStatus", hold.GetProperty("fields").EnumerateArray().Select(field => field.GetString()));
        Assert.Contains("priorityLevel", patch.GetProperty("fields").EnumerateArray().Select(field => field.GetString()));
        Assert.Equal(read + 1, patch.GetProperty("version").GetInt64());
        Assert.Empty(never.GetProperty("changes").EnumerateArray());
    }

    private async Task<Guid> VanOfAsync(Guid visit) => (await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty("vehicleId").GetGuid();

    private static async Task<IEnumerable<string?>> KindsAsync(HttpClient client, Guid order) =>
        (await client.ReadAsync($"/api/orders/{order}/timeline?limit=500")).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("kind").GetString()).Distinct().Order();

    /// <summary>An order that was planned, driven to, written and called about, and begun.</summary>
    private async Task<(OrderRun Order, Guid Van, Guid Visit)> LivedAsync(object? changes = null)
    {
        var (order, van) = (await OrderRun.NewAsync(host, changes), await host.CreateVehicleAsync());
        await order.ActAsync("approve");
        var visit = await order.VisitAsync();
        var start = WorkDay.At(10);
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = van });
        var left = DateTimeOffset.UtcNow.AddHours(-2);
        await order.VisitActAsync(visit, "depart", new { occurredAt = left });
        await order.VisitActAsync(visit, "arrive", new { occurredAt = left.AddMinutes(30) });
        // As the fold of its fixes leaves them: the way there, the stop, and what it had done for others before.
        await host.ExecuteAsync($"""
            INSERT INTO vehicle_trip (vehicle_id, started_at, kind, ended_at, start_latitude, start_longitude, end_latitude, end_longitude,
                place_latitude, place_longitude, distance, decided_at, decided_source)
            SELECT '{van}', '{left:O}'::timestamptz + b, kind, '{left:O}'::timestamptz + e, 52.1, 5.1, 52.2, 5.2, 52.1, 5.1, 1500, '{left:O}'::timestamptz + b, 'test'
            FROM (VALUES ('trip', interval '-3 hours', interval '-2 hours'), ('trip', interval '1 minute', interval '29 minutes'), ('stop', interval '29 minutes', interval '100 minutes'))
                AS t(kind, b, e)
            """);
        var contact = order.Made.GetProperty("primaryContactId").GetGuid();
        await host.ExecuteAsync($"""
            INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{Guid.CreateVersion7()}', '{contact}', '+3161{Random.Shared.Next(1_000_000, 9_999_999)}');
            INSERT INTO call (id, call_id, direction, status, started_at, business_entity, phone_number_id)
            SELECT '{Guid.CreateVersion7()}', '{Guid.NewGuid()}', 'inbound', 'completed', now(), 'chargecars', n.id FROM phone_number n WHERE n.contact_id = '{contact}' LIMIT 1
            """);
        var thread = await (await Admin.PostAsJsonAsync("/api/threads", new
        {
            entityType = "order", entityId = order.Id, channel = "internal", subject = "Levering", businessEntity = "chargecars",
        })).JsonAsync(HttpStatusCode.Created);
        await (await Admin.PostAsJsonAsync($"/api/threads/{thread.GetProperty("id").GetGuid()}/messages", new { bodyText = "De kabel ligt klaar.", isNote = true })).JsonAsync(HttpStatusCode.Created);
        // Once it has heard its visit nothing changes it but this.
        await host.UntilDueAsync($"target_id = '{order.Id}' AND state = 'pending'", count => count == 0);
        var version = (await order.ReadAsync()).GetProperty("version").GetInt64();
        await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", $"{version}", """{"notes":"Bel eerst."}""")).JsonAsync();
        return (order, van, visit);
    }
}
