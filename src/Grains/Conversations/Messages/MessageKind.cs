using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Conversations.Messages;

/// <summary>Messages. They have no editor and no grain: their thread writes them.</summary>
public sealed class MessageKind : IEntityTable<CommunicationMessage>
{
    // More of a text than anybody remembers words of; a mail may have a hundred thousand characters.
    private const int LongestFound = 10_000;

    private const int LongestTitle = 80;

    /// <inheritdoc/>
    public static RowMapping<CommunicationMessage> Rows { get; } = new("communication_message");

    /// <summary>
    /// By its subject, who it is from and to, and what it says itself: what it quotes is another message's. Who sees the row sees all of
    /// these; those in blind copy are not for everybody and find nothing.
    /// </summary>
    public static Func<CommunicationMessage, SearchText> Findable { get; } = static message =>
    {
        var said = OwnText(message);
        return new(message.Subject ?? Cut(said?.Split('\n')[0].Trim(), LongestTitle) ?? message.SenderName ?? "")
        {
            Subtitle = message.SenderName ?? message.SenderEmail ?? message.CounterpartKey,
            Emails = [.. new[] { message.SenderEmail }.Concat(message.RecipientEmails).Concat(message.CcEmails).Where(IsMail)],
            Phones = [.. new[] { message.CounterpartKey }.Concat(message.RecipientEmails).Where(address => address is ['+', ..])],
            Also = [.. message.Attachments.Where(file => !file.IsInline).Take(20).Select(file => file.FileName)],
            Prose = Cut(said, LongestFound),
            IsMixed = true,
        };
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(CommunicationMessage state) => throw new NotSupportedException("A message's changes are its thread's.");

    /// <inheritdoc/>
    public static object Label(CommunicationMessage state) => new { state.Subject };

    private static string? OwnText(CommunicationMessage message)
    {
        if (message.BodyText is not { } text)
        {
            return null;
        }

        var own = message.Folds.Where(fold => fold.Kind == "text" && fold.Start >= 0 && fold.Length >= 0 && fold.Start <= text.Length - fold.Length)
            .Select(fold => text.Substring(fold.Start, fold.Length)).ToList();
        // A mail that is nothing but what it forwards says that.
        return string.Concat(own) is { } said && !string.IsNullOrWhiteSpace(said) ? said.Trim() : text.Trim();
    }

    private static string? Cut(string? text, int length) => string.IsNullOrEmpty(text) ? null : StorableText.Cut(text, length);

    private static bool IsMail(string? address) => address?.Contains('@', StringComparison.Ordinal) ?? false;
}
