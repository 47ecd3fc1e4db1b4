using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using ChargeCars.Relations.Contacts;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Missed;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Relations;

/// <summary>All that there is of a person as a file, and its erasure: what they said goes, that they were there stays.</summary>
[Collection(HostCollection.Name)]
public sealed class ContactErasureTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Person_WhoIsErased_LeavesCountsAndTheAudit_AndNoWordOfTheirs()
    {
        var person = await PersonAsync();
        var (box, word) = (await Mailbox.OpenAsync(host), NewWord());
        var mail = box.Mail(person.Email, Mailbox.NewId(), $"Vraag {word}", $"Mijn {word} doet het niet.");
        var (message, thread, _) = await box.ReceiveAsync(mail);
        await box.WriteAsync(thread, new { bodyText = $"Deze {word} kennen we.", isNote = true });
        await box.WriteAsync(thread, new { bodyText = $"Uw {word} wordt gemaakt.", sendAt = DateTimeOffset.UtcNow.AddHours(1) });
        var call = await CallAsync(person.Number, word);
        await TextAsync(call, word);
        var file = await FileAsync(person.Id, word);
        await AlertAsync(AlertType.CallMissed, "call_back", CallBackKind.IdOf(person.Number), person.Number);
        await AlertAsync(AlertType.MessageFailed, "communication_thread", thread, $"Vraag {word}");
        await NotificationsAsync(person.Id, person.Email, person.Number, word);
        await ReceivedAsync(person.Email, person.Number, word);
        // In a thread of somebody else's, what they wrote goes too, and nothing beside it.
        var (elsewhere, foreign) = await ElsewhereAsync(box, person.Email, word);

        Assert.Equal(4, (await SearchedAsync(word)).Count(type => type == "communication_message"));
        var sums = await SumsAsync(thread, call);
        using (var erased = await Admin.PostAsJsonAsync($"/api/contacts/{person.Id}/actions/erase", new { reason = "verzoek 12" }))
        {
            Assert.Equal("Erased", (await erased.JsonAsync()).Text("firstName"));
        }

        await DoneAsync(person.Id);
        await host.UntilDueAsync($"target_id = '{call}' AND kind = 'call.forget-texts' AND state <> 'done'", count => count == 0);
        Assert.Empty(await SearchedAsync(word));
        Assert.Equal(sums, await SumsAsync(thread, call));
        foreach (var text in new[] { word, person.Email, person.Number })
        {
            foreach (var table in new[] { "contact", "phone_number", "communication_thread", "communication_message", "inbound_message", "delivery_report", "call", "call_text", "call_back", "attachment", "aircall_event", "search_entry", "communication_opt_out", "alert", "notification" })
            {
                var left = await host.ScalarAsync<long>($"SELECT count(*) FROM {table} t WHERE (t::text LIKE '%{text}%' OR t::text LIKE '%' || encode(convert_to('{text.TrimStart('+')}', 'UTF8'), 'hex') || '%') AND t::text NOT LIKE '%{foreign}%'");
                Assert.True(left == 0, $"{text} is in {table} still");
            }
        }

        Assert.Equal("cancelled,sent", await host.ScalarAsync<string>(
            $"SELECT string_agg(status, ',' ORDER BY status) FROM notification WHERE (recipient_contact_id = '{person.Id}' OR entity_id = '{person.Id}') AND recipient = '' AND next_attempt_at IS NULL"));
        Assert.Equal(2L, await host.ScalarAsync<long>($"SELECT count(*) FROM inbound_message WHERE message_id IN ('{message}', '{elsewhere}') AND body = ''"));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{person.Id}' AND change_summary = 'Erased: verzoek 12'"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE kind = 'message.dispatch' AND target_id = '{thread}' AND state = 'pending'"));
        await (await Admin.GetAsync($"/api/attachments/{file}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await Admin.GetAsync($"/api/messages/{message}/raw")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.NotNull((await Admin.ReadAsync($"/api/messages/{foreign}")).Text("bodyText"));

        // What comes again does not come back.
        Assert.Equal((message, thread, true), await box.ReceiveAsync(mail));
        Assert.Null((await Admin.ReadAsync($"/api/messages/{message}")).Text("bodyText"));
        await EventAsync("call.commented", await host.ScalarAsync<string>($"SELECT call_id FROM call WHERE id = '{call}'"), person.Number, word);
        await SummaryAsync(call, word);
        await InsightAsync("action_item.created", await host.ScalarAsync<string>($"SELECT call_id FROM call WHERE id = '{call}'"), word);
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM call_text WHERE call_row = '{call}'"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM aircall_event e JOIN call c ON c.call_id = e.call_id WHERE c.id = '{call}'"));
        Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/calls/{call}")).GetProperty("callerNumber").ValueKind);
    }

    [Fact]
    public async Task Export_HasAllThatThereIs_AndNothingOfOurs()
    {
        var person = await PersonAsync();
        var (box, word) = (await Mailbox.OpenAsync(host), NewWord());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(person.Email, Mailbox.NewId(), "Vraag", $"Mijn {word} doet het niet."));
        await box.WriteAsync(thread, new { bodyText = "Lastige klant", isNote = true });
        await box.WriteAsync(thread, new { bodyText = "Nog niet af", isDraft = true });
        await TextAsync(await CallAsync(person.Number, word), word);
        var file = await FileAsync(person.Id, word);
        var (_, foreign) = await ElsewhereAsync(box, person.Email, word);

        using var answer = await Admin.GetAsync($"/api/contacts/{person.Id}/export");
        Assert.Equal(("application/zip", $"contact-{person.Id}.zip"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.FileName));
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(), ZipArchiveMode.Read);

        using var json = JsonDocument.Parse(await TextAsync(zip.GetEntry("contact.json")!));
        var told = json.RootElement;
        Assert.Equal(person.Email, told.GetProperty("contact").Text("email"));
        Assert.Equal((1, 1, 2, 1), (
            told.GetProperty("phoneNumbers").GetArrayLength(), told.GetProperty("threads").GetArrayLength(), told.GetProperty("messages").GetArrayLength(), told.GetProperty("calls").GetArrayLength()));
        Assert.Contains(word, told.GetProperty("messages").GetRawText(), StringComparison.Ordinal);
        Assert.Contains(word, told.GetProperty("calls")[0].GetProperty("texts").GetProperty("summary").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Lastige klant", told.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Nog niet af", told.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(foreign.ToString(), told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(2, zip.Entries.Count(entry => entry.FullName.StartsWith("mails/", StringComparison.Ordinal)));
        Assert.Equal(word, await TextAsync(Assert.Single(zip.Entries, entry => entry.FullName.StartsWith($"files/{file}-", StringComparison.Ordinal))));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{person.Id}' AND change_summary LIKE 'Exported%'"));
    }

    [Fact]
    public async Task Number_ThatSomebodyElseHasToo_IsNotErasedFromTheirCalls()
    {
        var (person, other) = (await PersonAsync(), await PersonAsync());
        await host.ExecuteAsync($"INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{Guid.CreateVersion7()}', '{other.Id}', '{person.Number}')");
        var call = await CallAsync(person.Number, NewWord());

        using var erased = await Admin.PostAsync($"/api/contacts/{person.Id}/actions/erase", null);
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        await DoneAsync(person.Id);

        Assert.Equal(person.Number, (await Admin.ReadAsync($"/api/calls/{call}")).Text("callerNumber"));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM phone_number WHERE phone_number = '{person.Number}' AND contact_id = '{other.Id}'"));
    }

    [Fact]
    public async Task Erasure_AndExport_AreForWhoMayAndIsLimitedInNothing()
    {
        var person = await PersonAsync();
        using var reader = await host.WithKeyAsync("relations.read", "relations.write", "threads.read");
        using var limited = await host.WithKeyAsync(new { name = "limited", permissions = new[] { "contacts.erase", "contacts.export", "relations.read" }, businessEntities = new[] { "chargecars" } });
        foreach (var client in new[] { reader, limited })
        {
            await (await client.PostAsync($"/api/contacts/{person.Id}/actions/erase", null)).ProblemAsync(HttpStatusCode.Forbidden);
            await (await client.GetAsync($"/api/contacts/{person.Id}/export")).ProblemAsync(HttpStatusCode.Forbidden);
        }

        await (await Admin.PostAsync($"/api/contacts/{Guid.NewGuid()}/actions/erase", null)).ProblemAsync(HttpStatusCode.NotFound);
        await (await Admin.GetAsync($"/api/contacts/{Guid.NewGuid()}/export")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(["reason"], await (await Admin.PostAsJsonAsync($"/api/contacts/{person.Id}/actions/erase", new { reason = new string('x', 501) })).FaultyFieldsAsync());
        await host.ExecuteAsync($"UPDATE contact SET contact_type = 'employee' WHERE id = '{person.Id}'");
        Assert.Equal("/problems/colleague", (await (await Admin.PostAsync($"/api/contacts/{person.Id}/actions/erase", null)).ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
    }

    [Fact]
    public async Task Retention_OfWhatProvidersSent_KeepsMailsLongerThanTheRest()
    {
        var now = DateTimeOffset.UtcNow;
        var (mail, idle, unworked, report) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await host.ExecuteAsync($"""
            INSERT INTO inbound_message (id, channel, received_at, body, worked_at, message_id) VALUES
                ('{mail}', 'email', now() - interval '100 days', '', now(), '{mail}'), ('{idle}', 'whatsapp', now() - interval '100 days', '', now(), '{idle}'),
                ('{unworked}', 'sms', now() - interval '100 days', '', NULL, NULL);
            INSERT INTO delivery_report (id, external_message_id, channel, received_at, report) VALUES ('{report}', '{report}', 'sms', now() - interval '31 days', '{"{}"}');
            """);
        Task<string> LeftAsync() => host.ScalarAsync<string>($"""
            SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM (SELECT id FROM inbound_message UNION ALL SELECT id FROM delivery_report) kept
            WHERE id IN ('{mail}', '{idle}', '{unworked}', '{report}')
            """);
        Task<long> ForgetAsync(DateTimeOffset at) => new InboundRetention(
            host.Services.GetRequiredService<NpgsqlDataSource>(), Options.Create(new InboundRetentionOptions()), new FakeTimeProvider(at)).DeleteExpiredAsync(CancellationToken.None);

        Assert.NotEqual(0, await ForgetAsync(now));
        Assert.Equal(string.Join(',', new[] { mail, unworked }.Select(id => id.ToString()).Order(StringComparer.Ordinal)), await LeftAsync());
        Assert.False(new InboundRetentionOptions.Validator().Validate(null, new() { KeepRaw = TimeSpan.FromDays(1) }).Succeeded);
    }

    [Fact]
    public async Task Retention_OfConversationsAndRecordings_IsEachNamesOwn()
    {
        var (box, other, word) = (await Mailbox.OpenAsync(host, "ratioshop"), await Mailbox.OpenAsync(host, "zaptecshop"), NewWord());
        var (message, thread, _) = await box.ReceiveAsync(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Vraag", $"Mijn {word}."));
        var (kept, keptThread, _) = await other.ReceiveAsync(other.Mail(Mailbox.Customer(), Mailbox.NewId(), "Vraag", $"Mijn {word}."));
        var (open, _, _) = await box.ReceiveAsync(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Vraag", $"Mijn {word}."));
        foreach (var done in new[] { thread, keptThread })
        {
            (await Admin.PostAsync($"/api/threads/{done}/actions/resolve", null)).EnsureSuccessStatusCode();
        }

        foreach (var (about, name) in new[] { (thread, "ratioshop"), (keptThread, "zaptecshop") })
        {
            await AlertAsync(AlertType.MessageFailed, "communication_thread", about, $"Vraag {word} {name}");
        }

        var (call, young) = (await CallAsync($"+316{Random.Shared.Next(10_000_000, 59_999_999)}", word), await CallAsync($"+316{Random.Shared.Next(10_000_000, 59_999_999)}", word));
        await TextAsync(call, word);
        await TextAsync(young, word);
        await host.ExecuteAsync($"UPDATE call SET created_at = now() - interval '41 days' WHERE id = '{call}'");
        var (source, time) = (host.Services.GetRequiredService<NpgsqlDataSource>(), new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(41)));

        await new MessageRetention(
            source, host.Services.GetRequiredService<ThreadEraser>(), Options.Create(new MessageRetentionOptions { KeepMessagesOf = { ["ratioshop"] = TimeSpan.FromDays(40) } }), time)
            .DeleteExpiredAsync(CancellationToken.None);
        await new RecordingRetention(
            source, host.Services.GetRequiredService<IGrainFactory>(), Options.Create(new TelephonyOptions { KeepRecordings = TimeSpan.FromDays(40) }), new FakeTimeProvider(DateTimeOffset.UtcNow))
            .DeleteExpiredAsync(CancellationToken.None);

        var said = await Task.WhenAll(new[] { message, kept, open }.Select(async id => (await Admin.ReadAsync($"/api/messages/{id}")).Text("bodyText") is not null));
        Assert.Equal([false, true, true], said);
        // What an alert called the thread goes with it.
        await host.UntilAsync("due_command", async () => await host.ScalarAsync<long>($"SELECT count(*) FROM alert WHERE label LIKE '%{word}%'") == 1);
        Assert.Equal($"Vraag {word} zaptecshop", await host.ScalarAsync<string>($"SELECT label FROM alert WHERE label LIKE '%{word}%'"));
        // What brought them goes with them.
        Assert.Equal(young, await host.ScalarAsync<Guid>($"SELECT DISTINCT c.id FROM aircall_event e JOIN call c ON c.call_id = e.call_id WHERE e.body::text LIKE '%{word}%'"));
        var recorded = await Task.WhenAll(new[] { call, young }.Select(async id => (await Admin.ReadAsync($"/api/calls/{id}")).GetProperty("hasRecording").GetBoolean()));
        Assert.Equal([false, true], recorded);
        await host.UntilDueAsync($"target_id = '{call}' AND kind = 'call.forget-texts' AND state <> 'done'", count => count == 0);
        Assert.Equal(young, await host.ScalarAsync<Guid>($"SELECT call_row FROM call_text WHERE content::text LIKE '%{word}%'"));
        Assert.Equal(2, new TelephonyOptions.Validator().Validate(
            null, new() { KeepRecordings = TimeSpan.FromDays(1), KeepRecordingsOf = { ["nobody"] = TimeSpan.FromDays(40) } }).Failures!.Count());
    }

    private static string NewWord() => $"zw{string.Concat(Enumerable.Range(0, 8).Select(_ => (char)('a' + Random.Shared.Next(26))))}q";

    private static async Task<string> TextAsync(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private async Task<(Guid Id, string Email, string Number)> PersonAsync()
    {
        var (id, number) = (Guid.CreateVersion7(), $"+316{Random.Shared.Next(10_000_000, 59_999_999)}");
        var email = $"{id:n}@example.nl";
        await host.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email, contact_type) VALUES ('{id}', 'Voornaam', 'Achternaam', '{email}', 'customer');
            INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{Guid.CreateVersion7()}', '{id}', '{number}');
            """);
        return (id, email, number);
    }

    private async Task<(Guid Theirs, Guid Foreign)> ElsewhereAsync(Mailbox box, string email, string word)
    {
        var (customer, first) = (Mailbox.Customer(), Mailbox.NewId());
        var (foreign, thread, _) = await box.ReceiveAsync(box.Mail(customer, first, "Iets anders", "Kan dat?", $"Cc: {email}"));
        var (theirs, joined, _) = await box.ReceiveAsync(box.Mail(email, Mailbox.NewId(), "Re: Iets anders", $"Mijn {word} ook.", $"In-Reply-To: <{first}>"));
        Assert.Equal(thread, joined);
        // Who was in copy of another's mail is not erased from it.
        await host.ExecuteAsync($"UPDATE communication_message SET cc_emails = '[]' WHERE id = '{foreign}'; DELETE FROM inbound_message WHERE message_id = '{foreign}'");
        return (theirs, foreign);
    }

    private async Task AlertAsync(AlertType type, string table, Guid about, string label)
    {
        var fact = new AlertFact(type, table, about, AlertSeverity.Normal) { Label = label, BusinessEntity = BusinessEntity.Chargecars };
        Assert.True((await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Alert>>(fact.AlertId)
            .ExecuteAsync(new RaiseAlert(fact), new(Guid.NewGuid(), Actor.System))).Succeeded);
    }

    private Task NotificationsAsync(Guid contact, string email, string number, string word) => host.ExecuteAsync($"""
        INSERT INTO notification (id, business_entity, recipient, recipient_contact_id, channel, template, payload, status, next_attempt_at, entity_id) VALUES
            ('{Guid.CreateVersion7()}', 'chargecars', '{email}', '{contact}', 'email', 'reminder', jsonb_build_object('text', '{word}'), 'pending', now(), NULL),
            ('{Guid.CreateVersion7()}', 'chargecars', '{number}', NULL, 'sms', 'reminder', jsonb_build_object('text', '{word}'), 'sent', NULL, '{contact}');
        """);

    // States of messages that are of no message here, what nobody could read, and an address book.
    private Task ReceivedAsync(string email, string number, string word) => host.ExecuteAsync($"""
        INSERT INTO inbound_message (id, channel, provider, received_at, body, worked_at) VALUES
            ('{Guid.CreateVersion7()}', 'whatsapp', 'meta', now(), convert_to('recipient_id {number[1..]}', 'UTF8'), now()),
            ('{Guid.CreateVersion7()}', 'email', 'postmark-mail-status', now(), convert_to('Recipient {email}', 'UTF8'), now());
        INSERT INTO delivery_report (id, external_message_id, channel, received_at, report)
            VALUES ('{Guid.CreateVersion7()}', '{word[..4]}', 'email', now(), jsonb_build_object('errorText', '550 <{email}>'));
        INSERT INTO aircall_event (id, received_at, event, resource, body) VALUES
            ('{Guid.CreateVersion7()}', now(), 'contact.updated', 'contact', jsonb_build_object('data', jsonb_build_object('phone_numbers', '0{number[3..5]}-{number[5..]}', 'note', '{word}'))),
            ('{Guid.CreateVersion7()}', now(), 'group_message.sent', 'message', jsonb_build_object('data', jsonb_build_object('to', '{email.ToUpperInvariant()}', 'body', '{word}')));
        """);

    private async Task InsightAsync(string name, string call, string word)
    {
        var token = (await (await Admin.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "Of a test" })).JsonAsync(HttpStatusCode.Created)).Text("token");
        using var anybody = host.Anonymous();
        using var sent = await anybody.PostAsJsonAsync("/api/telephony/aircall", new
        {
            resource = name.Split('.')[0], @event = name, timestamp = 1_796_000_400, token, data = new { id = 2, call_id = call, content = $"Over de {word}" },
        });
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private async Task<Guid> CallAsync(string number, string word)
    {
        var id = $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}";
        await EventAsync("call.ended", id, number, word);
        return await host.ScalarAsync<Guid>($"SELECT id FROM call WHERE call_id = '{id}'");
    }

    private async Task TextAsync(Guid call, string word)
    {
        await SummaryAsync(call, word);
        await host.UntilDueAsync($"target_id = '{call}' AND kind = 'call.read-text' AND state <> 'done'", count => count == 0);
        Assert.Contains(word, (await Admin.ReadAsync($"/api/calls/{call}/text")).Text("summary")!, StringComparison.Ordinal);
    }

    private async Task SummaryAsync(Guid call, string word)
    {
        var token = (await (await Admin.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "Of a test" })).JsonAsync(HttpStatusCode.Created)).Text("token");
        using var anybody = host.Anonymous();
        using var sent = await anybody.PostAsJsonAsync("/api/telephony/aircall", new
        {
            resource = "summary", @event = "summary.created", timestamp = 1_796_000_300, token,
            data = new { id = 1, call_id = await host.ScalarAsync<string>($"SELECT call_id FROM call WHERE id = '{call}'"), content = $"Over de {word}" },
        });
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private async Task EventAsync(string name, string call, string number, string word)
    {
        var token = (await (await Admin.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "Of a test" })).JsonAsync(HttpStatusCode.Created)).Text("token");
        using var anybody = host.Anonymous();
        using var sent = await anybody.PostAsJsonAsync("/api/telephony/aircall", new
        {
            resource = "call", @event = name, timestamp = 1_796_000_100, token,
            data = new
            {
                id = call, direction = "inbound", status = "done", raw_digits = number, started_at = 1_796_000_000, ended_at = 1_796_000_060, recording = $"https://aircall.example/{word}",
                comments = new[] { new { id = 1, content = $"Over de {word}", posted_at = 1_796_000_050 } },
            },
        });
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private async Task<Guid> FileAsync(Guid contact, string word)
    {
        using var form = new MultipartFormDataContent { { new StringContent("contact"), "entityType" }, { new StringContent(contact.ToString()), "entityId" } };
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(word)) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } };
        form.Add(file, "file", "briefje.txt");
        using var made = await Admin.PostAsync("/api/attachments", form);
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task<List<string>> SearchedAsync(string word) =>
    [
        .. (await Admin.ReadAsync($"/api/search?q={word}&limit=100")).GetProperty("items").EnumerateArray().Select(item => item.Text("type")!),
    ];

    private Task<string> SumsAsync(Guid thread, Guid call) => host.ScalarAsync<string>(
        $"SELECT (SELECT message_count || '/' || last_position FROM communication_thread WHERE id = '{thread}') || '/' || (SELECT duration || '/' || status FROM call WHERE id = '{call}')");

    private Task DoneAsync(Guid contact) =>
        host.UntilDueAsync($"target_id = '{contact}' AND kind = 'contact.erase-traces' AND state <> 'done'", count => count == 0);
}
