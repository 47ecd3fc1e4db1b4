using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Tests.Conversations.Mail;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Conversations.Threads;

/// <summary>Conversations over HTTP, from the mail that comes in to the answer that leaves.</summary>
[Collection(HostCollection.Name)]
public sealed class ThreadJourneyTests(RunningHost host)
{
    [Fact]
    public async Task Mail_ThatComesIn_BeginsAThread_AndWhatIsAnsweredLeavesOnceAndIsAnsweredThere()
    {
        var (box, customer, id) = (await Mailbox.OpenAsync(host, "laderthuis"), Mailbox.Customer(), Mailbox.NewId());
        var (first, thread, _) = await box.ReceiveAsync(box.Mail(customer, id, "Storing laadpaal", "Hij knippert rood.\n"));

        var opened = await box.ThreadAsync(thread);
        Assert.Equal(
            ("open", "email", "laderthuis", 1, customer),
            (opened.Text("status"), opened.Text("channel"), opened.Text("businessEntity"), opened.GetProperty("messageCount").GetInt32(), opened.Text("customerAddress")));
        Assert.NotEqual(JsonValueKind.Null, opened.GetProperty("waitingSince").ValueKind);

        var answer = await box.WriteAsync(thread, new { bodyText = "Wij kijken mee.", basedOn = 1 });
        var (message, ours) = (answer.GetProperty("id").GetGuid(), answer.Text("externalMessageId")!);
        Assert.Equal(("queued", JsonValueKind.Null, "Re: Storing laadpaal"), (answer.Text("status"), answer.GetProperty("position").ValueKind, answer.Text("subject")));

        // Taken back, and sent after all.
        Assert.Equal("draft", (await PostAsync($"/api/messages/{message}/actions/cancel")).Text("status"));
        Assert.Equal("queued", (await PostAsync($"/api/messages/{message}/actions/send", new { })).Text("status"));
        await box.LapseAsync(message);
        var sent = await box.UntilAsync(message, "sent");
        Assert.Equal(2, sent.GetProperty("position").GetInt32());
        var file = Assert.Single(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(host.MasterKeyFile)!, "outbox", "messages"), $"{message:n}*"));
        var mail = MimeKit.MimeMessage.Load(file);
        Assert.Equal((ours, id, customer), (mail.MessageId, mail.InReplyTo, Assert.Single(mail.To.Mailboxes).Address));

        var (second, same, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Re: Storing laadpaal", "Dank!", $"In-Reply-To: <{ours}>"));
        Assert.Equal(thread, same);
        var messages = (await host.Administrator.ReadAsync($"/api/threads/{thread}/messages")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([first, message, second], messages.Select(one => one.GetProperty("id").GetGuid()));
        Assert.Equal([1, 2, 3], messages.Select(one => one.GetProperty("position").GetInt32()));
        var known = await box.ThreadAsync(thread);
        Assert.Equal((3, 2), (known.GetProperty("messageCount").GetInt32(), known.GetProperty("lastReplyPosition").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, known.GetProperty("firstReplyMinutes").ValueKind);
        Assert.Equal(
            "thread.created,thread.message_added,thread.message_queued,thread.message_withdrawn,thread.message_queued,thread.message_added,thread.message_changed,thread.message_added",
            await host.ScalarAsync<string>($"SELECT string_agg(type, ',' ORDER BY sequence) FROM change_event WHERE entity_id = '{thread}'"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{thread}' AND (data::text LIKE '%knippert%' OR business_entity <> 'laderthuis')"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE new_values::text LIKE '%knippert%'"));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM status_transition WHERE entity_id = '{thread}'"));
    }

    [Fact]
    public async Task File_ThatIsPutToADraft_GoesAlong_AndOneThatIsGoneLetsNothingLeave()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Offerte", "Kunt u die sturen?"));
        var (draft, lost) = (await DraftAsync("Zie de bijlage."), await DraftAsync("Zie ook deze."));
        await FileAsync(draft, "offerte.txt", "Een laadpaal");
        var gone = await FileAsync(lost, "bijlage.txt", "Nog een");
        foreach (var message in new[] { draft, lost })
        {
            Assert.Equal("queued", (await PostAsync($"/api/messages/{message}/actions/send", new { anyway = true })).Text("status"));
        }

        await box.LapseAsync(draft);
        var sent = await box.UntilAsync(draft, "sent");
        Assert.Equal("offerte.txt", Assert.Single(sent.GetProperty("attachments").EnumerateArray()).Text("fileName"));
        Assert.Equal("Een laadpaal", await host.Administrator.GetStringAsync($"/api/messages/{draft}/attachments/0"));
        using var mail = MimeKit.MimeMessage.Load(Assert.Single(OutboxOf(draft)));
        var file = Assert.IsType<MimeKit.TextPart>(Assert.Single(mail.Attachments));
        Assert.Equal(("offerte.txt", "Een laadpaal", "Zie de bijlage."), (file.FileName, file.Text, mail.TextBody!.Trim()));

        // The row says that it goes along, and its bytes are lost.
        await host.ExecuteAsync($"UPDATE attachment SET stored_name = stored_name || '-gone' WHERE id = '{gone}'");
        await box.LapseAsync(lost);
        Assert.Equal("file_missing", (await box.UntilAsync(lost, "failed")).Text("errorCode"));
        Assert.Empty(OutboxOf(lost));

        async Task<Guid> DraftAsync(string text) => (await box.WriteAsync(thread, new { bodyText = text, isDraft = true })).GetProperty("id").GetGuid();
        string[] OutboxOf(Guid message) => Directory.GetFiles(Path.Combine(Path.GetDirectoryName(host.MasterKeyFile)!, "outbox", "messages"), $"{message:n}*");
    }

    [Fact]
    public async Task Mail_DeliveredBySixtyFourAtOnce_IsOneMessage()
    {
        var (box, customer, id) = (await Mailbox.OpenAsync(host), Mailbox.Customer(), Mailbox.NewId());
        var mail = box.Mail(customer, id, "Storing", "Hij doet het niet.");

        var taken = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => box.ReceiveAsync(mail)));

        Assert.Single(taken.Select(one => (one.Message, one.Thread)).Distinct());
        Assert.Equal(63, taken.Count(one => one.Duplicate));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}'"));
        Assert.Equal(1, (await box.ThreadAsync(taken[0].Thread)).GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task FirstMails_OfOneConversationAtOnce_AreOneThread()
    {
        var (box, customer, unseen) = (await Mailbox.OpenAsync(host), Mailbox.Customer(), Mailbox.NewId());
        var mails = Enumerable.Range(0, 8).Select(n => box.Mail(customer, Mailbox.NewId(), "Re: Offerte", $"Antwoord {n}", $"References: <{unseen}>")).ToList();

        var taken = await Task.WhenAll(mails.Select(box.ReceiveAsync));

        Assert.Single(taken.Select(one => one.Thread).Distinct());
        Assert.Equal(8, (await box.ThreadAsync(taken[0].Thread)).GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task Mail_ToTwoOfOurMailboxes_IsOneMessageInTwoPlaces()
    {
        var (one, other, customer, id) = (await Mailbox.OpenAsync(host), await Mailbox.OpenAsync(host), Mailbox.Customer(), Mailbox.NewId());

        var first = await one.ReceiveAsync(one.Mail(customer, id, "Vraag", "Kan dat?"));
        var second = await other.ReceiveAsync(other.Mail(customer, id, "Vraag", "Kan dat?"));

        Assert.Equal((first.Message, first.Thread, true), second);
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM communication_message_place WHERE message_id = '{first.Message}'"));
    }

    [Fact]
    public async Task Mail_OfAStrangerWhoNamesAConversation_BeginsAnotherThatIsFlagged()
    {
        var (box, customer, id) = (await Mailbox.OpenAsync(host), Mailbox.Customer(), Mailbox.NewId());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, id, "Storing", "Hij doet het niet."));

        var (_, strange, _) = await box.ReceiveAsync(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Re: Storing", "Maak over naar…", $"In-Reply-To: <{id}>\nReferences: <{id}>"));

        Assert.NotEqual(thread, strange);
        var flagged = await box.ThreadAsync(strange);
        Assert.Equal(("foreign_reference", thread), (Assert.Single(flagged.GetProperty("flags").EnumerateArray()).GetString(), flagged.GetProperty("linkedThreadId").GetGuid()));
        Assert.Equal(1, (await box.ThreadAsync(thread)).GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task Answer_OfTheSecondOfTwo_IsToldBeforeItLeaves()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        using var bo = await host.WithKeyAsync("threads.read", "threads.write");

        var first = (await box.WriteAsync(thread, new { bodyText = "Ja.", basedOn = 1 })).GetProperty("id").GetGuid();
        using (var queued = await bo.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Nee.", basedOn = 1 }))
        {
            Assert.Equal("/problems/answered-meanwhile", (await queued.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
        }

        await box.LapseAsync(first);
        await box.UntilAsync(first, "sent");
        using (var late = await bo.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Nee.", basedOn = 1 }))
        {
            await late.ProblemAsync(HttpStatusCode.Conflict);
        }

        using var read = await bo.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Toch nog dit.", basedOn = 2 });
        Assert.Equal("queued", (await read.JsonAsync(HttpStatusCode.Created)).Text("status"));
    }

    [Fact]
    public async Task Bounce_OfOurMail_FailsItAndOpensItsThreadAgain()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var answer = await box.WriteAsync(thread, new { bodyText = "Ja." });
        var id = answer.GetProperty("id").GetGuid();
        await box.LapseAsync(id);
        await box.UntilAsync(id, "sent");
        await PostAsync($"/api/threads/{thread}/actions/resolve");

        var report = Eml.Of(
            $"From: MAILER-DAEMON@mx.example.nl\nTo: {box.Address}\nSubject: Undelivered\nMessage-ID: <{Mailbox.NewId()}>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
            $"--b\nContent-Type: text/plain\n\nNiet bezorgd.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.nl\n\nFinal-Recipient: rfc822; {customer}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{answer.Text("externalMessageId")}>\n\n--b--\n");
        var (_, bounced, _) = await box.ReceiveAsync(report);

        Assert.Equal(thread, bounced);
        var failed = await host.Administrator.ReadAsync($"/api/messages/{id}");
        Assert.Equal(("failed", "5.1.1"), (failed.Text("status"), failed.Text("errorCode")));
        Assert.Equal("open", (await box.ThreadAsync(thread)).Text("status"));
    }

    /// <summary>Amazon SES gives mails ids of its own, which it tells without their domain.</summary>
    [Fact]
    public async Task Bounce_AndAnswerThatNameOnlyTheProvidersId_AreOfOurMail()
    {
        var (box, customer, theirs) = (await Mailbox.OpenAsync(host), Mailbox.Customer(), $"0102{Guid.NewGuid():n}-000000");
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var id = (await box.WriteAsync(thread, new { bodyText = "Ja." })).GetProperty("id").GetGuid();
        await box.LapseAsync(id);
        await box.UntilAsync(id, "sent");
        await host.ExecuteAsync($"UPDATE communication_message SET provider_message_id = '{theirs}' WHERE id = '{id}'");

        var (_, answered, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Re: Vraag", "Mooi.", $"In-Reply-To: <{theirs}@eu-west-1.amazonses.com>"));
        Assert.Equal(thread, answered);
        var (_, foreign, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Re: Vraag", "Mooi.", $"In-Reply-To: <{theirs}@notamazonses.com>"));
        Assert.NotEqual(thread, foreign);

        await box.ReceiveAsync(Eml.Of(
            $"From: MAILER-DAEMON@mx.example.nl\nTo: {box.Address}\nSubject: Undelivered\nMessage-ID: <{Mailbox.NewId()}>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
            $"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.nl\n\nFinal-Recipient: rfc822; {customer}\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{theirs}@email.amazonses.com>\n\n--b--\n"));
        Assert.Equal("failed", (await host.Administrator.ReadAsync($"/api/messages/{id}")).Text("status"));
    }

    [Fact]
    public async Task Complaint_OfAMailOfOurs_EndsWhatLeaves()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var answer = await box.WriteAsync(thread, new { bodyText = "Ja." });
        await box.LapseAsync(answer.GetProperty("id").GetGuid());
        await box.UntilAsync(answer.GetProperty("id").GetGuid(), "sent");

        await box.ReceiveAsync(Eml.Of(
            $"From: feedback@mx.example.nl\nTo: {box.Address}\nSubject: Abuse\nMessage-ID: <{Mailbox.NewId()}>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=\"b\"",
            $"--b\nContent-Type: text/plain\n\nKlacht.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <{answer.Text("externalMessageId")}>\nFrom: a@b.example\n\nJa.\n--b--\n"));

        using var refused = await host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Nog iets.", anyway = true });
        Assert.Equal("/problems/opted-out", (await refused.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
    }

    [Fact]
    public async Task Body_ThatIsNoMail_IsRefusedOrShownAsItCame_AndTheNextIsTaken()
    {
        var box = await Mailbox.OpenAsync(host);
        await (await box.SendAsync([])).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["provider"], await (await box.SendAsync("{}"u8.ToArray(), "application/json")).FaultyFieldsAsync());
        Assert.Equal(["provider"], await (await box.SendAsync("{}"u8.ToArray(), "application/json", "?provider=pigeon")).FaultyFieldsAsync());
        await (await box.SendAsync("{}"u8.ToArray(), "application/json", "?provider=postmark")).ProblemAsync(HttpStatusCode.BadRequest);
        await (await box.SendAsync("no form"u8.ToArray(), "text/plain", "?provider=sendgrid")).ProblemAsync(HttpStatusCode.BadRequest);

        byte[][] bodies =
        [
            [0, 1, 2, 0xFF, 0xFE], Encoding.UTF8.GetBytes("geen mail"), Encoding.UTF8.GetBytes($"From: a\0b@example.nl\r\n\r\nNUL \0 daar {Guid.NewGuid()}"),
            [.. Encoding.UTF8.GetBytes($"Content-Type: multipart/mixed; boundary=x\r\n\r\n{string.Concat(Enumerable.Repeat("--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", 2_000))}")],
            box.Mail(Mailbox.Customer(), $"zelf-{Guid.NewGuid():n}", "Ik ben het", "zelf", "References: <zelf>"),
        ];
        foreach (var body in bodies)
        {
            Assert.NotEqual(Guid.Empty, (await box.ReceiveAsync(body)).Message);
        }

        Assert.NotEqual(Guid.Empty, (await box.ReceiveAsync(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Daarna", "Alles goed"))).Thread);
    }

    [Fact]
    public async Task Html_WithScripts_IsServedWithoutThem_AndTheRawMailIsThere()
    {
        var box = await Mailbox.OpenAsync(host);
        var mail = Eml.Parts(
            "multipart/mixed", $"Message-ID: <{Mailbox.NewId()}>",
            Eml.Part("Content-Type: text/html; charset=utf-8", "<p onclick=\"x()\">Dag<script>alert(1)</script><img src=\"https://spy.example/1.gif\"></p>"),
            Eml.File("Content-Type: application/x-msdownload; name=\"../../\u202egpj.exe\"\nContent-Disposition: attachment", [1, 2, 3]));
        var (id, _, _) = await box.ReceiveAsync(mail);

        var seen = await host.Administrator.ReadAsync($"/api/messages/{id}");
        var html = seen.Text("bodyHtml")!;
        Assert.Contains("Dag", html, StringComparison.Ordinal);
        Assert.DoesNotContain("script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("onclick", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=\"https", html, StringComparison.Ordinal);
        var name = Assert.Single(seen.GetProperty("attachments").EnumerateArray()).Text("fileName")!;
        Assert.DoesNotContain("..", name, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', name);
        using var file = await host.Administrator.GetAsync($"/api/messages/{id}/attachments/0");
        Assert.Equal("application/octet-stream", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal([1, 2, 3], await file.Content.ReadAsByteArrayAsync());
        using var raw = await host.Administrator.GetAsync($"/api/messages/{id}/raw");
        Assert.Equal(mail, await raw.Content.ReadAsByteArrayAsync());
        await (await host.Administrator.GetAsync($"/api/messages/{id}/attachments/1")).ProblemAsync(HttpStatusCode.NotFound);
    }

    private async Task<Guid> FileAsync(Guid message, string name, string text)
    {
        using var form = new MultipartFormDataContent { { new StringContent("communication_message"), "entityType" }, { new StringContent(message.ToString()), "entityId" } };
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new("text/plain") } };
        form.Add(file, "file", name);
        using var made = await host.Administrator.PostAsync("/api/attachments", form);
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> PostAsync(string path, object? body = null)
    {
        using var answer = body is null ? await host.Administrator.PostAsync(path, null) : await host.Administrator.PostAsJsonAsync(path, body);
        return await answer.JsonAsync();
    }
}
