using System.Text;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Load;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Calls;

/// <summary>One mail after the other, each delivered by 64 at once; over some of them the host is killed. Each is one message.</summary>
internal static class ManyDeliveries
{
    private const int Deliveries = 64;
    private const int Mails = 12;

    public static async Task RunAsync(DurableDatabase database, HostProcess host, PatientClient client, DrillReport report)
    {
        for (var mail = 0; mail < Mails; mail++)
        {
            // Told apart by how the host is killed over them; half of them are taken in peace.
            var body = Mail(mail);
            Task<Answer>[] sent;
            switch (mail % 4)
            {
                case 1:
                    await using (var gate = await CommitGate.CloseAsync(database))
                    {
                        sent = Deliver(client, body);
                        var held = await gate.WaitAsync(2);
                        await host.KillAsync();
                        report.Say($"mail {mail}: killed with {held.Count} commits on disk and nobody told");
                    }

                    await DrillHosts.StartAsync(host);
                    break;
                case 3:
                    sent = Deliver(client, body);
                    // As soon as it is kept: what is to be made of it is under way.
                    await KeptAsync(database, mail);
                    await host.KillAsync();
                    report.Say($"mail {mail}: killed when it was kept; ready again after {(await DrillHosts.StartAsync(host)).TotalSeconds:0.0} s");
                    break;
                default:
                    sent = Deliver(client, body);
                    break;
            }

            await CheckAsync(database, mail, await Task.WhenAll(sent), report);
        }

        var messages = await database.ScalarAsync<long>("SELECT count(*) FROM communication_message WHERE direction = 'inbound'");
        report.Say($"{Mails} mails, each delivered by {Deliveries} at once, came to {messages} messages");
    }

    private static Task<Answer>[] Deliver(PatientClient client, byte[] body) =>
        [.. Enumerable.Range(0, Deliveries).Select(_ => client.SendAsync(HttpMethod.Post, "/api/messages/inbound/email", body))];

    private static byte[] Mail(int number) => Encoding.ASCII.GetBytes(
        $"From: Een klant <klant{number}@example.org>\r\nTo: {MessageDesk.Address}\r\nMessage-ID: <{IdOf(number)}>\r\nSubject: Storing {number}\r\n"
        + $"Date: Mon, 30 Nov 2026 09:12:00 +0100\r\n\r\nHij doet het niet, {number}.\r\n");

    private static string IdOf(int number) => $"drill-{number}@example.org";

    private static async Task KeptAsync(DurableDatabase database, int number)
    {
        while (await database.ScalarAsync<long>("SELECT count(*) FROM inbound_message") <= number)
        {
            await Task.Delay(2);
        }
    }

    private static async Task CheckAsync(DurableDatabase database, int mail, Answer[] answers, DrillReport report)
    {
        foreach (var answer in answers.Where(answer => !answer.Succeeded))
        {
            report.Violation($"a delivery of the mail {mail} was answered {(int)answer.Status}: {answer.Body}");
        }

        var told = answers.Where(answer => answer.Succeeded).Select(answer => answer.Body).ToList();
        var messages = told.Select(body => (body.GetProperty("messageId").GetGuid(), body.GetProperty("threadId").GetGuid())).Distinct().Count();
        var news = told.Count(body => !body.GetProperty("duplicate").GetBoolean());
        report.Require(messages == 1, () => $"the mail {mail} was answered as {messages} messages");
        report.Require(news <= 1, () => $"the mail {mail} was told {news} times to be new");
        var (message, thread) = ($"external_message_id = '{IdOf(mail)}'", $"customer_address = 'klant{mail}@example.org'");
        foreach (var (what, sql) in new[]
        {
            ("messages", $"SELECT count(*) FROM communication_message WHERE {message}"),
            ("kept bodies that are worked", $"""
                SELECT count(*) FROM inbound_message i JOIN communication_message m ON m.id = i.message_id WHERE m.{message} AND i.worked_at IS NOT NULL
                """),
            ("threads", $"SELECT count(*) FROM communication_thread WHERE {thread}"),
            ("threads of one message", $"SELECT count(*) FROM communication_thread WHERE {thread} AND message_count = 1"),
            ("announcements", $"""
                SELECT count(*) FROM change_event
                WHERE type = 'thread.message_added' AND entity_id = (SELECT thread_id FROM communication_message WHERE {message})
                """),
        })
        {
            var count = await database.ScalarAsync<long>(sql);
            report.Require(count == 1, () => $"the mail {mail} came to {count} {what}");
        }
    }
}
