using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChargeCars.Conversations.Threads;
using ChargeCars.Relations.Contacts;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Conversations.Providers;

/// <summary>A host that knows Meta's and Twilio's secrets.</summary>
public sealed class ProviderHost : IAsyncLifetime
{
    public const string Secret = "the secret of an app of Meta's";
    public const string Token = "an auth token of Twilio's";

    public RunningHost Host { get; } = new()
    {
        Configuration =
        [
            $"--ChargeCars:Messages:WhatsappSecrets=an older one of the app,{Secret}", "--ChargeCars:Messages:WhatsappVerifyTokens=a word that Meta repeats",
            $"--ChargeCars:Messages:TwilioAuthTokens={Token}", "--ChargeCars:Messages:PublicAddress=https://ops.example.nl",
        ],
    };

    public Task InitializeAsync() => Host.InitializeAsync();

    public Task DisposeAsync() => Host.DisposeAsync();
}

/// <summary>Meta's and Twilio's webhooks over HTTP: their signature, what comes of them, and what is reported of ours.</summary>
public sealed class ProviderHookTests(ProviderHost providers) : IClassFixture<ProviderHost>
{
    private const string Whatsapp = "/api/messages/inbound/whatsapp";
    private readonly RunningHost _host = providers.Host;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task Verification_IsAnsweredForATokenThatIsConfigured()
    {
        using var anybody = _host.Anonymous();
        const string Query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token";

        Assert.Equal("1158201444", await anybody.GetStringAsync($"{Whatsapp}?{Query}=a+word+that+Meta+repeats"));
        await (await anybody.GetAsync($"{Whatsapp}?{Query}=another")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await anybody.GetAsync(Whatsapp)).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Whatsapp_WithoutASoundSignatureOrEnvelope_IsRefusedAndNotKept()
    {
        var (account, id) = (await AccountAsync("whatsapp"), NewId());
        var body = Message(account, id, "31612345678", "Hoi");

        await (await SendAsync(body, null)).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await SendAsync(body, Sign(body, "another secret altogether"))).ProblemAsync(HttpStatusCode.Unauthorized);
        // Over a body that was read and written again.
        var again = Encoding.UTF8.GetBytes(System.Text.Json.Nodes.JsonNode.Parse(body)!.ToJsonString(Indented));
        await (await SendAsync(again, Sign(body))).ProblemAsync(HttpStatusCode.Unauthorized);
        var empty = "{}"u8.ToArray();
        await (await SendAsync(empty, Sign(empty))).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Equal(0L, await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}'"));
    }

    [Fact]
    public async Task Whatsapp_DeliveredManyTimesAtOnce_IsOneMessageOfOneThread()
    {
        var (account, from, first) = (await AccountAsync("whatsapp"), Number(), NewId());
        var bodies = new[] { Message(account, first, from, "Hoi"), Message(account, NewId(), from, "Hoe laat komt de monteur?"), Message(account, NewId(), from, "?") };

        await Task.WhenAll(Enumerable.Range(0, 24).Select(async n => Assert.Equal(HttpStatusCode.OK, (await SendAsync(bodies[n % 3], Sign(bodies[n % 3]))).StatusCode)));

        var thread = await UntilAsync(from, 3);
        Assert.Equal(("whatsapp", "open", $"+{from}"), (thread.Text("channel"), thread.Text("status"), thread.Text("customerAddress")));
        Assert.Equal(1L, await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_thread WHERE customer_address = '+{from}'"));
        Assert.Equal(3L, await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE counterpart_key = '+{from}'"));
    }

    [Fact]
    public async Task Status_BeforeItsMessageIsKnown_IsKeptAndAppliedWhenItComes_AndNeverGoesBack()
    {
        var (account, from) = (await AccountAsync("whatsapp"), Number());
        var hello = Message(account, NewId(), from, "Hoi");
        await SendAsync(hello, Sign(hello));
        var thread = (await UntilAsync(from, 1)).GetProperty("id").GetGuid();
        var answer = await (await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Om tien uur." })).JsonAsync(HttpStatusCode.Created);
        var (id, provider) = (answer.GetProperty("id").GetGuid(), NewId());
        // Meta reports before our row has its id, and the later state first.
        foreach (var (status, at) in new[] { ("read", 30), ("sent", 10), ("delivered", 20) })
        {
            var report = Status(account, provider, from, status, at);
            await SendAsync(report, Sign(report));
        }

        await _host.UntilAsync("delivery_report", async () => await _host.ScalarAsync<long>($"SELECT count(*) FROM delivery_report WHERE external_message_id = '{provider}'") == 3);
        await _host.ExecuteAsync($"UPDATE communication_message SET external_message_id = '{provider}' WHERE id = '{id}'");
        await LapseAsync(id);
        await _host.UntilAsync("communication_message", async () =>
            await _host.Administrator.ReadAsync($"/api/messages/{id}") is var seen && seen.Text("status") == "read" && seen.GetProperty("deliveredAt").ValueKind != JsonValueKind.Null);
        var late = Status(account, provider, from, "delivered", 40);
        await SendAsync(late, Sign(late));
        Assert.Equal("read", (await _host.Administrator.ReadAsync($"/api/messages/{id}")).Text("status"));
    }

    [Fact]
    public async Task FreeText_OutsideOfTheWindow_IsRefusedBeforeItIsSent()
    {
        await AccountAsync("whatsapp", "laderthuis");
        var thread = (await (await _host.Administrator.PostAsJsonAsync("/api/threads", new
        {
            entityType = "support_ticket", channel = "whatsapp", businessEntity = "laderthuis", customerAddress = $"+{Number()}",
        })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        using var refused = await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Hoi" });

        Assert.Equal("/problems/window-closed", (await refused.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));

        // What WhatsApp approved is taken, as long as it is said as it was approved.
        async Task<HttpResponseMessage> MakeAsync(string name, object more)
        {
            var template = JsonSerializer.SerializeToNode(more)!.AsObject();
            template["businessEntity"] = "laderthuis";
            template["language"] = "nl";
            template["name"] = $"{name} {Guid.NewGuid():n}";
            template["body"] = "Dag, u spreekt met {{ company.name }}.";
            return await _host.Administrator.PostAsJsonAsync("/api/message-templates", template);
        }

        async Task<HttpResponseMessage> WriteAsync(HttpResponseMessage made, bool isDraft = false) => await _host.Administrator.PostAsJsonAsync(
            $"/api/threads/{thread}/messages", new { templateId = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(), isDraft });

        Assert.Equal(["providerName"], await (await MakeAsync("sms", new { channel = "sms", providerName = "afspraak", providerLanguage = "nl" })).FaultyFieldsAsync());
        Assert.Equal(
            ["providerLanguage", "providerName"], (await (await MakeAsync("odd", new { channel = "whatsapp", providerName = "Een Naam", providerLanguage = "Dutch" })).FaultyFieldsAsync()).Order());
        Assert.Equal(["providerLanguage"], await (await MakeAsync("half", new { channel = "whatsapp", providerName = "afspraak" })).FaultyFieldsAsync());
        await (await WriteAsync(await MakeAsync("ours", new { channel = "whatsapp" }))).ProblemAsync(HttpStatusCode.Conflict);

        var approved = new { channel = "whatsapp", providerName = "afspraak", providerLanguage = "nl" };
        var sent = (await (await WriteAsync(await MakeAsync("approved", approved))).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await LapseAsync(sent);
        await _host.UntilAsync("communication_message", async () => (await _host.Administrator.ReadAsync($"/api/messages/{sent}")).Text("status") == "sent");
        var draft = (await (await WriteAsync(await MakeAsync("changed", approved), isDraft: true)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        (await _host.Administrator.PutAsJsonAsync($"/api/messages/{draft}", new { bodyText = "Iets heel anders" })).EnsureSuccessStatusCode();
        await (await _host.Administrator.PostAsJsonAsync($"/api/messages/{draft}/actions/send", new { anyway = true })).ProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Sms_WithTwiliosSignature_IsTaken_AndStopEndsWhatLeaves()
    {
        var (account, from) = (await AccountAsync("sms", "meterkastthuis"), $"+{Number()}");

        await (await TwilioAsync(account, from, "Hoi", NewId(), "a wrong token of Twilio's")).ProblemAsync(HttpStatusCode.Unauthorized);
        using (var taken = await TwilioAsync(account, from, "Hoi, hoe laat komt de monteur? €", NewId()))
        {
            Assert.Equal((HttpStatusCode.OK, "text/xml", "<Response/>"), (taken.StatusCode, taken.Content.Headers.ContentType!.MediaType, await taken.Content.ReadAsStringAsync()));
        }

        var thread = (await UntilAsync(from[1..], 1)).GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.Created, (await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Om tien uur." })).StatusCode);
        await TwilioAsync(account, from, "STOP", NewId());
        await UntilAsync(from[1..], 2);
        using var refused = await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Toch nog iets.", anyway = true });
        Assert.Equal("/problems/opted-out", (await refused.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
    }

    [Fact]
    public async Task Stop_AfterAMessageWasQueuedForLater_FailsItWhenItIsDue_AndAnOlderStartChangesNothing()
    {
        var (account, from) = (await AccountAsync("whatsapp"), Number());
        async Task SayAsync(string id, string text, int secondsAgo, int messages)
        {
            var body = Message(account, id, from, text, secondsAgo);
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(body, Sign(body))).StatusCode);
            await _host.UntilAsync("inbound_message", async () =>
                await _host.ScalarAsync<long>($"SELECT count(*) FROM inbound_message WHERE worked_at IS NULL AND convert_from(body, 'UTF8') LIKE '%{from}%'") == 0);
            await UntilAsync(from, messages);
        }

        Task<long> WantNoneAsync() => _host.ScalarAsync<long>($"SELECT count(*) FROM communication_opt_out WHERE address = '+{from}' AND ended_at IS NULL");
        var start = NewId();
        await SayAsync(start, "START", 300, 1);
        var thread = (await UntilAsync(from, 1)).GetProperty("id").GetGuid();
        using var written = await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Tot morgen.", sendAt = DateTimeOffset.UtcNow.AddHours(1) });
        var later = (await written.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        await SayAsync(NewId(), "STOP", 60, 2);
        Assert.Equal(1L, await WantNoneAsync());
        // The same event in another envelope, and a word that was said before the last one.
        await SayAsync(start, "START", 200, 2);
        await SayAsync(NewId(), "START", 120, 3);
        Assert.Equal(1L, await WantNoneAsync());
        await LapseAsync(later);
        await _host.UntilAsync("communication_message", async () =>
            await _host.Administrator.ReadAsync($"/api/messages/{later}") is var seen && seen.Text("status") == "failed" && seen.Text("errorCode") == "opted_out");

        await SayAsync(NewId(), "START", 0, 5);
        Assert.Equal(0L, await WantNoneAsync());
        // What was said before that, and comes late.
        await SayAsync(NewId(), "STOP", 30, 6);
        Assert.Equal(0L, await WantNoneAsync());
    }

    /// <summary>The thread was begun by a person, who named neither our account nor the number.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_ToATextInAThreadOfOurs_ComesToThatThread(bool byContact)
    {
        var (account, from) = (await OldestAccountAsync(), $"+{Number()}");
        var contact = Guid.CreateVersion7();
        await _host.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email, contact_type) VALUES ('{contact}', 'Voornaam', 'Achternaam', '{contact:n}@example.nl', 'customer');
            INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{Guid.CreateVersion7()}', '{contact}', '{from}');
            """);
        object made = byContact
            ? new { entityType = "support_ticket", channel = "sms", businessEntity = "zaptecshop", customerContactId = contact }
            : new { entityType = "support_ticket", channel = "sms", businessEntity = "zaptecshop", customerAddress = from };
        var thread = (await (await _host.Administrator.PostAsJsonAsync("/api/threads", made)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var written = await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Schikt tien uur?" });
        await written.JsonAsync(HttpStatusCode.Created);

        await TwilioAsync(account, from, "Ja hoor", NewId());

        Assert.Equal(thread, (await UntilAsync(from[1..], 1)).GetProperty("id").GetGuid());
        Assert.Equal(1L, await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_thread WHERE customer_address = '{from}'"));
    }

    // That through which the name speaks.
    private async Task<string> OldestAccountAsync()
    {
        await AccountAsync("sms", "zaptecshop");
        return await _host.ScalarAsync<string>("""
            SELECT c.address FROM communication_channel c JOIN business_entity named ON named.id = c.business_entity_id
            WHERE c.channel = 'sms' AND named.entity_code = 'zaptecshop' ORDER BY c.created_at, c.id LIMIT 1
            """);
    }

    /// <summary>No look-up leads to their thread any more, and its id is taken.</summary>
    [Theory]
    [InlineData("address")]
    [InlineData("erasure")]
    [InlineData("retention")]
    public async Task Number_WhoseThreadForgotIt_IsTakenInToAnotherThread(string why)
    {
        var (account, from) = (await AccountAsync("sms", "ratioshop"), $"+{Number()}");
        await TwilioAsync(account, from, "Hoi", NewId());
        var former = (await UntilAsync(from[1..], 1)).GetProperty("id").GetGuid();

        switch (why)
        {
            case "address":
                var version = (await _host.Administrator.ReadAsync($"/api/threads/{former}")).GetProperty("version").GetInt64();
                (await _host.Administrator.MergePatchAsync($"/api/threads/{former}", $"{version}", $$"""{"customerAddress":"+{{Number()}}"}""")).EnsureSuccessStatusCode();
                break;
            case "erasure":
                var contact = Guid.CreateVersion7();
                await _host.ExecuteAsync($"""
                    INSERT INTO contact (id, first_name, last_name, email, contact_type) VALUES ('{contact}', 'Voornaam', 'Achternaam', '{contact:n}@example.nl', 'customer');
                    INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{Guid.CreateVersion7()}', '{contact}', '{from}');
                    """);
                (await _host.Administrator.PostAsync($"/api/contacts/{contact}/actions/erase", null)).EnsureSuccessStatusCode();
                await _host.UntilDueAsync($"target_id = '{contact}' AND kind = 'contact.erase-traces' AND state <> 'done'", count => count == 0);
                break;
            default:
                (await _host.Administrator.PostAsync($"/api/threads/{former}/actions/resolve", null)).EnsureSuccessStatusCode();
                await new MessageRetention(
                    _host.Services.GetRequiredService<NpgsqlDataSource>(), _host.Services.GetRequiredService<ThreadEraser>(),
                    Options.Create(new MessageRetentionOptions { KeepMessagesOf = { ["ratioshop"] = TimeSpan.FromDays(40) } }),
                    new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(41))).DeleteExpiredAsync(CancellationToken.None);
                break;
        }

        Assert.Equal(0L, await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_thread WHERE customer_address = '{from}'"));
        await TwilioAsync(account, from, "Nog een vraag", NewId());
        var thread = (await UntilAsync(from[1..], 1)).GetProperty("id").GetGuid();
        Assert.NotEqual(former, thread);
        // From there on it is found by its number.
        await TwilioAsync(account, from, "En nog een", NewId());
        Assert.Equal(thread, (await UntilAsync(from[1..], 2)).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Status_OnItsOwnAddress_IsTakenFromMetaAndFromTwilio()
    {
        const string Address = "/api/messages/status/whatsapp";
        var (account, id, from) = (await AccountAsync("whatsapp"), NewId(), Number());
        var body = Status(account, id, from, "delivered", 1);
        using var anybody = _host.Anonymous();

        await (await anybody.PostAsync(Address, new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } })).ProblemAsync(HttpStatusCode.Unauthorized);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add("X-Hub-Signature-256", Sign(body));
        Assert.Equal(HttpStatusCode.OK, (await anybody.SendAsync(request)).StatusCode);
        await UntilKeptAsync(id, "whatsapp");

        var sid = NewId();
        SortedDictionary<string, string> form = new(StringComparer.Ordinal)
        {
            ["MessageSid"] = sid, ["MessageStatus"] = "delivered", ["From"] = "whatsapp:+3197010240001", ["To"] = $"whatsapp:+{from}",
        };
        Assert.Equal(HttpStatusCode.OK, (await SignedAsync(Address, form, ProviderHost.Token)).StatusCode);
        await UntilKeptAsync(sid, "whatsapp");
    }

    [Fact]
    public async Task Status_OfAMail_IsAppliedByOurMessageId_AndAComplaintEndsWhatLeaves()
    {
        const string Address = "/api/messages/status/email";
        var (box, customer) = (await Mailbox.OpenAsync(_host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var sent = (await box.WriteAsync(thread, new { bodyText = "Ja, dat kan." })).GetProperty("id").GetGuid();
        await box.LapseAsync(sent);
        var external = (await box.UntilAsync(sent, "sent")).Text("externalMessageId");

        foreach (var type in new[] { "opened", "delivered", "complained" })
        {
            using var told = await _host.Administrator.PostAsJsonAsync($"{Address}?provider=mailgun", new Dictionary<string, object>
            {
                ["event-data"] = new { @event = type, timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), message = new { headers = new Dictionary<string, string> { ["message-id"] = external! } } },
            });
            Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        }

        await box.UntilAsync(sent, "read");
        await _host.UntilAsync("communication_opt_out", async () =>
            await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_opt_out WHERE channel_account_id = '{box.Id}' AND address = '{customer}'") > 0);
        using var refused = await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Nog iets.", anyway = true });
        Assert.Equal("/problems/opted-out", (await refused.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
        Assert.Equal(["provider"], await (await _host.Administrator.PostAsJsonAsync(Address, new { })).FaultyFieldsAsync());
        Assert.Equal(["event-data"], await (await _host.Administrator.PostAsJsonAsync($"{Address}?provider=mailgun", new { })).FaultyFieldsAsync());
        // A report of a mail that nobody knows is kept.
        using var unknown = await _host.Administrator.PostAsJsonAsync($"{Address}?provider=postmark", new Dictionary<string, object>
        {
            ["RecordType"] = "Delivery", ["MessageID"] = external + "x", ["DeliveredAt"] = DateTimeOffset.UtcNow,
        });
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        await UntilKeptAsync(external + "x", "email");
    }

    private Task UntilKeptAsync(string id, string channel) => _host.UntilAsync("delivery_report", async () =>
        await _host.ScalarAsync<long>($"SELECT count(*) FROM delivery_report WHERE external_message_id = '{id}' AND channel = '{channel}'") > 0);

    private Task LapseAsync(Guid message) => _host.ExecuteAsync($"""
        UPDATE communication_message SET delivery = jsonb_set(delivery, ARRAY['send_at'], to_jsonb(now() - interval '1 second')) WHERE id = '{message}';
        UPDATE due_command SET due_at = now() - interval '1 second' WHERE dedupe_key = 'message-send:{message}' AND state = 'pending';
        """);

    private static string NewId() => $"wamid.{Guid.NewGuid():n}";

    private static string Number() => $"316{Random.Shared.Next(10_000_000, 59_999_999)}";

    private static string Sign(byte[] body, string secret = ProviderHost.Secret) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    private static byte[] Message(string account, string id, string from, string text, int secondsAgo = 0) => Envelope(account, new
    {
        messages = new[] { new { from, id, timestamp = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() - secondsAgo}", type = "text", text = new { body = text } } },
        contacts = new[] { new { wa_id = from, profile = new { name = "Een klant" } } },
    });

    private static byte[] Status(string account, string id, string to, string status, int after) => Envelope(account, new
    {
        statuses = new[] { new { id, status, timestamp = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + after}", recipient_id = to } },
    });

    private static byte[] Envelope(string account, object value)
    {
        var inner = JsonSerializer.SerializeToNode(value)!.AsObject();
        inner["metadata"] = JsonSerializer.SerializeToNode(new { phone_number_id = account });
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            @object = "whatsapp_business_account", entry = new[] { new { id = "1", changes = new[] { new { field = "messages", value = inner } } } },
        });
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string? signature)
    {
        using var meta = _host.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, Whatsapp) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        if (signature is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", signature);
        }

        return await meta.SendAsync(request);
    }

    private Task<HttpResponseMessage> TwilioAsync(string to, string from, string text, string id, string token = ProviderHost.Token) => SignedAsync(
        "/api/messages/inbound/sms",
        new(StringComparer.Ordinal) { ["Body"] = text, ["From"] = from, ["MessageSid"] = id, ["NumMedia"] = "0", ["To"] = to }, token);

    private async Task<HttpResponseMessage> SignedAsync(string path, SortedDictionary<string, string> fields, string token)
    {
        var signed = $"https://ops.example.nl{path}{string.Concat(fields.Select(field => field.Key + field.Value))}";
#pragma warning disable CA5350 // Twilio signs so.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        using var twilio = _host.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("X-Twilio-Signature", signature);
        return await twilio.SendAsync(request);
    }

    private async Task<string> AccountAsync(string channel, string entity = "chargecars")
    {
        var address = channel == "sms" ? $"+3197010{Random.Shared.Next(100_000, 999_999)}" : $"10{Random.Shared.NextInt64(1_000_000_000_000, 9_999_999_999_999)}";
        await _host.ExecuteAsync($"""
            INSERT INTO communication_channel (id, business_entity_id, channel, name, address)
            SELECT '{Guid.CreateVersion7()}', id, '{channel}', 'Service', '{address}' FROM business_entity WHERE entity_code = '{entity}'
            """);
        return address;
    }

    private async Task<JsonElement> UntilAsync(string from, int messages)
    {
        await _host.UntilAsync("communication_thread", async () =>
            await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_thread WHERE customer_address = '+{from}' AND message_count >= {messages}") > 0);
        return await _host.Administrator.ReadAsync($"/api/threads/{await _host.ScalarAsync<Guid>($"SELECT id FROM communication_thread WHERE customer_address = '+{from}'")}");
    }
}
