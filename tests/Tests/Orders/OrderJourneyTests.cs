using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Orders;

/// <summary>An order from the customer's call to the invoice, over HTTP, with what the street says on the way.</summary>
[Collection(HostCollection.Name)]
public sealed class OrderJourneyTests(RunningHost host)
{
    private static readonly DateTimeOffset Morning = new(2027, 3, 1, 7, 0, 0, TimeSpan.Zero);

    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Order_WithItsVisits_GoesFromNewToInvoicedAndTheVanWithIt()
    {
        var (order, van) = (await NewOrderAsync(), await host.CreateVehicleAsync());
        Assert.StartsWith("CC-", order.GetProperty("orderNumber").GetString(), StringComparison.Ordinal);
        Assert.Equal(1331.00m, order.GetProperty("totalAmount").GetDecimal());
        Assert.Equal(231.00m, order.GetProperty("vatBreakdown")[0].GetProperty("vat").GetDecimal());
        var id = order.GetProperty("id").GetGuid();

        // Neither a partner's nor a service: a quote first.
        var refused = await (await ActAsync($"orders/{id}", "approve")).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Contains("quote", Assert.Single(refused.GetProperty("unmet").EnumerateArray()).GetString(), StringComparison.Ordinal);
        await OkAsync(ActAsync($"orders/{id}", "submit-quote"));
        Assert.Contains("acceptedByName", await (await ActAsync($"orders/{id}", "accept-quote")).FaultyFieldsAsync());
        await OkAsync(ActAsync($"orders/{id}", "accept-quote", new { acceptedByName = "Anna de Vries" }));

        var visit = await NewVisitAsync(id);
        await OkAsync(ActAsync($"visits/{visit}", "schedule", new { scheduledStart = Morning, scheduledEnd = Morning.AddHours(3), vehicleId = van }));
        await StatusAsync($"orders/{id}", "orderStatus", "planned");
        await OkAsync(ActAsync($"visits/{visit}", "confirm"));
        await OkAsync(ActAsync($"visits/{visit}", "depart"));
        await StatusAsync($"vehicles/{van}", "operationalStatus", "driving");
        await OkAsync(ActAsync($"visits/{visit}", "arrive"));
        Assert.Equal(visit, (await StatusAsync($"vehicles/{van}", "operationalStatus", "on_site")).GetProperty("currentVisitId").GetGuid());
        await OkAsync(ActAsync($"visits/{visit}", "start"));
        await StatusAsync($"orders/{id}", "orderStatus", "in_progress");
        await OkAsync(ActAsync($"visits/{visit}", "complete", new { resolution = "Installed and tested.", signedBy = "Anna de Vries" }));
        await StatusAsync($"orders/{id}", "orderStatus", "work_done");
        await StatusAsync($"vehicles/{van}", "operationalStatus", "parked");
        await OkAsync(ActAsync($"orders/{id}", "complete"));
        await OkAsync(ActAsync($"orders/{id}", "invoice"));
        await (await ActAsync($"orders/{id}", "cancel", new { reason = "too late" })).ProblemAsync(HttpStatusCode.Conflict);

        var history = (await Admin.ReadAsync($"/api/orders/{id}/transitions?limit=100")).GetProperty("items").EnumerateArray()
            .Select(row => row.GetProperty("toStatus").GetString()).Reverse();
        Assert.Equal(["new", "quoted", "approved", "planned", "in_progress", "work_done", "completed", "invoiced"], history);
        // The geofence that was to be made in time was made at once when the van set out.
        await host.UntilDueAsync($"origin_id IN ('{visit}', '{id}') AND state = 'pending'", count => count == 0);

        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE origin_id IN ('{visit}', '{id}') AND state NOT IN ('done', 'withdrawn')"));
    }

    [Fact]
    public async Task Order_WhoseDeadlineIsPast_SaysThatItIsOverdue()
    {
        var made = await NewOrderAsync();
        Assert.False(made.GetProperty("isOverdue").GetBoolean());

        await host.ExecuteAsync($"""UPDATE "order" SET sla_deadline = now() - interval '1 minute' WHERE id = '{made.GetProperty("id").GetGuid()}'""");

        var listed = (await Admin.ReadAsync($"/api/orders?orderNumber={made.GetProperty("orderNumber").GetString()}")).GetProperty("items").EnumerateArray();
        Assert.True(Assert.Single(listed).GetProperty("isOverdue").GetBoolean());
    }

    /// <summary>What a program got wrong is named by its field, and no number is spent on it.</summary>
    [Fact]
    public async Task Assignees_WhoAreNobodyOrNamedTwice_AreRefused_AndCostNoNumber()
    {
        const string Numbers = "SELECT count(*) FROM number_assignment";
        var order = (await NewOrderAsync()).GetProperty("id").GetGuid();
        var visit = await NewVisitAsync(order);
        var before = await host.ScalarAsync<long>(Numbers);
        var someone = new { contactId = Guid.NewGuid() };

        foreach (var assignees in new object?[][] { [null], [someone, someone] })
        {
            using var made = await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "survey", assignees });
            Assert.Equal(["assignees"], await made.FaultyFieldsAsync());
            using var replaced = await Admin.PutAsync($"/api/visits/{visit}/assignees", "1", new { assignees });
            Assert.Equal(["assignees"], await replaced.FaultyFieldsAsync());
        }

        using var none = await Admin.PutAsync($"/api/visits/{visit}/assignees", "1", new { });
        Assert.Equal(["assignees"], await none.FaultyFieldsAsync());
        Assert.Equal(before, await host.ScalarAsync<long>(Numbers));
    }

    [Fact]
    public async Task Visits_OfOneVanAtOneTime_AreRefusedWithTheOthersName()
    {
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        var (first, second) = (await NewVisitAsync(order), await NewVisitAsync(order));
        var number = (await Admin.ReadAsync($"/api/visits/{first}")).GetProperty("number").GetString()!;
        await OkAsync(ActAsync($"visits/{first}", "schedule", new { scheduledStart = Morning, scheduledEnd = Morning.AddHours(2), vehicleId = van }));

        var taken = await (await ActAsync($"visits/{second}", "schedule", new { scheduledStart = Morning.AddHours(1), scheduledEnd = Morning.AddHours(3), vehicleId = van }))
            .ProblemAsync(HttpStatusCode.Conflict);

        Assert.Equal("/problems/overlap", taken.GetProperty("type").GetString());
        Assert.Contains(number, taken.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("08:00", taken.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Half open: one may begin when the other ends.
        await OkAsync(ActAsync($"visits/{second}", "schedule", new { scheduledStart = Morning.AddHours(2), scheduledEnd = Morning.AddHours(3), vehicleId = van }));
    }

    /// <summary>The same where the crew of a visit that has its time is changed.</summary>
    [Fact]
    public async Task Crews_ThatAreTakenAtThatTime_AreRefusedWithTheOthersName()
    {
        var (van, spare, order) = (await host.CreateVehicleAsync(), await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        var (first, second, person) = (await NewVisitAsync(order), await NewVisitAsync(order), await Sample.CreateAsync(host, "contact"));
        var team = await Sample.CreateAsync(host, "team");
        var number = (await Admin.ReadAsync($"/api/visits/{first}")).GetProperty("number").GetString()!;
        await AssignAsync(first);
        await OkAsync(ActAsync($"visits/{first}", "schedule", new { scheduledStart = Morning.AddDays(8), scheduledEnd = Morning.AddDays(8).AddHours(2), vehicleId = van, teamId = team }));
        await OkAsync(ActAsync($"visits/{second}", "schedule", new { scheduledStart = Morning.AddDays(8).AddHours(1), scheduledEnd = Morning.AddDays(8).AddHours(3), vehicleId = spare }));

        Assert.All(
            [await PatchAsync(new { vehicleId = van }), await PatchAsync(new { teamId = team }), await (await AssignAsync(second)).ProblemAsync(HttpStatusCode.Conflict)],
            taken => Assert.Contains($"Visit {number} has it from 2027-03-09 08:00", taken.GetProperty("detail").GetString(), StringComparison.Ordinal));

        async Task<string> VersionAsync(Guid visit) => $"{(await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty("version").GetInt64()}";

        async Task<JsonElement> PatchAsync(object changes) =>
            await (await Admin.MergePatchAsync($"/api/visits/{second}", await VersionAsync(second), JsonSerializer.Serialize(changes))).ProblemAsync(HttpStatusCode.Conflict);

        async Task<HttpResponseMessage> AssignAsync(Guid visit) =>
            await Admin.PutAsync($"/api/visits/{visit}/assignees", await VersionAsync(visit), new { assignees = new[] { new { contactId = person } } });
    }

    /// <summary>A van that is not to be had, a team that works no more and a certificate that has ended by then.</summary>
    [Fact]
    public async Task Crew_ThatCannotMakeTheVisitOnItsDay_IsRefusedWithWhatIsUnmet()
    {
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        var (team, person, day) = (await Sample.CreateAsync(host, "team"), await Sample.CreateAsync(host, "contact"), Morning.AddDays(9));
        var visit = (await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "service", requiredSkills = new[] { "NEN 3140" } })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await (await Admin.PostAsJsonAsync($"/api/teams/{team}/members", new
        {
            contactId = person, role = "lead", validFrom = "2026-01-01", certifications = new[] { new { name = "NEN 3140", expiresOn = "2027-03-09" } },
        })).JsonAsync();

        Assert.Contains("The certificate 'NEN 3140'", await UnmetAsync(new { teamId = team }), StringComparison.Ordinal);
        day = Morning.AddDays(8);
        await OkAsync(ActAsync($"visits/{visit}", "schedule", new { scheduledStart = day, scheduledEnd = day.AddHours(1), teamId = team }));
        await OkAsync(ActAsync($"visits/{visit}", "unschedule"));
        await host.ExecuteAsync($"UPDATE team SET is_active = false WHERE id = '{team}'");
        Assert.Contains("is not active", await UnmetAsync(new { teamId = team }), StringComparison.Ordinal);
        await host.ExecuteAsync($"UPDATE vehicle SET operational_status = 'maintenance' WHERE id = '{van}'");
        Assert.Contains("is in maintenance", await UnmetAsync(new { vehicleId = van }), StringComparison.Ordinal);
        await host.ExecuteAsync($"UPDATE vehicle SET operational_status = 'parked', is_active = false WHERE id = '{van}'");
        Assert.Contains("is not in active use", await UnmetAsync(new { vehicleId = van }), StringComparison.Ordinal);

        // The same for a visit that has its time already.
        var spare = await host.CreateVehicleAsync();
        var planned = await (await ActAsync($"visits/{visit}", "schedule", new { scheduledStart = day, scheduledEnd = day.AddHours(1), vehicleId = spare })).JsonAsync();
        var unfit = await (await Admin.MergePatchAsync($"/api/visits/{visit}", $"{planned.GetProperty("version").GetInt64()}", JsonSerializer.Serialize(new { vehicleId = van }))).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("/problems/crew-unfit", unfit.GetProperty("type").GetString());

        async Task<string> UnmetAsync(object crew)
        {
            var body = JsonSerializer.SerializeToNode(crew)!.AsObject();
            (body["scheduledStart"], body["scheduledEnd"]) = (day, day.AddHours(1));
            return (await (await ActAsync($"visits/{visit}", "schedule", body)).ProblemAsync(HttpStatusCode.Conflict)).GetProperty("unmet").ToString();
        }
    }

    /// <summary>What a client is told that it may do, it may.</summary>
    [Fact]
    public async Task Actions_OfAnOrderAndAVisit_TellOfSignatureManagerAndChecklist()
    {
        var (order, van) = (await OrderRun.NewAsync(host, new { orderType = "service" }), await host.CreateVehicleAsync());
        using var colleague = await host.WithKeyAsync("orders.read", "orders.write", "orders.cancel", "visits.read", "visits.write");
        await order.ActAsync("approve");
        var visit = await order.VisitAsync(new { visitType = "install" });
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = Morning.AddDays(11), scheduledEnd = Morning.AddDays(11).AddHours(1), vehicleId = van });
        await order.VisitActAsync(visit, "arrive");
        await order.VisitActAsync(visit, "start");
        await order.UntilAsync($"orders/{order.Id}", "orderStatus", "in_progress");

        Assert.NotEmpty((await OptionAsync(Admin, $"visits/{visit}", "complete", isAllowed: false)).EnumerateArray());
        Assert.Contains("manager", (await OptionAsync(colleague, $"orders/{order.Id}", "cancel", isAllowed: false)).ToString(), StringComparison.Ordinal);
        await OptionAsync(Admin, $"orders/{order.Id}", "cancel", isAllowed: true);
        var refused = await (await colleague.PostAsJsonAsync($"/api/orders/{order.Id}/actions/cancel", new { reason = "no" })).ProblemAsync(HttpStatusCode.Conflict);
        Assert.DoesNotContain(refused.GetProperty("allowed").EnumerateArray(), action => action.GetString() == "cancel");

        var second = await OrderRun.NewAsync(host);
        await second.ActAsync("approve");
        var looked = await second.VisitAsync();
        await second.VisitActAsync(looked, "schedule", new { scheduledStart = Morning.AddDays(12), scheduledEnd = Morning.AddDays(12).AddHours(1), vehicleId = van });
        await second.VisitActAsync(looked, "arrive");
        await second.VisitActAsync(looked, "start");
        await second.VisitActAsync(looked, "complete", new { resolution = "Done." });
        await second.UntilAsync($"orders/{second.Id}", "orderStatus", "work_done");
        Assert.Contains("signed", (await OptionAsync(colleague, $"orders/{second.Id}", "complete", isAllowed: false)).ToString(), StringComparison.Ordinal);
        await OptionAsync(Admin, $"orders/{second.Id}", "complete", isAllowed: true);

        static async Task<JsonElement> OptionAsync(HttpClient client, string what, string action, bool isAllowed)
        {
            var option = (await client.ReadAsync($"/api/{what}/actions")).EnumerateArray().Single(option => option.GetProperty("action").GetString() == action);
            Assert.Equal(isAllowed, option.GetProperty("allowed").GetBoolean());
            return option.GetProperty("unmet");
        }
    }

    [Fact]
    public async Task Planners_TwoHundredForOneHourOfOneVan_OneGetsItAndTheOthersAreToldByWhom()
    {
        const int Racers = 200;
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        var visits = new List<Guid>();
        for (var n = 0; n < Racers; n++)
        {
            visits.Add(await NewVisitAsync(order));
        }

        var start = Morning.AddDays(1);
        var answers = await Task.WhenAll(visits.Select(visit => ActAsync($"visits/{visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = van })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM visit WHERE vehicle_id = '{van}' AND status = 'scheduled'"));
        var winner = await host.ScalarAsync<string>($"SELECT number FROM visit WHERE vehicle_id = '{van}' AND status = 'scheduled'");
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
        {
            var told = await answer.ProblemAsync(HttpStatusCode.Conflict);
            Assert.Equal("/problems/overlap", told.GetProperty("type").GetString());
            Assert.Contains($"Visit {winner} has it", told.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Installation_WithoutItsMeasurements_IsNotCompleted()
    {
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        var visit = await NewVisitAsync(order, "install");
        await OkAsync(ActAsync($"visits/{visit}", "schedule", new { scheduledStart = Morning.AddDays(4), scheduledEnd = Morning.AddDays(4).AddHours(2), vehicleId = van }));
        await OkAsync(ActAsync($"visits/{visit}", "arrive"));
        await OkAsync(ActAsync($"visits/{visit}", "start"));
        var made = await Admin.ReadAsync($"/api/visits/{visit}");
        var code = made.GetProperty("checklist").GetProperty("items").EnumerateArray().First(item => item.GetProperty("type").GetString() == "number").GetProperty("code").GetString()!;

        var refused = await (await ActAsync($"visits/{visit}", "complete", new { resolution = "Done." })).ProblemAsync(HttpStatusCode.Conflict);
        var wrong = await (await Admin.MergePatchAsync($"/api/visits/{visit}/checklist", $"{made.GetProperty("version").GetInt64()}", """{"no_such_item":{"note":"x"}}""")).FaultyFieldsAsync();
        var answered = await (await Admin.MergePatchAsync($"/api/visits/{visit}/checklist", $"{made.GetProperty("version").GetInt64()}", $$$"""{"{{{code}}}":{"value":2}}""")).JsonAsync();

        Assert.True(refused.GetProperty("unmet").GetArrayLength() > 5, refused.ToString());
        Assert.Equal(["checklist.no_such_item"], wrong);
        Assert.Equal(2, answered.GetProperty("checklist").GetProperty("answers").GetProperty(code).GetProperty("value").GetDecimal());
    }

    [Fact]
    public async Task Check_BeforeAMove_SaysWhatItMeansAndChangesNothing()
    {
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        var (first, second) = (await NewVisitAsync(order), await NewVisitAsync(order));
        var day = Morning.AddDays(3);
        await OkAsync(ActAsync($"visits/{first}", "schedule", new { scheduledStart = day, scheduledEnd = day.AddHours(2), vehicleId = van }));

        var taken = await (await Admin.PostAsJsonAsync($"/api/visits/{second}/check", new { scheduledStart = day.AddHours(1), scheduledEnd = day.AddHours(2), vehicleId = van })).JsonAsync();
        var free = await (await Admin.PostAsJsonAsync($"/api/visits/{second}/check", new { scheduledStart = day.AddHours(3), scheduledEnd = day.AddHours(4), vehicleId = van })).JsonAsync();
        var candidates = await Admin.ReadAsync($"/api/visits/{second}/candidates?day={day:yyyy-MM-dd}");
        var schedule = await Admin.ReadAsync($"/api/schedule?from={day:yyyy-MM-dd}T00:00:00Z&to={day.AddDays(1):yyyy-MM-dd}T00:00:00Z&vehicleId={van}");

        Assert.False(taken.GetProperty("feasible").GetBoolean());
        Assert.Contains(taken.GetProperty("violations").EnumerateArray(), one => one.GetProperty("rule").GetString() == "overlap" && one.GetProperty("visitId").GetGuid() == first);
        Assert.True(free.GetProperty("feasible").GetBoolean(), free.ToString());
        Assert.Contains(candidates.EnumerateArray(), one => one.GetProperty("vehicleId").ValueKind == JsonValueKind.String && one.GetProperty("vehicleId").GetGuid() == van);
        var planned = Assert.Single(schedule.EnumerateArray());
        Assert.Equal(first, planned.GetProperty("visit").GetProperty("id").GetGuid());
        Assert.True(planned.GetProperty("plan").GetProperty("feasible").GetBoolean(), planned.ToString());
        Assert.Equal("draft", (await Admin.ReadAsync($"/api/visits/{second}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Status_OfAVisit_SaysWhoseItIs()
    {
        var order = (await NewOrderAsync()).GetProperty("id").GetGuid();
        var visit = await NewVisitAsync(order);
        var team = (await (await Admin.PostAsJsonAsync("/api/teams", new { name = $"Team {Guid.NewGuid():n}" })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var day = Morning.AddDays(40);

        await OkAsync(ActAsync($"visits/{visit}", "schedule", new { scheduledStart = day, scheduledEnd = day.AddHours(1), teamId = team }));
        var assigned = await Admin.ReadAsync($"/api/status?entityType=visit&assignedTeamId={team}");
        await OkAsync(ActAsync($"visits/{visit}", "unschedule"));
        var given = await Admin.ReadAsync($"/api/status?entityType=visit&entityId={visit}");

        var row = Assert.Single(assigned.GetProperty("items").EnumerateArray());
        Assert.Equal((visit, "scheduled"), (row.GetProperty("entityId").GetGuid(), row.GetProperty("currentStatus").GetString()));
        Assert.Equal(JsonValueKind.Null, Assert.Single(given.GetProperty("items").EnumerateArray()).GetProperty("assignedTeamId").ValueKind);
    }

    [Fact]
    public async Task Schedule_OfMoreVisitsThanAPageHas_IsWhole_AndOfTooManyIsRefused()
    {
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        var (first, day) = (await NewVisitAsync(order), Morning.AddYears(2));
        await OkAsync(ActAsync($"visits/{first}", "schedule", new { scheduledStart = day, scheduledEnd = day.AddMinutes(10), vehicleId = van }));
        var span = $"from={day.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&to={day.AddDays(30):yyyy-MM-ddTHH:mm:ssZ}&vehicleId={van}";

        await CopyAsync(first, 1, 600);
        var whole = await Admin.ReadAsync($"/api/schedule?{span}");
        await CopyAsync(first, 601, 5_000);
        using var tooMany = await Admin.GetAsync($"/api/schedule?{span}");

        Assert.Equal(601, whole.EnumerateArray().Select(one => one.GetProperty("visit").GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal(["to"], await tooMany.FaultyFieldsAsync());
    }

    /// <summary>The same visit again, five minutes later each time, and over, so that none is in the other's way.</summary>
    private Task CopyAsync(Guid visit, int from, int to) => host.ExecuteAsync($$"""
        INSERT INTO visit
        SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'number', NULL, 'status', 'no_show', 'sequence', 1 + n,
            'scheduled_start', v.scheduled_start + n * interval '5 minutes', 'scheduled_end', v.scheduled_end + n * interval '5 minutes'))).*
        FROM visit v, generate_series({{from}}, {{to}}) n WHERE v.id = '{{visit}}'
        """);

    [Fact]
    public async Task Unscheduled_AVisitHasNeitherTimeNorCrew_AndItsOrderIsToBePlannedAgain()
    {
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        await OkAsync(ActAsync($"orders/{order}", "submit-quote"));
        await OkAsync(ActAsync($"orders/{order}", "accept-quote", new { acceptedByName = "Anna" }));
        var visit = await NewVisitAsync(order);
        await OkAsync(ActAsync($"visits/{visit}", "schedule", new { scheduledStart = Morning.AddDays(6), scheduledEnd = Morning.AddDays(6).AddHours(1), vehicleId = van }));
        await StatusAsync($"orders/{order}", "orderStatus", "planned");

        await OkAsync(ActAsync($"visits/{visit}", "unschedule"));
        var after = await Admin.ReadAsync($"/api/visits/{visit}");

        Assert.Equal("draft", after.GetProperty("status").GetString());
        Assert.All(["scheduledStart", "scheduledEnd", "teamId", "vehicleId"], field => Assert.Equal(JsonValueKind.Null, after.GetProperty(field).ValueKind));
        await StatusAsync($"orders/{order}", "orderStatus", "approved");
        await (await ActAsync($"visits/{visit}", "unschedule")).ProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Cancellation_OfAnOrder_CancelsItsVisitsAndFreesTheVan()
    {
        var (van, order) = (await host.CreateVehicleAsync(), (await NewOrderAsync()).GetProperty("id").GetGuid());
        await OkAsync(ActAsync($"orders/{order}", "submit-quote"));
        await OkAsync(ActAsync($"orders/{order}", "accept-quote", new { acceptedByName = "Anna" }));
        var visit = await NewVisitAsync(order);
        await OkAsync(ActAsync($"visits/{visit}", "schedule", new { scheduledStart = Morning.AddDays(2), scheduledEnd = Morning.AddDays(2).AddHours(1), vehicleId = van }));
        await StatusAsync($"orders/{order}", "orderStatus", "planned");

        Assert.Equal(["reason"], await (await ActAsync($"orders/{order}", "cancel")).FaultyFieldsAsync());
        await OkAsync(ActAsync($"orders/{order}", "cancel", new { reason = "the customer moved" }));

        await StatusAsync($"visits/{visit}", "status", "cancelled");
        var other = await NewVisitAsync((await NewOrderAsync()).GetProperty("id").GetGuid());
        await OkAsync(ActAsync($"visits/{other}", "schedule", new { scheduledStart = Morning.AddDays(2), scheduledEnd = Morning.AddDays(2).AddHours(1), vehicleId = van }));
    }

    [Fact]
    public async Task Hold_WithADeadline_RemembersWhereItCameFromAndPausesWhileTheCustomerIsWaitedFor()
    {
        var order = (await NewOrderAsync()).GetProperty("id").GetGuid();
        Assert.NotEqual(JsonValueKind.Null, (await Admin.ReadAsync($"/api/orders/{order}")).GetProperty("slaDeadline").ValueKind);

        await OkAsync(ActAsync($"orders/{order}", "hold", new { reason = "waits for the grid operator", resumeDate = "2027-06-01", waitingOnCustomer = true }));
        var held = await Admin.ReadAsync($"/api/orders/{order}");
        Assert.Equal(("on_hold", "new", JsonValueKind.Null), (held.GetProperty("orderStatus").GetString(), held.GetProperty("heldFrom").GetString(), held.GetProperty("slaDeadline").ValueKind));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE target_id = '{order}' AND state = 'pending' AND due_at = '2027-06-01T05:00:00Z'"));

        await OkAsync(ActAsync($"orders/{order}", "resume"));
        Assert.Equal("new", (await Admin.ReadAsync($"/api/orders/{order}")).GetProperty("orderStatus").GetString());
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE target_id = '{order}' AND state = 'pending'"));
    }

    [Fact]
    public async Task Hold_WhoseDayHasCome_EndsByItself()
    {
        var order = (await NewOrderAsync()).GetProperty("id").GetGuid();
        await OkAsync(ActAsync($"orders/{order}", "submit-quote"));
        await OkAsync(ActAsync($"orders/{order}", "hold", new { reason = "waits for the grid operator", resumeDate = "2027-06-01" }));

        // Its day is far away; the test's is today.
        await host.ExecuteAsync($"UPDATE due_command SET due_at = now() WHERE target_id = '{order}' AND kind = 'order.end-hold'");
        await StatusAsync($"orders/{order}", "orderStatus", "quoted");

        var last = (await Admin.ReadAsync($"/api/orders/{order}/transitions?limit=1")).GetProperty("items")[0];
        Assert.Equal("its day has come", last.GetProperty("transitionReason").GetString());
    }

    [Fact]
    public async Task Lines_ChangedWithoutOrOnAnOldVersion_AreRefusedAndAQuantityRepricesNothing()
    {
        var order = await NewOrderAsync();
        var (id, line) = (order.GetProperty("id").GetGuid(), order.GetProperty("lineItems")[0]);
        var (lineId, product) = (line.GetProperty("id").GetGuid(), line.GetProperty("productId").GetGuid());
        var version = (await Admin.ReadAsync($"/api/products/{product}")).GetProperty("version").GetInt64();
        await OkAsync(Admin.MergePatchAsync($"/api/products/{product}", $"{version}", """{"unitPrice":9999.99}"""));

        await (await Admin.MergePatchAsync($"/api/orders/{id}/line-items/{lineId}", null, """{"quantity":2}""")).ProblemAsync(HttpStatusCode.PreconditionRequired);
        await (await Admin.MergePatchAsync($"/api/orders/{id}/line-items/{lineId}", "99", """{"quantity":2}""")).ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal(["quantity"], (await (await Admin.MergePatchAsync($"/api/orders/{id}/line-items/{lineId}", "1", """{"quantity":0}""")).FaultyFieldsAsync()).Select(field => field.Split('.')[^1]));
        var doubled = await (await Admin.MergePatchAsync($"/api/orders/{id}/line-items/{lineId}", "1", """{"quantity":2}""")).JsonAsync();

        Assert.Equal((2L, 2200.00m), (doubled.GetProperty("version").GetInt64(), doubled.GetProperty("netAmount").GetDecimal()));
        var emptied = await (await Admin.DeleteAsync($"/api/orders/{id}/line-items/{lineId}", "2")).JsonAsync();
        Assert.Equal(0m, emptied.GetProperty("totalAmount").GetDecimal());
        Assert.Equal(3L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE table_name = 'line_item' AND record_id = '{lineId}'"));
    }

    [Fact]
    public async Task Order_OfAPartner_IsThatPartnersAndShowsNoCustomerPrices()
    {
        var partner = await Sample.CreateAsync(host, "organization");
        var body = await Sample.BodyAsync(host, "order");
        body["partnerOrganizationId"] = partner;
        body["partnerExternalReferences"] = new System.Text.Json.Nodes.JsonObject { ["orderId"] = "P-1" };
        body["lineItems"] = JsonSerializer.SerializeToNode(new[] { new { quantity = 1, unitPrice = 100.00m, partnerPrice = 80.00m, description = "Work" } });
        var order = (await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var own = await host.WithKeyAsync(new { name = "partner", permissions = new[] { "orders.read" }, partnerOrganizationId = partner });
        using var other = await host.WithKeyAsync(new { name = "other", permissions = new[] { "orders.read" }, partnerOrganizationId = await Sample.CreateAsync(host, "organization") });

        var again = await (await Admin.PostAsJsonAsync("/api/orders", body)).ProblemAsync(HttpStatusCode.Conflict);
        var seen = await own.ReadAsync($"/api/orders/{order}");

        Assert.Equal("/problems/reference-taken", again.GetProperty("type").GetString());
        Assert.Equal((JsonValueKind.Null, 80.00m), (seen.GetProperty("totalAmount").ValueKind, seen.GetProperty("partnerTotalAmount").GetDecimal()));
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("lineItems")[0].GetProperty("unitPrice").ValueKind);
        await (await other.GetAsync($"/api/orders/{order}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Empty((await other.ReadAsync("/api/orders")).GetProperty("items").EnumerateArray());
        Assert.Equal(order, Assert.Single((await own.ReadAsync("/api/orders")).GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Order_AtAnAddressOfAnotherCustomer_IsRefusedByItsField()
    {
        var (body, other) = (await Sample.BodyAsync(host, "order"), await Sample.BodyAsync(host, "order"));
        body["installationAddressId"] = other["installationAddressId"]!.DeepClone();

        Assert.Equal(["installationAddressId"], await (await Admin.PostAsJsonAsync("/api/orders", body)).FaultyFieldsAsync());
    }

    [Fact]
    public async Task Order_ChangedToWhatIsAnotherCustomers_IsRefusedByItsField_AndStays()
    {
        var (order, other) = (await OrderRun.NewAsync(host), await OrderRun.NewAsync(host));
        var address = other.Made.GetProperty("installationAddressId").GetGuid();
        var contact = await Sample.BodyAsync(host, "contact");
        contact["organizationId"] = other.Made.GetProperty("customerOrganizationId").GetGuid();
        var colleague = (await (await Admin.PostAsJsonAsync("/api/contacts", contact)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        Assert.Equal(["installationAddressId"], await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", "1", JsonSerializer.Serialize(new { installationAddressId = address }))).FaultyFieldsAsync());
        Assert.Equal(["primaryContactId"], await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", "1", JsonSerializer.Serialize(new { primaryContactId = colleague }))).FaultyFieldsAsync());

        Assert.Equal(1, (await order.ReadAsync()).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Visit_OfWhatIsAnotherCustomersOrOrders_IsRefusedByItsField()
    {
        var (order, other) = (await OrderRun.NewAsync(host), await OrderRun.NewAsync(host));
        var (visit, foreign, address) = (await order.VisitAsync(), await other.VisitAsync(), other.Made.GetProperty("installationAddressId").GetGuid());
        var version = $"{(await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty("version").GetInt64()}";

        Assert.Equal(["addressId"], await (await Admin.PostAsJsonAsync($"/api/orders/{order.Id}/visits", new { visitType = "service", addressId = address })).FaultyFieldsAsync());
        Assert.Equal(["followUpOfVisitId"], await (await Admin.PostAsJsonAsync($"/api/orders/{order.Id}/visits", new { visitType = "service", followUpOfVisitId = foreign })).FaultyFieldsAsync());
        Assert.Equal(["addressId"], await PatchAsync(new { addressId = address }));
        Assert.Equal(["followUpOfVisitId"], await PatchAsync(new { followUpOfVisitId = foreign }));
        Assert.Equal(["followUpOfVisitId"], await PatchAsync(new { followUpOfVisitId = visit }));
        var next = await order.VisitAsync(new { visitType = "service", followUpOfVisitId = visit, addressId = order.Made.GetProperty("installationAddressId").GetGuid() });
        Assert.Equal(visit, (await Admin.ReadAsync($"/api/visits/{next}")).GetProperty("followUpOfVisitId").GetGuid());

        async Task<IEnumerable<string>> PatchAsync(object changes) =>
            await (await Admin.MergePatchAsync($"/api/visits/{visit}", version, JsonSerializer.Serialize(changes))).FaultyFieldsAsync();
    }

    [Fact]
    public async Task PartnerTotal_OfAnOrderThatBecomesOrStopsBeingAPartners_IsWhatItsLinesComeTo()
    {
        var order = await OrderRun.NewAsync(host, new { lineItems = new[] { new { quantity = 2, unitPrice = 100.00m, partnerPrice = 80.00m, description = "Work" } } });
        Assert.Equal(JsonValueKind.Null, order.Made.GetProperty("partnerTotalAmount").ValueKind);
        var partner = await Sample.CreateAsync(host, "organization");

        var sold = await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", "1", JsonSerializer.Serialize(new { partnerOrganizationId = partner }))).JsonAsync();
        var own = await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", "2", """{"partnerOrganizationId":null}""")).JsonAsync();

        Assert.Equal(160.00m, sold.GetProperty("partnerTotalAmount").GetDecimal());
        Assert.Equal(JsonValueKind.Null, own.GetProperty("partnerTotalAmount").ValueKind);
    }

    [Fact]
    public async Task Line_OfAnotherProduct_HasThatProductsNameRateAndPrice()
    {
        var order = await NewOrderAsync();
        var (id, line) = (order.GetProperty("id").GetGuid(), order.GetProperty("lineItems")[0].GetProperty("id").GetGuid());
        var product = await Sample.BodyAsync(host, "product");
        (product["name"], product["unitPrice"], product["taxRate"]) = ("Another charger", 250.00m, 0.09m);
        var other = (await (await Admin.PostAsJsonAsync("/api/products", product)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        var changed = await (await Admin.MergePatchAsync($"/api/orders/{id}/line-items/{line}", "1", JsonSerializer.Serialize(new { productId = other }))).JsonAsync();

        var after = changed.GetProperty("lineItems")[0];
        Assert.Equal(
            ("Another charger", 250.00m, 0.09m, 1, product["sku"]!.GetValue<string>()),
            (after.GetProperty("description").GetString(), after.GetProperty("unitPrice").GetDecimal(), after.GetProperty("taxRate").GetDecimal(),
                after.GetProperty("quantity").GetInt32(), after.GetProperty("sku").GetString()));
        Assert.Equal(272.50m, changed.GetProperty("totalAmount").GetDecimal());
    }

    /// <summary>The van that set out is at the visit until it ends, and free afterwards.</summary>
    [Fact]
    public async Task Van_OfAVisitThatIsUnderWay_StaysUntilItEnds()
    {
        var (van, other, order) = (await host.CreateVehicleAsync(), await host.CreateVehicleAsync(), await OrderRun.NewAsync(host));
        var visit = await order.VisitAsync();
        await order.ActAsync("approve");
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = Morning.AddDays(30), scheduledEnd = Morning.AddDays(30).AddHours(1), vehicleId = van });
        foreach (var step in new[] { "depart", "arrive", "start" })
        {
            await order.VisitActAsync(visit, step);
            var version = $"{(await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty("version").GetInt64()}";

            var refused = await (await Admin.MergePatchAsync($"/api/visits/{visit}", version, JsonSerializer.Serialize(new { vehicleId = other }))).ProblemAsync(HttpStatusCode.Conflict);

            Assert.Equal("/problems/under-way", refused.GetProperty("type").GetString());
        }

        await order.UntilAsync($"vehicles/{van}", "currentVisitId", $"{visit}");
        await order.VisitActAsync(visit, "complete", new { resolution = "Done." });
        await order.UntilAsync($"vehicles/{van}", "currentVisitId", "");
    }

    private async Task<JsonElement> NewOrderAsync()
    {
        var product = await Sample.BodyAsync(host, "product");
        product["unitPrice"] = 1100.00m;
        var sold = (await (await Admin.PostAsJsonAsync("/api/products", product)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var body = await Sample.BodyAsync(host, "order");
        body["lineItems"] = JsonSerializer.SerializeToNode(new[] { new { productId = sold, quantity = 1 } });
        return await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created);
    }

    private async Task<Guid> NewVisitAsync(Guid order, string type = "service") =>
        (await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = type, estimatedMinutes = 60 })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private Task<HttpResponseMessage> ActAsync(string what, string action, object? body = null) => Admin.PostAsJsonAsync($"/api/{what}/actions/{action}", body ?? new { });

    private static async Task OkAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
    }

    // What follows from a command is carried out beside it.
    private async Task<JsonElement> StatusAsync(string what, string field, string expected)
    {
        var seen = default(JsonElement);
        await host.UntilAsync(OrderRun.TableOf(what), async () => (seen = await Admin.ReadAsync($"/api/{what}")).GetProperty(field).GetString() == expected);
        return seen;
    }
}
