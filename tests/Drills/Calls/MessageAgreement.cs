using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Calls;

/// <summary>What became of messages here against what the providers did with them.</summary>
internal sealed class MessageAgreement(DurableDatabase database, ProviderBook mail, ProviderBook texts, DrillReport report)
{
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    // What was sent away for now comes again after a minute, four, sixteen: the drill has it come at once.
    private const string Hasten = """
        UPDATE communication_message SET delivery = jsonb_set(delivery, '{send_at}', to_jsonb(now() - interval '1 second'))
        WHERE status = 'queued' AND (delivery ->> 'send_at')::timestamptz > now();
        UPDATE due_command SET due_at = now() - interval '1 second' WHERE state = 'pending' AND dedupe_key LIKE 'message-send:%' AND due_at > now()
        """;

    /// <summary>Waits until nothing is to be sent any more.</summary>
    public async Task SettledAsync()
    {
        const string Open = """
            SELECT greatest(
                (SELECT count(*) FROM communication_message WHERE status = 'queued'),
                (SELECT count(*) FROM due_command WHERE state = 'pending' AND dedupe_key LIKE 'message-send:%'))
            """;
        var until = DateTime.UtcNow + Settling;
        long open;
        while ((open = await database.ScalarAsync<long>(Open)) > 0 && DateTime.UtcNow < until)
        {
            await database.ExecuteAsync(Hasten);
            await Task.Delay(500);
        }

        report.Require(open == 0, () => $"{open} messages are still to be sent after {Settling}");
    }

    /// <summary>Spoils rows and records: a check that does not notice is worth nothing.</summary>
    public async Task SpoilAsync()
    {
        foreach (var (what, from, to) in new[]
        {
            ("what was refused counts as sent", "failed", "sent"), ("what was sent counts as failed", "sent", "failed"),
            ("what was sent is still to be sent", "sent", "queued"),
        })
        {
            await database.ExecuteAsync($"""
                UPDATE communication_message SET status = '{to}'
                WHERE id = (SELECT min(id::text)::uuid FROM communication_message WHERE direction = 'outbound' AND status = '{from}')
                """);
            report.Say($"tampered: {what}; a violation below must say so");
        }

        await database.ExecuteAsync("""
            DELETE FROM communication_message
            WHERE id = (SELECT max(id::text)::uuid FROM communication_message WHERE direction = 'outbound' AND status = 'sent')
            """);
        report.Say("tampered: a message is lost; a violation below must say so");
        mail.Records.Values.First(record => record.Taken == 1).Take();
        report.Say("tampered: a customer got a mail twice; a violation below must say so");
    }

    /// <summary>Compares; answers those of which nobody here knows whether they left, and whether they did.</summary>
    public async Task<IReadOnlyList<(WrittenMessage Message, bool WasSent)>> CheckAsync(IReadOnlyList<WrittenMessage> written, bool isDecided)
    {
        var rows = await database.RowsAsync(
            "SELECT id, status FROM communication_message WHERE direction = 'outbound'", row => (Id: row.GetGuid(0), Status: row.GetString(1)));
        var statuses = rows.ToDictionary(row => row.Id, row => row.Status);
        report.Require(statuses.Count == written.Count, () => $"there are {statuses.Count} messages, acknowledged were {written.Count}");
        var (uncertain, counts) = (new List<(WrittenMessage, bool)>(), new SortedDictionary<string, int>());
        foreach (var message in written)
        {
            var record = (message.IsMail ? mail : texts).Records.GetValueOrDefault(ProviderBook.NameOf(message.Number));
            var (taken, refused, what) = (record?.Taken ?? 0, record?.IsRefused == true, $"the {(message.IsMail ? "mail" : "text message")} {message.Number}");
            report.Require(taken <= 1, () => $"{what} was taken {taken} times by its provider");
            if (!statuses.TryGetValue(message.Id, out var status))
            {
                report.Violation($"{what} was acknowledged and is not there");
                continue;
            }

            counts[status] = counts.GetValueOrDefault(status) + 1;
            switch (status)
            {
                case "sent" or "delivered":
                    report.Require(taken >= 1, () => $"{what} is {status}, and its provider never took it");
                    break;
                case "failed":
                    report.Require(refused && taken == 0, () => $"{what} is failed, and its provider {(taken > 0 ? "took" : "never refused")} it");
                    break;
                case "uncertain" when !isDecided:
                    // Who can be asked is asked.
                    report.Require(message.IsMail || taken == 0, () => $"{what} is uncertain, and its provider has it in its list");
                    uncertain.Add((message, taken > 0));
                    break;
                default:
                    report.Violation($"{what} is {status} when all is done");
                    break;
            }
        }

        var reached = uncertain.Count(one => one.Item2);
        report.Say($"{written.Count} messages: {string.Join(", ", counts.Select(one => $"{one.Value} {one.Key}"))}"
            + (uncertain.Count > 0 ? $"; of the uncertain {reached} were taken by their provider and {uncertain.Count - reached} were not" : ""));
        return uncertain;
    }
}
