using System.Text.Json;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Conversations.Sending;

/// <summary>
/// Puts each message in a file of its own, named by the message, which only the host's user can read: for development. What is there
/// was sent, so that a message whose outcome is unknown can be looked for.
/// </summary>
internal sealed class FileMessageSender(ChannelType channel, string folder, ReplyKey key, TimeProvider time) : IMessageSender
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public ChannelType Channel => channel;

    public async Task<SendingResult> SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        PrivateFile.Write(PathOf(message), await TextAsync(message, cancellation));
        return new Taken();
    }

    public Task<SendingResult?> FindAsync(OutgoingMessage message, CancellationToken cancellation) =>
        Task.FromResult<SendingResult?>(File.Exists(PathOf(message)) ? new Taken() : null);

    private string PathOf(OutgoingMessage message) =>
        Path.Combine(folder, $"{message.Message.Id:n}-{message.Message.Delivery?.Attempt ?? 0}{(channel == ChannelType.Email ? ".eml" : ".json")}");

    private async Task<string> TextAsync(OutgoingMessage outgoing, CancellationToken cancellation)
    {
        if (channel != ChannelType.Email)
        {
            var message = outgoing.Message;
            return JsonSerializer.Serialize(
                new { at = time.GetUtcNow(), from = outgoing.From?.Address, to = message.RecipientEmails, text = message.BodyText }, Readable);
        }

        using var mail = OutgoingMail.Of(outgoing, key.Bytes, time.GetUtcNow());
        using var stream = new MemoryStream();
        await mail.WriteToAsync(stream, cancellation);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}

/// <summary>The portal shows a message as soon as it is there: nothing has to be brought anywhere.</summary>
internal sealed class PortalSender : IMessageSender
{
    public ChannelType Channel => ChannelType.Portal;

    public Task<SendingResult> SendAsync(OutgoingMessage message, CancellationToken cancellation) =>
        Task.FromResult<SendingResult>(new Taken(Status: MessageStatus.Delivered));

    public Task<SendingResult?> FindAsync(OutgoingMessage message, CancellationToken cancellation) =>
        Task.FromResult<SendingResult?>(new Taken(Status: MessageStatus.Delivered));
}
