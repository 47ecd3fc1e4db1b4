using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Orders;

/// <summary>What a client may get wrong about orders and visits, line by line: a clear answer, and nothing changed.</summary>
[Collection(HostCollection.Name)]
public sealed class OrderBadInputTests(RunningHost host)
{
    private static readonly DateTimeOffset Morning = new(2027, 5, 10, 7, 0, 0, TimeSpan.Zero);

    private HttpClient Admin => host.Administrator;

    [Theory]
    [InlineData("""{"lineItems":[{"description":"Work","quantity":1,"unitPrice":1.005,"itemType":"service"}]}""", "lineItems[0].unitPrice")]
    [InlineData("""{"lineItems":[{"description":"Work","quantity":1,"unitPrice":100000000,"itemType":"service"}]}""", "lineItems[0].unitPrice")]
    [InlineData("""{"lineItems":[{"description":"Work","quantity":999,"unitPrice":99999999.99,"itemType":"service"}]}""", "lineItems[0].quantity")]
    [InlineData("""{"lineItems":[{"description":"Work","quantity":-1,"unitPrice":1,"itemType":"service"}]}""", "lineItems[0].quantity")]
    [InlineData("""{"lineItems":[{"description":"Work","quantity":0,"unitPrice":1,"itemType":"service"}]}""", "lineItems[0].quantity")]
    [InlineData("""{"lineItems":[{"description":"Work","quantity":1,"unitPrice":1,"taxRate":1.5,"itemType":"service"}]}""", "lineItems[0].taxRate")]
    [InlineData("""{"lineItems":[{"productId":"00000000-0000-7000-8000-00000000dead","quantity":1,"unitPrice":1,"itemType":"product"}]}""", "lineItems[0].productId")]
    [InlineData("""{"lineItems":[{"description":"Work","quantity":1,"unitPrice":1,"itemType":"service"},{"description":"Less","quantity":1,"unitPrice":-2,"itemType":"discount"}]}""", "lineItems")]
    [InlineData("""{"customerOrganizationId":"00000000-0000-7000-8000-00000000dead"}""", "customerOrganizationId")]
    [InlineData("""{"orderType":"customer_business"}""", "orderType")]
    [InlineData("""{"requestedDate":"0001-01-01"}""", "requestedDate")]
    [InlineData("""{"orderStatus":"approved"}""", "orderStatus")]
    public async Task NewOrder_WithAFault_IsRefusedByItsField_AndCostsNoNumber(string changes, string field)
    {
        var body = await Sample.BodyAsync(host, "order");
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        var (customer, numbers) = (body["customerOrganizationId"]!.GetValue<Guid>(), await NumbersAsync());
        using var answer = await Admin.PostAsJsonAsync("/api/orders", body);

        Assert.Equal([field], await answer.FaultyFieldsAsync());
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM \"order\" WHERE customer_organization_id = '{customer}'"));
        Assert.Equal(numbers, await NumbersAsync());
    }

    [Fact]
    public async Task NewOrder_WithAReferenceThatIsTaken_IsRefused_AndCostsNoNumber()
    {
        var body = await Sample.BodyAsync(host, "order");
        body["partnerOrganizationId"] = await Sample.CreateAsync(host, "organization");
        body["partnerExternalReferences"] = new JsonObject { ["order"] = $"{Guid.NewGuid()}" };
        await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created);
        var numbers = await NumbersAsync();

        var taken = await (await Admin.PostAsJsonAsync("/api/orders", body)).ProblemAsync(HttpStatusCode.Conflict);

        Assert.Equal("/problems/reference-taken", taken.GetProperty("type").GetString());
        Assert.Equal(numbers, await NumbersAsync());
    }

    /// <summary>The one that is refused by the database had its number already: it is voided, and says why.</summary>
    [Fact]
    public async Task NewOrders_WithOneReferenceAtOnce_AreOneAndLeaveNoNumberUnexplained()
    {
        const int Racers = 8;
        var body = await Sample.BodyAsync(host, "order");
        body["partnerOrganizationId"] = await Sample.CreateAsync(host, "organization");
        body["partnerExternalReferences"] = new JsonObject { ["order"] = $"{Guid.NewGuid()}" };

        var unexplained = await UnexplainedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => Admin.PostAsJsonAsync("/api/orders", body)));

        Assert.Equal(Racers - 1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(unexplained, await UnexplainedAsync());

        Task<long> UnexplainedAsync() => host.ScalarAsync<long>("""
            SELECT count(*) FROM number_assignment n WHERE n.number_type = 'order' AND NOT EXISTS (SELECT FROM "order" o WHERE o.id = n.owner_id)
                AND coalesce(n.void_reason, '') NOT LIKE '%one of these references%'
            """);
    }

    [Fact]
    public async Task NewVisits_OfOneOrderAtOnce_AllGetAPlaceAndANumber()
    {
        const int Racers = 12;
        var order = await OrderRun.NewAsync(host);

        await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => order.VisitAsync()));

        Assert.Equal(string.Join(',', Enumerable.Range(1, Racers)), await host.ScalarAsync<string>($"SELECT string_agg(sequence::text, ',' ORDER BY sequence) FROM visit WHERE order_id = '{order.Id}'"));
    }

    private Task<long> NumbersAsync() => host.ScalarAsync<long>("SELECT count(*) FROM number_assignment WHERE number_type = 'order'");

    [Fact]
    public async Task NewOrder_OfAnInactiveProduct_IsRefused()
    {
        var product = await (await Admin.PostAsJsonAsync("/api/products", await Sample.BodyAsync(host, "product"))).JsonAsync(HttpStatusCode.Created);
        var id = product.GetProperty("id").GetGuid();
        await (await Admin.MergePatchAsync($"/api/products/{id}", $"{product.GetProperty("version").GetInt64()}", """{"isActive":false}""")).JsonAsync();
        var body = await Sample.BodyAsync(host, "order");
        body["lineItems"] = JsonSerializer.SerializeToNode(new[] { new { productId = id, quantity = 1 } });

        Assert.Equal(["lineItems[0].productId"], await (await Admin.PostAsJsonAsync("/api/orders", body)).FaultyFieldsAsync());
    }

    [Theory]
    [InlineData(500, HttpStatusCode.Created)]
    [InlineData(501, HttpStatusCode.BadRequest)]
    public async Task NewOrder_OfManyLines_IsTakenUpToTheLimit(int lines, HttpStatusCode expected)
    {
        var body = await Sample.BodyAsync(host, "order");
        body["lineItems"] = JsonSerializer.SerializeToNode(
            Enumerable.Range(0, lines).Select(line => new { description = $"Line {line}", quantity = 1, unitPrice = 0.1m, taxRate = 0.21m, itemType = "service" }));

        using var answer = await Admin.PostAsJsonAsync("/api/orders", body);

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.Created)
        {
            Assert.Equal((50.00m, 10.50m), ((await answer.JsonAsync(expected)).GetProperty("netAmount").GetDecimal(), (await answer.JsonAsync(expected)).GetProperty("vatAmount").GetDecimal()));
        }
    }

    [Fact]
    public async Task NewOrder_WithNotesOfFiveMegabytes_IsTooLarge()
    {
        var body = await Sample.BodyAsync(host, "order");
        body["notes"] = new string('x', 5_000_000);
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

        // It is refused before it is sent whole.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = content, Headers = { ExpectContinue = true } };
        using var answer = await Admin.SendAsync(request);

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task NewOrder_ForAnOrganizationOutOfScope_IsAnsweredAsForNone()
    {
        var body = await Sample.BodyAsync(host, "order");
        var customer = body["customerOrganizationId"]!.GetValue<Guid>();
        await host.ExecuteAsync($"UPDATE organization SET business_entity = 'laderthuis' WHERE id = '{customer}'");
        body["businessEntity"] = "zaptecshop";
        using var limited = await host.WithKeyAsync(
            new { name = "orders", permissions = new[] { "orders.read", "orders.write", "relations.read" }, businessEntities = new[] { "zaptecshop" } });

        var there = await (await limited.PostAsJsonAsync("/api/orders", body)).ProblemAsync(HttpStatusCode.BadRequest);
        var none = Guid.NewGuid();
        body["customerOrganizationId"] = none;
        var nowhere = await (await limited.PostAsJsonAsync("/api/orders", body)).ProblemAsync(HttpStatusCode.BadRequest);

        string Words(JsonElement problem) => problem.GetProperty("errors").GetProperty("customerOrganizationId")[0].GetString()!;
        Assert.Equal(Words(nowhere).Replace($"{none}", $"{customer}", StringComparison.Ordinal), Words(there));
    }

    [Fact]
    public async Task Action_FromTheWrongStatus_NamesFromToAllowedAndUnmet()
    {
        var order = await OrderRun.NewAsync(host);

        var refused = await (await Admin.PostAsJsonAsync($"/api/orders/{order.Id}/actions/complete", new { })).ProblemAsync(HttpStatusCode.Conflict);

        Assert.Equal(("new", "completed"), (refused.GetProperty("from").GetString(), refused.GetProperty("to").GetString()));
        Assert.NotEmpty(refused.GetProperty("allowed").EnumerateArray());
        Assert.Equal(JsonValueKind.Array, refused.GetProperty("unmet").ValueKind);
        Assert.Equal(1, (await order.ReadAsync()).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Key_UsedAgainWithAnotherBody_IsRefused_AndNothingIsMadeTwice()
    {
        var body = await Sample.BodyAsync(host, "order");
        var (key, customer) = (Guid.NewGuid().ToString(), body["customerOrganizationId"]!.GetValue<Guid>());
        using var first = await SendAsync();
        using var again = await SendAsync();
        body["notes"] = "another body";
        using var other = await SendAsync();

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM \"order\" WHERE customer_organization_id = '{customer}'"));

        Task<HttpResponseMessage> SendAsync()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            return Admin.SendAsync(request);
        }
    }

    [Theory]
    [InlineData(60, 0, "scheduledEnd")] // ends before it begins
    [InlineData(0, 0, "scheduledEnd")]
    [InlineData(0, 15 * 60, "scheduledEnd")] // longer than a day's work
    [InlineData(14 * 60, 18 * 60, "scheduledEnd")] // over midnight: from 23:00 in the Netherlands
    public async Task Visit_AtAnImpossibleTime_IsRefusedByItsField_AndStaysADraft(int from, int to, string field)
    {
        var order = await OrderRun.NewAsync(host);
        var (visit, van) = (await order.VisitAsync(), await host.CreateVehicleAsync());

        using var answer = await Admin.PostAsJsonAsync(
            $"/api/visits/{visit}/actions/schedule", new { scheduledStart = Morning.AddMinutes(from), scheduledEnd = Morning.AddMinutes(to), vehicleId = van });

        Assert.Equal([field], await answer.FaultyFieldsAsync());
        var after = await Admin.ReadAsync($"/api/visits/{visit}");
        Assert.Equal(("draft", 1L), (after.GetProperty("status").GetString(), after.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task Visit_InTheHourThatTheClockDoubles_IsAsLongAsItLasts()
    {
        var order = await OrderRun.NewAsync(host);
        var (visit, van) = (await order.VisitAsync(), await host.CreateVehicleAsync());
        // On 31 October 2027 it is 02:30 in the Netherlands at 00:30 UTC, and again an hour later.
        var first = new DateTimeOffset(2027, 10, 31, 0, 30, 0, TimeSpan.Zero);

        var planned = await order.VisitActAsync(visit, "schedule", new { scheduledStart = first, scheduledEnd = first.AddHours(1), vehicleId = van });
        var check = await (await Admin.PostAsJsonAsync(
            $"/api/visits/{visit}/check", new { scheduledStart = first, scheduledEnd = first.AddHours(1), vehicleId = van })).JsonAsync();

        Assert.Equal(first.AddHours(1), planned.GetProperty("scheduledEnd").GetDateTimeOffset());
        Assert.DoesNotContain(check.GetProperty("violations").EnumerateArray(), one => one.GetProperty("rule").GetString() is "duration" or "overlap");
    }

    [Fact]
    public async Task Patch_OnAStaleVersion_ChangesNothing()
    {
        var order = await OrderRun.NewAsync(host);
        await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", "1", """{"notes":"first"}""")).JsonAsync();

        await (await Admin.MergePatchAsync($"/api/orders/{order.Id}", "1", """{"notes":"second"}""")).ProblemAsync(HttpStatusCode.PreconditionFailed);

        Assert.Equal(("first", 2L), ((await order.ReadAsync()).GetProperty("notes").GetString(), (await order.ReadAsync()).GetProperty("version").GetInt64()));
    }
}
