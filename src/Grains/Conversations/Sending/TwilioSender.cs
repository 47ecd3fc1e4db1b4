using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Platform.Reading;
using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Sending;

/// <summary>Text messages by Twilio. It has no idempotency key, so a message whose outcome is unknown is looked for by its receiver, time and text.</summary>
internal sealed class TwilioSender(IHttpClientFactory http, IOptions<SendingOptions> options) : IMessageSender
{
    /// <summary>Twilio's clock and ours are not the same.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromMinutes(1);

    public ChannelType Channel => ChannelType.Sms;

    public Task<SendingResult> SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        var from = message.From!.Address!;
        List<KeyValuePair<string, string>> fields =
        [
            new("To", message.Message.RecipientEmails[0]),
            new(from.StartsWith("MG", StringComparison.Ordinal) ? "MessagingServiceSid" : "From", from),
            new("Body", message.Message.BodyText ?? ""),
        ];
        if (options.Value.PublicAddress is { Length: > 0 } ours)
        {
            fields.Add(new("StatusCallback", $"{ours.TrimEnd('/')}/api/messages/status/sms"));
        }

        var request = Signed(HttpMethod.Post, "");
        request.Content = new FormUrlEncodedContent(fields);
        return Provider.SendAsync(
            http, request,
            answer => answer.Text("sid", 100) is { } sid ? new Taken(sid) : null,
            (status, answer) => new(
                answer.Text("code", 20) ?? $"{status}", answer.Text("message", 1_000),
                status is 401 or 403 ? DeliveryFate.ChannelBroken : status == 429 ? DeliveryFate.Again : TwilioMessages.FateOf(answer.Text("code", 20))),
            cancellation);
    }

    public async Task<SendingResult?> FindAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        // The time of this attempt: an earlier one is another message to Twilio.
        if ((message.Message.Delivery?.HandedAt ?? message.Message.SentAt) is not { } handed)
        {
            return null;
        }

        using var request = Signed(HttpMethod.Get, $"?To={Uri.EscapeDataString(message.Message.RecipientEmails[0])}&PageSize=100");
        using var answer = await http.CreateClient(Provider.Http).SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        using var page = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        string[] found =
        [
            .. page.RootElement.Member("messages").Items().Where(one => IsIt(one, message, handed)).Select(one => one.Text("sid", 100)).OfType<string>()
                .Where(sid => !message.KnownIds.Contains(sid)),
        ];
        // Of two that both may be it, nobody knows which is: a person decides.
        return found is [var sid] ? new Taken(sid) : null;
    }

    private static bool IsIt(JsonElement? one, OutgoingMessage message, DateTimeOffset handed)
    {
        var ours = message.From!.Address!;
        return one.Text("body", 20_000) == message.Message.BodyText
            && one.Text(ours.StartsWith("MG", StringComparison.Ordinal) ? "messaging_service_sid" : "from", 100) == ours
            && DateTimeOffset.TryParse(one.Text("date_created", 100), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made)
            && made >= handed - ClockError;
    }

    private HttpRequestMessage Signed(HttpMethod method, string query)
    {
        var twilio = options.Value;
        return new(method, $"{twilio.TwilioApi.TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(twilio.TwilioAccountSid!)}/Messages.json{query}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{twilio.TwilioAccountSid}:{twilio.TwilioToken}"))) },
        };
    }
}
