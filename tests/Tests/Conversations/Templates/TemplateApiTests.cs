using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Conversations.Tracking;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Conversations.Templates;

/// <summary>Templates over HTTP: kept, previewed and sent.</summary>
[Collection(TrackingCollection.Name)]
public sealed class TemplateApiTests(TrackingHost tracking)
{
    private static readonly string[] All = ["threads.read", "threads.write", "orders.read", "visits.read"];

    private RunningHost Host => tracking.Host;

    private HttpClient Admin => tracking.Host.Administrator;

    [Theory]
    [InlineData("body", "{{ customer.firstname }}", "body")]
    [InlineData("body", "{% for i in (1..9) %}x{% endfor %}", "body")]
    [InlineData("body", "", "body")]
    [InlineData("body", null, "body")]
    [InlineData("subject", "Van mail alleen", "subject")]
    [InlineData("name", " ", "name")]
    [InlineData("channel", "internal", "channel")]
    [InlineData("language", null, "language")]
    [InlineData("businessEntity", null, "businessEntity")]
    public async Task Template_WithAFault_IsRefusedByItsField(string field, string? value, string faulty)
    {
        var body = await Sample.BodyAsync(Host, "message_template");
        body[field] = value;

        using var refused = await Admin.PostAsJsonAsync("/api/message-templates", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(faulty, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_OfATakenNameOrPurpose_IsRefused()
    {
        var body = await Sample.BodyAsync(Host, "message_template");
        using var first = await Admin.PostAsJsonAsync("/api/message-templates", body);
        await first.JsonAsync(HttpStatusCode.Created);

        using var again = await Admin.PostAsJsonAsync("/api/message-templates", body);
        Assert.Equal("/problems/name-taken", (await again.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
        body["name"] = $"Anders {Guid.NewGuid():n}";
        body["purpose"] = "on_my_way";
        using var purpose = await Admin.PostAsJsonAsync("/api/message-templates", body);
        Assert.Equal("/problems/purpose-taken", (await purpose.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
    }

    [Fact]
    public async Task Preview_ShowsTheTextOfAnOrderOrAVisit_AndSendsNothing()
    {
        var run = await Underway.PlanAsync(Host, "laderthuis");
        var template = await MakeAsync("laderthuis", "{{ customer.first_name }}: {{ order.number }}, {{ visit.date }} {{ visit.start }}, {{ van.license_plate }} {{ visit.link }}");

        var ofVisit = await PreviewAsync(Admin, template, new { visitId = run.Visit });
        var ofOrder = await PreviewAsync(Admin, template, new { orderId = run.Order.Id });

        Assert.Matches($@"^Els: {run.Order.Made.GetProperty("orderNumber").GetString()}, \w+ \d+ \w+ \d\d:\d\d, T-\w+ https://ops\.example\.nl/track/…$", ofVisit.Text("bodyText"));
        Assert.Empty(ofVisit.GetProperty("missing").EnumerateArray());
        Assert.Equal(
            ["van.license_plate", "visit.date", "visit.link", "visit.start"], ofOrder.GetProperty("missing").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM tracking_link WHERE visit_id = '{run.Visit}'"));
        Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM communication_thread WHERE entity_id = '{run.Order.Id}'"));
        using var nothing = await Admin.PostAsJsonAsync($"/api/message-templates/{template}/preview", new { });
        Assert.Equal(["orderId"], await nothing.FaultyFieldsAsync());
        using var unknown = await Admin.PostAsJsonAsync($"/api/message-templates/{template}/preview", new { visitId = Guid.NewGuid() });
        Assert.Equal(["visitId"], await unknown.FaultyFieldsAsync());
    }

    [Fact]
    public async Task Template_OutsideOfTheScope_IsNotThereOnAnyRoute()
    {
        var run = await Underway.PlanAsync(Host, "laderthuis");
        var (template, foreign) = (await MakeAsync("laderthuis", "{{ order.number }}"), await MakeAsync("ratioshop", "{{ order.number }}"));
        var thread = await ThreadAsync(run);
        using var own = await Host.WithKeyAsync(new { name = "own", permissions = All, businessEntities = new[] { "laderthuis" } });
        var strangers = new[]
        {
            await Host.WithKeyAsync(new { name = "foreign", permissions = All, businessEntities = new[] { "ratioshop" } }),
            await Host.WithKeyAsync(new { name = "partner", permissions = All, partnerOrganizationId = await Sample.CreateAsync(Host, "organization") }),
        };

        foreach (var stranger in strangers)
        {
            await (await stranger.GetAsync($"/api/message-templates/{template}")).ProblemAsync(HttpStatusCode.NotFound);
            await (await stranger.PostAsJsonAsync($"/api/message-templates/{template}/preview", new { visitId = run.Visit })).ProblemAsync(HttpStatusCode.NotFound);
            await (await stranger.GetAsync($"/api/threads/{thread}/templates")).ProblemAsync(HttpStatusCode.NotFound);
            Assert.DoesNotContain((await stranger.ReadAsync("/api/message-templates?limit=500")).GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetGuid() == template);
        }

        // A template that is seen tells nothing of an order that is not.
        using var other = await strangers[0].PostAsJsonAsync($"/api/message-templates/{foreign}/preview", new { orderId = run.Order.Id });
        Assert.Equal(["orderId"], await other.FaultyFieldsAsync());
        using var mixed = await Admin.PostAsJsonAsync($"/api/message-templates/{foreign}/preview", new { orderId = run.Order.Id });
        Assert.Equal(["orderId"], await mixed.FaultyFieldsAsync());
        using var another = await own.PostAsJsonAsync($"/api/threads/{thread}/messages", new { templateId = foreign });
        Assert.Equal(["templateId"], await another.FaultyFieldsAsync());
        using var blind = await Host.WithKeyAsync("threads.read", "orders.read");
        await (await blind.PostAsJsonAsync($"/api/message-templates/{template}/preview", new { visitId = run.Visit })).ProblemAsync(HttpStatusCode.Forbidden);
        using var writer = await own.PostAsJsonAsync("/api/message-templates", await Sample.BodyAsync(Host, "message_template"));
        await writer.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Message_ByATemplate_LeavesWithItsValuesAndTheLink_AndIsRefusedWhereAValueIsMissing()
    {
        var run = await Underway.PlanAsync(Host, "laderthuis");
        var thread = await ThreadAsync(run);
        var template = await MakeAsync("laderthuis", "Dag {{ customer.first_name }}, volg ons: {{ visit.link }}");
        var strict = await MakeAsync("laderthuis", "Beste {{ customer.name }}, {{ visit.window_from }} - {{ visit.window_until }}");

        using var refused = await Admin.PostAsJsonAsync($"/api/threads/{thread}/messages", new { templateId = strict });
        var problem = await refused.ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("/problems/variable-missing", problem.Text("type"));
        Assert.Contains("visit.window_from, visit.window_until", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE thread_id = '{thread}'"));
        using var both = await Admin.PostAsJsonAsync($"/api/threads/{thread}/messages", new { templateId = template, bodyText = "x", subject = "y", isNote = true });
        Assert.Equal(["bodyText", "subject", "templateId"], await both.FaultyFieldsAsync());
        using var alone = await Admin.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "x", visitId = run.Visit });
        Assert.Equal(["visitId"], await alone.FaultyFieldsAsync());

        using var written = await Admin.PostAsJsonAsync($"/api/threads/{thread}/messages", new { templateId = template });
        var message = await written.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(("person", "Dag Els, volg ons: https://ops.example.nl/track/…"), (message.Text("nature"), message.Text("bodyText")));
        var (id, box) = (message.GetProperty("id").GetGuid(), await Mailbox.OpenAsync(Host));
        await box.LapseAsync(id);
        await box.UntilAsync(id, "sent");
        var text = await File.ReadAllTextAsync(Assert.Single(Underway.FilesOf(Host, id)));
        Assert.Equal(await run.TokenAsync(), Underway.TokenIn(text));

        var fitting = (await Admin.ReadAsync($"/api/threads/{thread}/templates")).EnumerateArray().ToDictionary(one => one.GetProperty("templateId").GetGuid());
        Assert.Equal("Dag Els, volg ons: https://ops.example.nl/track/…", fitting[template].Text("bodyText"));
        Assert.Equal(["visit.window_from", "visit.window_until"], fitting[strict].GetProperty("missing").EnumerateArray().Select(name => name.GetString()));
    }

    private async Task<Guid> MakeAsync(string entity, string text)
    {
        var body = await Sample.BodyAsync(Host, "message_template");
        (body["businessEntity"], body["body"]) = (entity, text);
        using var made = await Admin.PostAsJsonAsync("/api/message-templates", body);
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task<Guid> ThreadAsync(Underway run)
    {
        using var made = await Admin.PostAsJsonAsync("/api/threads", new JsonObject
        {
            ["entityType"] = "order", ["entityId"] = run.Order.Id, ["channel"] = "sms", ["businessEntity"] = "laderthuis", ["customerAddress"] = run.Number, ["subject"] = "Afspraak",
        });
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<System.Text.Json.JsonElement> PreviewAsync(HttpClient client, Guid template, object about)
    {
        using var answer = await client.PostAsJsonAsync($"/api/message-templates/{template}/preview", about);
        return await answer.JsonAsync();
    }
}
