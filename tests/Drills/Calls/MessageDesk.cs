using System.Text;
using System.Text.Json;
using ChargeCars.Drills.Load;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Calls;

/// <summary>A message that was asked to be sent, and acknowledged.</summary>
/// <param name="Id">The message.</param>
/// <param name="Number">By which its provider knows it.</param>
/// <param name="IsMail">By mail, or as a text message.</param>
internal sealed record WrittenMessage(Guid Id, int Number, bool IsMail);

/// <summary>A mailbox and a number of ours, and a colleague who writes by them, each message in a thread of its own.</summary>
internal sealed class MessageDesk(PatientClient client, Guid mailbox, Guid phone)
{
    public const string Address = "desk@chargecars.example";

    public static async Task<MessageDesk> MakeAsync(DurableDatabase database, PatientClient client)
    {
        var (mailbox, number) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await database.ExecuteAsync($"""
            INSERT INTO communication_channel (id, business_entity_id, channel, name, address)
            SELECT made.id::uuid, named.id, made.channel, 'Service desk', made.address FROM business_entity named,
                (VALUES ('{mailbox}', 'email', '{Address}'), ('{number}', 'sms', '+3197010240001')) AS made (id, channel, address)
            WHERE named.entity_code = 'chargecars'
            """);
        return new(client, mailbox, number);
    }

    /// <summary>Writes as many mails and as many text messages, which leave when they can't be taken back any more.</summary>
    public async Task<IReadOnlyList<WrittenMessage>> WriteAsync(int first, int count) => await Task.WhenAll(
        from number in Enumerable.Range(first, count) from isMail in new[] { true, false } select WriteOneAsync(number, isMail));

    /// <summary>What a person decides about a message of which nobody knows whether it left.</summary>
    public async Task DecideAsync(WrittenMessage message, bool wasSent)
    {
        var answer = await client.SendAsync(
            HttpMethod.Post, $"/api/messages/{message.Id}/actions/{(wasSent ? "confirm" : "retry")}", "{}"u8.ToArray(),
            ("Idempotency-Key", $"decide {message.Id}"));
        if (!answer.Succeeded)
        {
            throw new DrillException($"Deciding about the message {message.Id} was answered {(int)answer.Status}: {answer.Body}");
        }
    }

    private async Task<WrittenMessage> WriteOneAsync(int number, bool isMail)
    {
        var thread = await MakeAsync("/api/threads", $"thread {isMail} {number}", new
        {
            entityType = "support_ticket", channel = isMail ? "email" : "sms", subject = isMail ? $"Vraag {number}" : null, businessEntity = "chargecars",
            channelAccountId = isMail ? mailbox : phone,
            customerAddress = isMail ? $"klant{number}@example.nl" : $"+316{10_000_000 + number}",
        });
        var message = await MakeAsync($"/api/threads/{thread}/messages", $"message {isMail} {number}", new { bodyText = ProviderBook.NameOf(number) });
        return new(message, number, isMail);
    }

    private async Task<Guid> MakeAsync(string path, string key, object body)
    {
        var answer = await client.SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)), ("Idempotency-Key", key));
        return answer.Succeeded
            ? answer.Body.GetProperty("id").GetGuid()
            : throw new DrillException($"{path} was answered {(int)answer.Status}: {answer.Body}");
    }
}
