using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Orders;

/// <summary>
/// Any commands in any order against two orders, their visits, their one van and its stock: each has one answer, and afterwards order,
/// visits, vehicle, ledger and numbers agree.
/// </summary>
[Collection(HostCollection.Name)]
public sealed class RandomCommandTests(RunningHost host)
{
    private const int Commands = 80;

    private static readonly string[] OrderActions =
    [
        "submit-quote", "accept-quote", "reject-quote", "approve", "plan", "start", "finish-work", "reject-work", "complete", "invoice", "close", "hold", "resume", "cancel",
    ];

    private static readonly string[] VisitActions =
        ["schedule", "reschedule", "unschedule", "confirm", "depart", "arrive", "start", "pause", "resume", "complete", "fail", "no-show", "cancel"];

    // What must hold of the rows of one order; each counts what breaks it.
    private static readonly (string What, string Sql)[] Rules =
    [
        ("totals are the sum of the lines per rate", """
            SELECT count(*) FROM "order" o WHERE o.id = '{0}' AND (o.net_amount IS DISTINCT FROM (SELECT coalesce(sum(l.total_price), 0) FROM line_item l WHERE l.order_id = o.id)
                OR o.vat_amount IS DISTINCT FROM (SELECT coalesce(sum(rate.vat), 0) FROM (SELECT round(sum(l.total_price) * l.tax_rate, 2) AS vat FROM line_item l WHERE l.order_id = o.id GROUP BY l.tax_rate) rate)
                OR o.total_amount <> o.net_amount + o.vat_amount)
            """),
        ("the order knows its visits as they are", """
            SELECT count(*) FROM "order" o WHERE o.id = '{0}' AND (SELECT coalesce(jsonb_object_agg(v.id, v.status), '{{}}') FROM visit v WHERE v.order_id = o.id)
                <> (SELECT coalesce(jsonb_object_agg(k ->> 'id', k ->> 'status'), '{{}}') FROM jsonb_array_elements(o.visits) k)
            """),
        ("the order's status follows from its visits", """
            SELECT count(*) FROM "order" o CROSS JOIN LATERAL (SELECT
                count(*) FILTER (WHERE status NOT IN ('draft', 'completed', 'incomplete', 'no_show', 'cancelled')) AS planned,
                count(*) FILTER (WHERE status IN ('in_progress', 'paused')) AS at_work,
                count(*) FILTER (WHERE status IN ('in_progress', 'paused', 'completed', 'incomplete') AND NOT rejected) AS begun,
                count(*) FILTER (WHERE status = 'completed' AND NOT rejected) AS done
                FROM (SELECT k ->> 'status' AS status, coalesce((k ->> 'isRejected')::boolean, false) AS rejected FROM jsonb_array_elements(o.visits) k) known) v
            WHERE o.id = '{0}' AND CASE o.order_status
                WHEN 'approved' THEN v.planned > 0
                WHEN 'rework' THEN v.planned > 0
                WHEN 'planned' THEN v.planned = 0 OR v.at_work > 0
                WHEN 'in_progress' THEN v.begun = 0
                WHEN 'work_done' THEN v.done = 0
                WHEN 'completed' THEN v.done = 0
                ELSE false END
            """),
        ("a cancelled order has no open visit", """
            SELECT count(*) FROM visit v JOIN "order" o ON o.id = v.order_id
            WHERE o.id = '{0}' AND o.order_status = 'cancelled' AND v.status NOT IN ('completed', 'incomplete', 'no_show', 'cancelled')
            """),
        ("its van is at no visit that is over", """
            SELECT count(*) FROM vehicle c JOIN visit v ON v.id = c.current_visit_id WHERE v.order_id = '{0}' AND v.status IN ('completed', 'incomplete', 'no_show', 'cancelled')
            """),
        ("no two visits of the van overlap", """
            SELECT count(*) FROM visit a JOIN visit b ON a.vehicle_id = b.vehicle_id AND a.id < b.id AND tstzrange(a.scheduled_start, a.scheduled_end) && tstzrange(b.scheduled_start, b.scheduled_end)
            WHERE a.order_id = '{0}' AND a.scheduled_start IS NOT NULL AND b.scheduled_start IS NOT NULL AND a.status NOT IN ('cancelled', 'no_show') AND b.status NOT IN ('cancelled', 'no_show')
            """),
        ("no two visits of the team or a person overlap", """
            SELECT count(*) FROM visit a JOIN visit b ON a.id < b.id AND tstzrange(a.scheduled_start, a.scheduled_end) && tstzrange(b.scheduled_start, b.scheduled_end)
            WHERE a.order_id = '{0}' AND a.scheduled_start IS NOT NULL AND b.scheduled_start IS NOT NULL AND a.status NOT IN ('cancelled', 'no_show') AND b.status NOT IN ('cancelled', 'no_show') AND (a.team_id = b.team_id
                OR EXISTS (SELECT FROM visit_assignee x JOIN visit_assignee y ON x.contact_id = y.contact_id WHERE x.visit_id = a.id AND y.visit_id = b.id))
            """),
        ("each move goes on where the one before ended", """
            SELECT count(*) FROM (SELECT t.from_status, lag(t.to_status) OVER (PARTITION BY t.entity_id ORDER BY t.created_at, t.id) AS before FROM status_transition t
                WHERE t.entity_id = '{0}' OR t.entity_id IN (SELECT v.id FROM visit v WHERE v.order_id = '{0}')) h
            WHERE h.from_status IS DISTINCT FROM h.before
            """),
        ("nothing that follows has failed or was refused but for what people had decided", """
            SELECT count(*) FROM due_command d WHERE (d.target_id = '{0}' OR d.origin_id = '{0}') AND d.state IN ('failed', 'pending') AND d.due_at <= now()
            """),
        ("each number has its one owner", """
            SELECT count(*) FROM (SELECT id, order_number AS number FROM "order" WHERE id = '{0}' UNION ALL SELECT id, number FROM visit WHERE order_id = '{0}') r
            WHERE (SELECT count(*) FROM number_assignment n WHERE n.owner_id = r.id AND n.number = r.number) <> 1
            """),
    ];

    private HttpClient Admin => host.Administrator;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Commands_OfAnyKindInAnyOrder_HaveOneAnswerEach_AndLeaveEverythingInAgreement(int seed)
    {
        var (random, van, day) = (new Random(seed), await host.CreateVehicleAsync(), new DateTimeOffset(2028, 1, 3, 8, 0, 0, TimeSpan.Zero).AddDays(seed));
        OrderRun[] orders = [await OrderRun.NewAsync(host), await OrderRun.NewAsync(host)];
        var visits = new List<Guid>();
        var (person, team) = (await Sample.CreateAsync(host, "contact"), await Sample.CreateAsync(host, "team"));
        var (product, place) = await StockAsync(van);
        var (taken, refused, used) = (0, 0, 0);
        for (var n = 0; n < Commands; n++)
        {
            var order = orders[random.Next(orders.Length)];
            using var answer = await (random.Next(10) switch
            {
                0 when visits.Count < 8 => Admin.PostAsJsonAsync($"/api/orders/{order.Id}/visits", new { visitType = "service", estimatedMinutes = 30 }),
                1 => Admin.PostAsJsonAsync($"/api/orders/{order.Id}/line-items", new { description = "Work", quantity = random.Next(1, 4), unitPrice = 33.33m, taxRate = random.Next(2) == 0 ? 0.21m : 0.09m }),
                2 when random.Next(3) == 0 => RemoveLineAsync(order),
                3 when visits.Count > 0 && random.Next(2) == 0 => ChangeVisitAsync(Any()),
                2 when visits.Count > 0 => Admin.PostAsJsonAsync($"/api/visits/{Any()}/parts", new { productId = product, quantity = 1 }),
                < 5 => ActAsync($"orders/{order.Id}", OrderActions[random.Next(OrderActions.Length)]),
                _ => ActAsync(visits.Count == 0 ? $"orders/{order.Id}" : $"visits/{Any()}", visits.Count == 0 ? "approve" : VisitActions[random.Next(VisitActions.Length)]),
            });
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(
                answer.IsSuccessStatusCode || answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest or HttpStatusCode.PreconditionFailed,
                $"{answer.RequestMessage!.RequestUri} was answered {(int)answer.StatusCode}: {text}");
            (taken, refused) = answer.IsSuccessStatusCode ? (taken + 1, refused) : (taken, refused + 1);
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                var (made, path) = (JsonDocument.Parse(text).RootElement.GetProperty("id").GetGuid(), answer.RequestMessage!.RequestUri!.AbsolutePath);
                if (path.EndsWith("/visits", StringComparison.Ordinal))
                {
                    visits.Add(made);
                }
                else if (path.EndsWith("/parts", StringComparison.Ordinal))
                {
                    used++;
                }
            }
        }

        await SettledAsync([.. orders.Select(order => order.Id), .. visits]);
        foreach (var (what, sql) in Rules)
        {
            foreach (var order in orders)
            {
                Assert.True(await host.ScalarAsync<long>(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, order.Id)) == 0, $"not so of order {order.Id}: {what}");
            }
        }

        Assert.Equal(5 - used, await host.ScalarAsync<int>($"SELECT on_hand FROM stock_balance WHERE product_id = '{product}' AND place_id = '{place}'"));
        Assert.InRange(used, 0, 5);
        Assert.True(taken > 5 && refused > 5, $"{taken} were taken and {refused} refused: that tries nothing");

        object Planned(DateTimeOffset start) => new { scheduledStart = start, scheduledEnd = start.AddMinutes(45), vehicleId = van };

        // What follows from others' words may come in between: then the version is a stale one, and that is the answer.
        async Task<HttpResponseMessage> RemoveLineAsync(OrderRun order)
        {
            var now = await order.ReadAsync();
            var lines = now.GetProperty("lineItems");
            return lines.GetArrayLength() == 0
                ? await ActAsync($"orders/{order.Id}", "approve")
                : await Admin.DeleteAsync($"/api/orders/{order.Id}/line-items/{lines[random.Next(lines.GetArrayLength())].GetProperty("id").GetGuid()}", $"{now.GetProperty("version").GetInt64()}");
        }

        async Task<HttpResponseMessage> ChangeVisitAsync(Guid visit)
        {
            var version = $"{(await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty("version").GetInt64()}";
            return random.Next(3) switch
            {
                0 => await Admin.PutAsync($"/api/visits/{visit}/assignees", version, new { assignees = random.Next(3) == 0 ? [] : new[] { new { contactId = person } } }),
                1 => await Admin.MergePatchAsync($"/api/visits/{visit}", version, JsonSerializer.Serialize(new { vehicleId = random.Next(3) == 0 ? (Guid?)null : van })),
                _ => await Admin.MergePatchAsync($"/api/visits/{visit}", version, JsonSerializer.Serialize(new { teamId = random.Next(3) == 0 ? (Guid?)null : team, visitType = random.Next(2) == 0 ? "service" : "survey" })),
            };
        }

        Guid Any() => visits[random.Next(visits.Count)];

        Task<HttpResponseMessage> ActAsync(string what, string action) => Admin.PostAsJsonAsync($"/api/{what}/actions/{action}", (what[0], action) switch
        {
            ('v', "schedule" or "reschedule") => Planned(day.AddMinutes(30 * random.Next(12))),
            ('v', "complete") => new { resolution = "Done.", signedBy = "Anna" },
            ('o', "accept-quote") => new { acceptedByName = "Anna" },
            (_, "fail" or "no-show" or "cancel" or "hold" or "reject-quote" or "reject-work") => new { reason = "at random" },
            _ => (object)new { },
        });
    }

    private async Task<(Guid Product, Guid Place)> StockAsync(Guid van)
    {
        var product = await Sample.CreateAsync(host, "product");
        var place = (await (await Admin.PostAsJsonAsync("/api/stock/places", new { name = $"Van {van}", placeType = "vehicle", vehicleId = van })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await (await Admin.PostAsJsonAsync("/api/stock/movements", new { productId = product, toPlaceId = place, quantity = 5, reason = "loaded" })).JsonAsync(HttpStatusCode.Created);
        return (product, place);
    }

    // What follows from a command is carried out beside it.
    private async Task SettledAsync(IReadOnlyList<Guid> entities)
    {
        var ids = string.Join(", ", entities.Select(id => $"'{id}'"));
        await host.UntilDueAsync($"(target_id IN ({ids}) OR origin_id IN ({ids})) AND state = 'pending' AND due_at <= now()", count => count == 0);
    }
}
