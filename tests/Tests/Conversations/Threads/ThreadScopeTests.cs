using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Conversations.Threads;

/// <summary>Whose threads and messages a caller sees, over every route, and what may be done with them.</summary>
[Collection(HostCollection.Name)]
public sealed class ThreadScopeTests(RunningHost host)
{
    private static readonly string[] All = ["threads.read", "threads.write"];

    [Fact]
    public async Task Thread_OutsideOfTheScope_IsNotThereOnAnyRoute()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host, "zaptecshop"), Mailbox.Customer());
        var (message, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var own = await host.WithKeyAsync(new { name = "own", permissions = All, businessEntities = new[] { "zaptecshop" } });
        var strangers = new[]
        {
            await host.WithKeyAsync(new { name = "foreign", permissions = All, businessEntities = new[] { "ratioshop" } }),
            await host.WithKeyAsync(new { name = "partner", permissions = All, partnerOrganizationId = await ChargeCars.Tests.Platform.Entities.Sample.CreateAsync(host, "organization") }),
            await host.WithKeyAsync(new { name = "van", permissions = All, vehicleIds = new[] { await host.CreateVehicleAsync() } }),
        };

        foreach (var stranger in strangers)
        {
            foreach (var path in new[] { $"threads/{thread}", $"threads/{thread}/messages", $"threads/{thread}/waiting", $"threads/{thread}/presence", $"threads/{thread}/read", $"messages/{message}", $"messages/{message}/raw", $"messages/{message}/attachments/0" })
            {
                await (await stranger.GetAsync($"/api/{path}")).ProblemAsync(HttpStatusCode.NotFound);
            }

            foreach (var (path, body) in new (string, object)[]
            {
                ($"threads/{thread}/messages", new { bodyText = "Van mij." }), ($"threads/{thread}/actions/assign", new { }), ($"threads/{thread}/actions/resolve", new { }),
                ($"threads/{thread}/actions/read", new { }), ($"threads/{thread}/actions/move", new { messageId = message, toThreadId = thread }),
                ($"messages/{message}/actions/send", new { }), ($"messages/{message}/actions/retry", new { }),
            })
            {
                using var refused = await stranger.PostAsJsonAsync($"/api/{path}", body);
                Assert.True(refused.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {refused.StatusCode}");
            }

            await (await stranger.PutAsJsonAsync($"/api/threads/{thread}/presence", new { state = "reading" })).ProblemAsync(HttpStatusCode.NotFound);
            Assert.DoesNotContain((await stranger.ReadAsync("/api/threads?limit=500")).GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetGuid() == thread);
        }

        Assert.Equal(thread, (await own.ReadAsync($"/api/threads/{thread}")).GetProperty("id").GetGuid());
        await (await own.PostAsJsonAsync("/api/messages/inbound/email", new { })).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(1, (await box.ThreadAsync(thread)).GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task Note_IsSeenByColleaguesAndByNoPartner_AndHasNothingByWhichItCouldLeave()
    {
        var (box, organization) = (await Mailbox.OpenAsync(host), await ChargeCars.Tests.Platform.Entities.Sample.CreateAsync(host, "organization"));
        var customer = Mailbox.Customer();
        await host.ExecuteAsync($"INSERT INTO contact (id, organization_id, first_name, last_name, email) VALUES ('{Guid.CreateVersion7()}', '{organization}', 'Van', 'Partner', '{customer}')");
        var (message, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var note = (await box.WriteAsync(thread, new { bodyText = "Lastige klant", isNote = true })).GetProperty("id").GetGuid();
        var partner = await host.WithKeyAsync(new { name = "partner", permissions = All, partnerOrganizationId = organization });

        Assert.Equal(message, Assert.Single((await partner.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        await (await partner.GetAsync($"/api/messages/{note}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await partner.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "x" })).ProblemAsync(HttpStatusCode.Forbidden);
        var seen = await host.Administrator.ReadAsync($"/api/messages/{note}");
        Assert.Equal(("note", JsonValueKind.Null, JsonValueKind.Null), (seen.Text("nature"), seen.GetProperty("direction").ValueKind, seen.GetProperty("status").ValueKind));
        foreach (var action in new[] { "send", "retry", "cancel", "confirm" })
        {
            await (await host.Administrator.PostAsync($"/api/messages/{note}/actions/{action}", null)).ProblemAsync(HttpStatusCode.Conflict);
            await (await host.Administrator.PostAsync($"/api/messages/{message}/actions/{action}", null)).ProblemAsync(HttpStatusCode.Conflict);
        }

        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE command::text LIKE '%{note}%' OR command::text LIKE '%{message}%'"));
        var broken = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => host.ExecuteAsync($"UPDATE communication_message SET status = 'queued', direction = 'outbound' WHERE id = '{note}'"));
        Assert.Equal("ck_communication_message_note", broken.ConstraintName);
        Assert.Equal(["recipientEmails"], await (await host.Administrator.PostAsJsonAsync(
            $"/api/threads/{thread}/messages", new { bodyText = "x", isNote = true, recipientEmails = new[] { customer } })).FaultyFieldsAsync());
    }

    [Fact]
    public async Task Draft_IsItsAuthorsAlone()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        using var author = await host.WithKeyAsync(All);
        var draft = (await (await author.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Nog niet af", isDraft = true })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        await (await host.Administrator.GetAsync($"/api/messages/{draft}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await host.Administrator.PutAsJsonAsync($"/api/messages/{draft}", new { bodyText = "Van mij" })).ProblemAsync(HttpStatusCode.NotFound);
        await (await host.Administrator.DeleteAsync($"/api/messages/{draft}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Single((await host.Administrator.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items").EnumerateArray());
        Assert.Equal(2, (await author.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await box.ThreadAsync(thread)).GetProperty("messageCount").GetInt32());
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{thread}' AND data::text LIKE '%{draft}%'"));
        Assert.Equal(HttpStatusCode.NoContent, (await author.DeleteAsync($"/api/messages/{draft}")).StatusCode);
    }

    [Fact]
    public async Task Message_ThatIsMoved_LeavesAMarkAndGetsAPlaceThere()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (message, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var (_, other, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Heel iets anders", "Iets anders"));

        using (var moved = await host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/actions/move", new { messageId = message, toThreadId = other, reason = "hoort daar" }))
        {
            Assert.Equal(0, (await moved.JsonAsync()).GetProperty("messageCount").GetInt32());
        }

        await host.UntilAsync("communication_thread", async () => (await box.ThreadAsync(other)).GetProperty("messageCount").GetInt32() >= 2);
        Assert.Equal((2, other), (await host.Administrator.ReadAsync($"/api/messages/{message}")) is var seen ? (seen.GetProperty("position").GetInt32(), seen.GetProperty("threadId").GetGuid()) : default);
        var mark = Assert.Single((await host.Administrator.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items").EnumerateArray());
        Assert.Equal(("moved", 1, other), (mark.Text("nature"), mark.GetProperty("position").GetInt32(), mark.GetProperty("movedThreadId").GetGuid()));
    }

    [Fact]
    public async Task Presence_IsToldToOthersWhenItChanges_AndReadingIsEachOnesOwn()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        using var bo = await host.WithKeyAsync("threads.read");

        foreach (var state in new[] { "reading", "reading", "answering", "none", "none" })
        {
            await (await bo.PutAsJsonAsync($"/api/threads/{thread}/presence", new { state })).JsonAsync();
            Assert.Equal(state == "none" ? 0 : 1, (await host.Administrator.ReadAsync($"/api/threads/{thread}/presence")).GetProperty("items").GetArrayLength());
        }

        Assert.Equal(3L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{thread}' AND type = 'thread.presence_changed'"));
        Assert.Equal(["state"], await (await bo.PutAsJsonAsync($"/api/threads/{thread}/presence", new { state = "asleep" })).FaultyFieldsAsync());
        Assert.Equal(1, (await bo.ReadAsync($"/api/threads/{thread}/read")).GetProperty("unread").GetInt32());
        await (await bo.PostAsync($"/api/threads/{thread}/actions/read", null)).JsonAsync();
        Assert.Equal(0, (await bo.ReadAsync($"/api/threads/{thread}/read")).GetProperty("unread").GetInt32());
        Assert.Equal(1, (await host.Administrator.ReadAsync($"/api/threads/{thread}/read")).GetProperty("unread").GetInt32());
        Assert.Equal(["position"], await (await bo.PostAsJsonAsync($"/api/threads/{thread}/actions/read", new { position = 7 })).FaultyFieldsAsync());
    }
}
