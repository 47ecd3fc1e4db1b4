namespace ChargeCars.Conversations.Providers;

/// <summary>What may be sent by WhatsApp, and to whom.</summary>
internal static class WhatsappRules
{
    /// <summary>After a message of theirs, this long may anything be written to them; then only approved templates.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>Refuses free text outside of the window, before it is sent. Times are UTC.</summary>
    public static Conflict? CheckFreeText(DateTimeOffset? theirLastMessageAt, DateTimeOffset now) => now - theirLastMessageAt < Window
        ? null
        : new Conflict("window_closed", "Their last message is more than 24 hours ago: WhatsApp takes only an approved template now.", "body");

    /// <summary>
    /// The field that names the receiver and what it holds: a user id in <c>to</c> would vanish. A number is sent to in the form in
    /// which it came.
    /// </summary>
    public static (string Field, string Value) Recipient(Counterpart with) =>
        with.Raw.All(char.IsAsciiDigit) ? ("to", with.Raw) : ("recipient", with.Key);

    /// <summary>Both forms of a number of Brazil, Argentina and Mexico, the given one first; else that one alone.</summary>
    public static IReadOnlyList<string> Forms(string e164)
    {
        var other = e164 switch
        {
            ['+', '5', '5', _, _, '9', ..] when e164.Length == 14 => $"{e164[..5]}{e164[6..]}",
            ['+', '5', '5', ..] when e164.Length == 13 => $"{e164[..5]}9{e164[5..]}",
            ['+', '5', '4', '9', ..] => $"+54{e164[4..]}",
            ['+', '5', '4', ..] => $"+549{e164[3..]}",
            ['+', '5', '2', '1', ..] when e164.Length == 14 => $"+52{e164[4..]}",
            ['+', '5', '2', ..] when e164.Length == 13 => $"+521{e164[3..]}",
            _ => null,
        };
        return other is null ? [e164] : [e164, other];
    }
}
