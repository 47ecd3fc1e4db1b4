using System.Net;
using System.Net.Http.Json;
using ChargeCars.Files.Attachments;
using ChargeCars.Api.Files.Attachments;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Files;

/// <summary>Who reads whose files: what they belong to decides.</summary>
[Collection(HostCollection.Name)]
public sealed class AttachmentScopeTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    /// <summary>Every seeded role and some keys, over files of own and of foreign entities: what the entity's own list hides, hides its files.</summary>
    [Theory]
    [InlineData("admin")]
    [InlineData("manager")]
    [InlineData("planner")]
    [InlineData("technician")]
    [InlineData("partner")]
    [InlineData("viewer")]
    public async Task Files_OfEveryKind_AreSeenAsWhatTheyBelongTo(string role)
    {
        var van = await host.CreateVehicleAsync();
        using var person = await host.AsRoleAsync(role, van);
        var (order, visit) = (await Sample.CreateAsync(host, "order"), await Sample.CreateAsync(host, "visit"));
        var own = await Sample.CreateAsync(host, "visit");
        await host.ExecuteAsync($"UPDATE visit SET vehicle_id = '{van}' WHERE id = '{own}'");
        var call = await CallAsync();
        var owners = new List<(string Type, Guid Id, string List)>
        {
            ("order", order, "/api/orders"), ("visit", visit, "/api/visits"), ("visit", own, "/api/visits"), ("vehicle", van, "/api/vehicles"),
            ("vehicle", await host.CreateVehicleAsync(), "/api/vehicles"), ("call", call, "/api/calls"),
        };
        var (thread, draft) = (await Sample.CreateAsync(host, "communication_thread"), await Sample.CreateAsync(host, "communication_thread"));
        await host.ExecuteAsync($"UPDATE communication_thread SET entity_type = 'order', entity_id = (SELECT order_id FROM visit WHERE id = '{own}') WHERE id = '{thread}'");
        owners.Add(("communication_thread", thread, "/api/threads"));
        owners.Add(("communication_thread", draft, "/api/threads"));
        owners.Add(("communication_message", await WriteAsync(thread, new { bodyText = "Onder ons", isNote = true }), "/api/messages"));
        owners.Add(("communication_message", await WriteAsync(draft, new { bodyText = "Nog niet af", isDraft = true }), "/api/messages"));
        foreach (var kind in new[] { ("organization", "/api/organizations"), ("contact", "/api/contacts"), ("address", "/api/addresses"), ("product", "/api/products"), ("team", "/api/teams"), ("installed_charger", "/api/installed-chargers") })
        {
            owners.Add((kind.Item1, await Sample.CreateAsync(host, kind.Item1), kind.Item2));
        }

        var may = (await person.GetAsync("/api/attachments?limit=1")).StatusCode == HttpStatusCode.OK;
        Assert.Equal(role != "viewer", may);
        foreach (var (type, id, list) in owners)
        {
            var file = await Admin.AddFileAsync(type, id, [1, 2, 3]);
            var (address, seesOwner) = ($"/api/attachments/{file.GetProperty("id").GetGuid()}", (await person.GetAsync($"{list}/{id}")).StatusCode == HttpStatusCode.OK);

            using var one = await person.GetAsync(address);
            using var content = await person.GetAsync($"{address}/content");
            using var listed = await person.GetAsync($"/api/attachments?entityType={type}&entityId={id}");
            using var added = await person.SendFileAsync(type, id, [1]);
            using var link = await person.PostAsJsonAsync($"{address}/links", new { expiresAt = DateTimeOffset.UtcNow.AddHours(1) });
            using var begun = await person.BeginUploadAsync(type, id, 10);

            var expected = !may ? HttpStatusCode.Forbidden : seesOwner ? HttpStatusCode.OK : HttpStatusCode.NotFound;
            Assert.True(expected == one.StatusCode, $"{role} {type}: {one.StatusCode}, and the {type} itself {seesOwner}");
            Assert.Equal(expected, content.StatusCode);
            Assert.Equal(seesOwner && may ? 1 : 0, may ? (await listed.JsonAsync()).GetProperty("items").GetArrayLength() : 0);
            Assert.Equal(expected == HttpStatusCode.OK ? HttpStatusCode.Created : expected, link.StatusCode);
            var writes = role is "admin" or "manager" or "planner" or "technician";
            var sent = !writes ? HttpStatusCode.Forbidden : !seesOwner ? HttpStatusCode.BadRequest : role == "technician" && type is ("product" or "communication_thread" or "communication_message") ? HttpStatusCode.Forbidden : HttpStatusCode.Created;
            Assert.True(sent == added.StatusCode, $"{role} {type}: sent {added.StatusCode}");
            Assert.Equal(sent, begun.StatusCode);
            if (!seesOwner && may)
            {
                // Told as what there is not.
                using var nobodys = await person.GetAsync($"/api/attachments/{Guid.Empty}");
                Assert.Equal(
                    (await nobodys.ProblemAsync(HttpStatusCode.NotFound)).GetProperty("detail").GetString()!.Replace($"{Guid.Empty}", "", StringComparison.Ordinal),
                    (await one.ProblemAsync(HttpStatusCode.NotFound)).GetProperty("detail").GetString()!.Replace($"{file.GetProperty("id").GetGuid()}", "", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Link_ReadsItsFileUntilItsTime_AndNoOther()
    {
        using var stranger = host.Anonymous();
        var order = await Sample.CreateAsync(host, "order");
        var (file, other) = (await Admin.AddFileAsync("order", order, [1, 2, 3]), await Admin.AddFileAsync("order", order, [4, 5, 6]));
        var address = $"/api/attachments/{file.GetProperty("id").GetGuid()}";

        using var made = await Admin.PostAsJsonAsync($"{address}/links", new { expiresAt = DateTimeOffset.UtcNow.AddHours(1) });
        var url = new Uri(host.Url, (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("url").GetString()!);

        Assert.Equal([1, 2, 3], await stranger.GetByteArrayAsync(url));
        using var range = await stranger.SendAsync(new(HttpMethod.Get, url) { Headers = { Range = new(1, 1) } });
        Assert.Equal([2], await range.Content.ReadAsByteArrayAsync());
        foreach (var wrong in new[]
        {
            other.GetProperty("fileUrl").GetString() + url.Query, url.PathAndQuery[..^4] + "AAAA", $"{url.AbsolutePath}?link=", $"{url.AbsolutePath}?link=%00", $"{url.AbsolutePath}?link={new string('A', 5000)}",
            $"/api/attachments/{Guid.NewGuid()}/content{url.Query}",
        })
        {
            using var refused = await stranger.GetAsync(wrong);
            Assert.Contains(refused.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.BadRequest });
        }

        // A link opens the file and nothing else of it.
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync($"{address}{url.Query}")).StatusCode);
        Assert.Contains("until", (await Admin.ReadAsync($"/api/audit?recordId={file.GetProperty("id").GetGuid()}")).GetRawText(), StringComparison.Ordinal);
        await Admin.DeleteAsync(address, "1");
        await (await stranger.GetAsync(url)).ProblemAsync(HttpStatusCode.Forbidden);
    }

    /// <summary>A Host that was sent along would make a link that leads to whoever sent it.</summary>
    [Fact]
    public async Task Link_AskedForWithAForgedHost_LeadsToThisHost()
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), [1, 2, 3]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/attachments/{file.GetProperty("id").GetGuid()}/links")
        {
            Content = JsonContent.Create(new { expiresAt = DateTimeOffset.UtcNow.AddHours(1) }),
            Headers = { Host = "evil.example" },
        };

        using var made = await Admin.SendAsync(request);

        var link = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("url").GetString();
        Assert.StartsWith("/api/attachments/", link, StringComparison.Ordinal);
        Assert.Equal(link, made.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Link_WithoutATime_SaysWhatIsMissing()
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), [1, 2, 3]);
        using var answer = await Admin.PostAsJsonAsync($"/api/attachments/{file.GetProperty("id").GetGuid()}/links", new { });

        var errors = (await answer.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors");

        Assert.StartsWith("is required", errors.GetProperty("expiresAt")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_AfterItsTime_IsOver()
    {
        using var stranger = host.Anonymous();
        var made = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), [1, 2, 3]);
        var file = new Attachment { Id = made.GetProperty("id").GetGuid(), FileUrl = made.GetProperty("fileUrl").GetString()! };
        var yesterday = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-1));
        var links = new AttachmentLinks(
            host.Services.GetRequiredService<MasterKey>(), host.Services.GetRequiredService<GroupCommit>(), host.Services.GetRequiredService<IOptions<AttachmentOptions>>(), yesterday);

        using var over = await stranger.GetAsync(links.Make(file, yesterday.GetUtcNow().AddHours(23)).Value!.Url);
        var holds = await stranger.GetByteArrayAsync(links.Make(file, yesterday.GetUtcNow().AddHours(25)).Value!.Url);
        using var past = await Admin.PostAsJsonAsync($"/api/attachments/{file.Id}/links", new { expiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) });
        using var far = await Admin.PostAsJsonAsync($"/api/attachments/{file.Id}/links", new { expiresAt = DateTimeOffset.UtcNow.AddDays(32) });

        await over.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal([1, 2, 3], holds);
        Assert.Equal(["expiresAt"], await past.FaultyFieldsAsync());
        Assert.Equal(["expiresAt"], await far.FaultyFieldsAsync());
    }

    private async Task<Guid> WriteAsync(Guid thread, object message) =>
        (await (await Admin.PostAsJsonAsync($"/api/threads/{thread}/messages", message)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private async Task<Guid> CallAsync()
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"INSERT INTO call (id, call_id, status) VALUES ('{id}', '{id}', 'completed')");
        return id;
    }
}
