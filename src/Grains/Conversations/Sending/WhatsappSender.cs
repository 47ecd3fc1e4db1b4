using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Conversations.Templates;
using ChargeCars.Platform.Reading;
using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Sending;

/// <summary>Messages by WhatsApp's Cloud API. Our id goes along, so that its report tells what became of a message whose answer was lost.</summary>
internal sealed class WhatsappSender(IHttpClientFactory http, IOptions<SendingOptions> options) : IMessageSender
{
    public ChannelType Channel => ChannelType.Whatsapp;

    public Task<SendingResult> SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        var receiver = message.Message.RecipientEmails[0];
        var (field, value) = WhatsappRules.Recipient(new(receiver, null, receiver.TrimStart('+'), null));
        var body = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["recipient_type"] = "individual",
            [field] = value,
            ["type"] = message.Template is null ? "text" : "template",
            [message.Template is null ? "text" : "template"] = message.Template is { } template ? Approved(template) : new JsonObject { ["body"] = message.Message.BodyText },
            ["biz_opaque_callback_data"] = message.Message.Id.ToString(),
        };
        if (message.InReplyTo is { } answered)
        {
            body["context"] = new JsonObject { ["message_id"] = answered };
        }

        var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Value.WhatsappApi.TrimEnd('/')}/{Uri.EscapeDataString(message.From!.Address!)}/messages")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", options.Value.WhatsappAccessToken) },
            Content = JsonContent.Create(body),
        };
        return Provider.SendAsync(
            http, request,
            answer => answer.Member("messages").Items(1).Select(one => one.Text("id", 500)).FirstOrDefault() is { } id ? new Taken(id) : null,
            (status, answer) =>
            {
                var error = answer.Member("error");
                var code = error.Member("code").Integer();
                return new(
                    error.Text("code", 20) ?? $"{status}", error.Member("error_data").Text("details", 1_000) ?? error.Text("message", 1_000),
                    status is 401 or 403 && WhatsappStatuses.FateOf(code) == DeliveryFate.Unknown ? DeliveryFate.ChannelBroken
                        : status == 429 ? DeliveryFate.Again
                        : WhatsappStatuses.FateOf(code));
            },
            cancellation);
    }

    private static JsonObject Approved(ProviderTemplate template)
    {
        var approved = new JsonObject { ["name"] = template.Name, ["language"] = new JsonObject { ["code"] = template.Language } };
        if (template.Parameters.Count > 0)
        {
            approved["components"] = new JsonArray(new JsonObject
            {
                ["type"] = "body",
                ["parameters"] = new JsonArray([.. template.Parameters.Select(text => new JsonObject { ["type"] = "text", ["text"] = OneLine(text) })]),
            });
        }

        return approved;
    }

    // WhatsApp refuses parameters with line ends, tabs and many blanks.
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
