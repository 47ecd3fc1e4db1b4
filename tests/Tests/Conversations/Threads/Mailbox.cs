using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Conversations.Mail;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Conversations.Threads;

/// <summary>A mailbox of one of our names, on a running host.</summary>
internal sealed class Mailbox
{
    private readonly RunningHost _host;

    private Mailbox(RunningHost host, Guid id, string address) => (_host, Id, Address) = (host, id, address);

    public Guid Id { get; }

    public string Address { get; }

    public static async Task<Mailbox> OpenAsync(RunningHost host, string entity = "chargecars")
    {
        var (id, address) = (Guid.CreateVersion7(), $"desk-{Guid.NewGuid():n}@chargecars.example");
        await host.ExecuteAsync($"""
            INSERT INTO communication_channel (id, business_entity_id, channel, name, address)
            SELECT '{id}', id, 'email', 'Service desk', '{address}' FROM business_entity WHERE entity_code = '{entity}'
            """);
        return new(host, id, address);
    }

    public static string NewId() => $"{Guid.NewGuid():n}@example.nl";

    public static string Customer() => $"klant-{Guid.NewGuid():n}@example.nl";

    public byte[] Mail(string from, string id, string subject, string body, string more = "") => Eml.Of(
        string.Join('\n', new[]
        {
            $"From: Een klant <{from}>", $"To: {Address}", $"Message-ID: <{id}>", $"Subject: {subject}", $"Date: {DateTimeOffset.UtcNow.AddMinutes(-1):r}", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", more,
        }.Where(line => line.Length > 0)), body);

    public async Task<(Guid Message, Guid Thread, bool Duplicate)> ReceiveAsync(byte[] mail)
    {
        using var answer = await SendAsync(mail);
        var taken = await answer.JsonAsync();
        return (taken.GetProperty("messageId").GetGuid(), taken.GetProperty("threadId").GetGuid(), taken.GetProperty("duplicate").GetBoolean());
    }

    public async Task<HttpResponseMessage> SendAsync(byte[] mail, string type = "message/rfc822", string query = "") => await _host.Administrator.PostAsync(
        $"/api/messages/inbound/email{query}", new ByteArrayContent(mail) { Headers = { ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type) } });

    public Task<JsonElement> ThreadAsync(Guid id) => _host.Administrator.ReadAsync($"/api/threads/{id}");

    public async Task<JsonElement> WriteAsync(Guid thread, object body)
    {
        using var answer = await _host.Administrator.PostAsJsonAsync($"/api/threads/{thread}/messages", body);
        return await answer.JsonAsync(System.Net.HttpStatusCode.Created);
    }

    /// <summary>The time in which a message can be taken back is over.</summary>
    public async Task LapseAsync(Guid message) => await _host.ExecuteAsync($"""
        UPDATE communication_message SET delivery = jsonb_set(delivery, ARRAY(SELECT key FROM jsonb_object_keys(delivery) key WHERE key IN ('sendAt', 'send_at')), to_jsonb(now() - interval '1 second'))
        WHERE id = '{message}';
        UPDATE due_command SET due_at = now() - interval '1 second' WHERE dedupe_key = 'message-send:{message}' AND state = 'pending';
        """);

    /// <summary>The message, as soon as it has a status.</summary>
    public async Task<JsonElement> UntilAsync(Guid message, string status)
    {
        var seen = default(JsonElement);
        await _host.UntilAsync("communication_message", async () =>
            (seen = await _host.Administrator.ReadAsync($"/api/messages/{message}")).GetProperty("status").GetString() == status);
        return seen;
    }
}
