using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Conversations.Providers;

/// <summary>The customer's portal, over HTTP: what is written in it, and what is told of what we wrote.</summary>
[Collection(HostCollection.Name)]
public sealed class PortalTests(RunningHost host)
{
    private const string Inbound = "/api/messages/inbound/portal";
    private const string Status = "/api/messages/status/portal";

    [Fact]
    public async Task Message_HandedInManyTimesAtOnce_IsOneMessageOfOneThread()
    {
        var (customer, id) = (Mailbox.Customer(), NewId());

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async n => await TakeAsync(new
        {
            externalId = n % 2 == 0 ? id : $"{id}-b", bodyText = n % 2 == 0 ? "Hoe laat komt de monteur?" : "En met hoeveel man?", businessEntity = "laderthuis", email = customer, senderName = "Een klant",
        })));

        var messages = answers.GroupBy(answer => answer.GetProperty("messageId").GetGuid()).ToList();
        Assert.Equal(2, messages.Count);
        // Of all who hand it in at once, one brought it.
        Assert.All(messages, same => Assert.Single(same, answer => !answer.GetProperty("duplicate").GetBoolean()));
        var thread = await host.Administrator.ReadAsync($"/api/threads/{answers.Select(answer => answer.GetProperty("threadId").GetGuid()).Distinct().Single()}");
        Assert.Equal(("portal", "open", "laderthuis", customer, 2), (
            thread.Text("channel"), thread.Text("status"), thread.Text("businessEntity"), thread.Text("customerAddress"), thread.GetProperty("messageCount").GetInt32()));
        Assert.True((await TakeAsync(new { externalId = id, bodyText = "Hoe laat komt de monteur?", businessEntity = "laderthuis", email = customer })).GetProperty("duplicate").GetBoolean());
        using var other = await host.Administrator.PostAsJsonAsync(Inbound, new { externalId = id, bodyText = "Iets anders", businessEntity = "laderthuis", email = customer });
        Assert.Equal("/problems/other-message", (await other.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
    }

    [Fact]
    public async Task Message_AboutAnOrder_GoesToTheOrdersThread_AndAStrangersBeginsAnother()
    {
        var order = await host.Administrator.ReadAsync($"/api/orders/{await Sample.CreateAsync(host, "order")}");
        var (number, contact) = (order.Text("orderNumber"), order.GetProperty("primaryContactId").GetGuid());

        var first = await TakeAsync(new { externalId = NewId(), bodyText = "Wanneer komen jullie?", orderNumber = number, contactId = contact });
        var second = await TakeAsync(new { externalId = NewId(), bodyText = "Nog een vraag", orderId = order.GetProperty("id").GetGuid(), contactId = contact });
        var stranger = await TakeAsync(new { externalId = NewId(), bodyText = "Ik ook", orderNumber = number, email = Mailbox.Customer() });
        var answer = await TakeAsync(new { externalId = NewId(), bodyText = "Op dit gesprek", threadId = first.GetProperty("threadId").GetGuid(), contactId = contact });

        var thread = await host.Administrator.ReadAsync($"/api/threads/{first.GetProperty("threadId").GetGuid()}");
        Assert.Equal(("order", order.GetProperty("id").GetGuid(), number, contact), (
            thread.Text("entityType"), thread.GetProperty("entityId").GetGuid(), thread.Text("subject"), thread.GetProperty("customerContactId").GetGuid()));
        Assert.Equal(first.GetProperty("threadId").GetGuid(), second.GetProperty("threadId").GetGuid());
        Assert.Equal(first.GetProperty("threadId").GetGuid(), answer.GetProperty("threadId").GetGuid());
        var doubted = await host.Administrator.ReadAsync($"/api/threads/{stranger.GetProperty("threadId").GetGuid()}");
        Assert.Equal((thread.GetProperty("id").GetGuid(), "foreign_reference"), (doubted.GetProperty("linkedThreadId").GetGuid(), doubted.GetProperty("flags")[0].GetString()));
    }

    [Fact]
    public async Task Message_ThatIsFaulty_IsRefusedByField()
    {
        var good = new Dictionary<string, object?> { ["externalId"] = NewId(), ["bodyText"] = "Hoi", ["businessEntity"] = "chargecars", ["email"] = Mailbox.Customer() };
        var mail = await Mailbox.OpenAsync(host);
        var (_, mailThread, _) = await mail.ReceiveAsync(mail.Mail(Mailbox.Customer(), Mailbox.NewId(), "Vraag", "Kan dat?"));

        foreach (var (field, value, named) in new (string, object?, string)[]
        {
            ("externalId", null, "externalId"), ("externalId", new string('x', 201), "externalId"), ("bodyText", "  ", "bodyText"), ("bodyText", new string('x', 100_001), "bodyText"),
            ("bodyText", "nul\0teken", "bodyText"), ("businessEntity", null, "businessEntity"), ("businessEntity", "nobody", "businessEntity"), ("email", null, "contactId"),
            ("email", "geen adres", "email"), ("contactId", Guid.NewGuid(), "contactId"), ("threadId", Guid.NewGuid(), "threadId"), ("threadId", mailThread, "threadId"),
            ("orderId", Guid.NewGuid(), "orderId"), ("orderNumber", "CC-ORD-0000-00000", "orderNumber"), ("sentAt", "0001-01-01T00:00:00Z", "sentAt"), ("surprise", 1, "surprise"),
        })
        {
            using var refused = await host.Administrator.PostAsJsonAsync(Inbound, new Dictionary<string, object?>(good) { [field] = value });
            Assert.Equal([named], await refused.FaultyFieldsAsync());
        }

        Assert.Equal(["messageId", "status"], await (await host.Administrator.PostAsJsonAsync(Status, new { })).FaultyFieldsAsync());
        Assert.Equal(["status"], await (await host.Administrator.PostAsJsonAsync(Status, new { messageId = Guid.NewGuid(), status = "failed" })).FaultyFieldsAsync());
    }

    [Fact]
    public async Task Key_OfOneName_ReachesThatNamesThreadsOnly()
    {
        var (customer, foreign) = (Mailbox.Customer(), Mailbox.Customer());
        var other = await TakeAsync(new { externalId = NewId(), bodyText = "Hoi", businessEntity = "chargecars", email = foreign });
        using var own = await host.WithKeyAsync(new { name = "portal", permissions = new[] { "messages.receive" }, businessEntities = new[] { "ratioshop" } });
        using var partner = await host.WithKeyAsync(new
        {
            name = "partner", permissions = new[] { "messages.receive" }, partnerOrganizationId = await Sample.CreateAsync(host, "organization"),
        });
        using var reader = await host.WithKeyAsync("threads.read");

        Assert.Equal(HttpStatusCode.OK, (await own.PostAsJsonAsync(Inbound, new { externalId = NewId(), bodyText = "Hoi", businessEntity = "ratioshop", email = customer })).StatusCode);
        Assert.Equal(["businessEntity"], await (await own.PostAsJsonAsync(Inbound, new { externalId = NewId(), bodyText = "Hoi", businessEntity = "chargecars", email = customer })).FaultyFieldsAsync());
        Assert.Equal(["threadId"], await (await own.PostAsJsonAsync(
            Inbound, new { externalId = NewId(), bodyText = "Hoi", threadId = other.GetProperty("threadId").GetGuid(), email = foreign })).FaultyFieldsAsync());
        await (await partner.PostAsJsonAsync(Inbound, new { externalId = NewId(), bodyText = "Hoi", businessEntity = "chargecars", email = customer })).ProblemAsync(HttpStatusCode.Forbidden);
        await (await reader.PostAsJsonAsync(Inbound, new { })).ProblemAsync(HttpStatusCode.Forbidden);
        await (await reader.PostAsJsonAsync(Status, new { })).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Status_OfOurAnswer_GoesOnAndNeverBack()
    {
        var customer = Mailbox.Customer();
        var taken = await TakeAsync(new { externalId = NewId(), bodyText = "Hoi", businessEntity = "zaptecshop", email = customer });
        var answer = await (await host.Administrator.PostAsJsonAsync($"/api/threads/{taken.GetProperty("threadId").GetGuid()}/messages", new { bodyText = "Om tien uur." })).JsonAsync(HttpStatusCode.Created);
        var (id, at) = (answer.GetProperty("id").GetGuid(), DateTimeOffset.UtcNow.AddSeconds(-1));
        await host.ExecuteAsync($"""
            UPDATE communication_message SET delivery = jsonb_set(delivery, ARRAY['send_at'], to_jsonb(now() - interval '1 second')) WHERE id = '{id}';
            UPDATE due_command SET due_at = now() - interval '1 second' WHERE dedupe_key = 'message-send:{id}' AND state = 'pending';
            """);
        await host.UntilAsync("communication_message", async () => (await host.Administrator.ReadAsync($"/api/messages/{id}")).Text("status") == "delivered");
        foreach (var status in new[] { "read", "delivered" })
        {
            using var told = await host.Administrator.PostAsJsonAsync(Status, new { messageId = id, status, at });
            Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        }

        Assert.Equal("read", (await host.Administrator.ReadAsync($"/api/messages/{id}")).Text("status"));
        await (await host.Administrator.PostAsJsonAsync(Status, new { messageId = taken.GetProperty("messageId").GetGuid(), status = "read" })).ProblemAsync(HttpStatusCode.NotFound);
    }

    private static string NewId() => $"portal-{Guid.NewGuid():n}";

    private async Task<JsonElement> TakeAsync(object body)
    {
        using var answer = await host.Administrator.PostAsJsonAsync(Inbound, body);
        return await answer.JsonAsync();
    }
}
