namespace ChargeCars.Conversations.Providers;

/// <summary>What a text asks for, apart from an answer.</summary>
internal enum OptOutWord
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No more messages from this sender.</summary>
    Stop,

    /// <summary>Messages again.</summary>
    Start,

    /// <summary>How to stop.</summary>
    Help,
}

/// <summary>The words by which people end and resume messages: per number and sender.</summary>
internal static class OptOutWords
{
    /// <summary>Only where the word is the whole text, or all before a full stop: "Stop met bellen" is a complaint.</summary>
    public static OptOutWord Read(string? text)
    {
        var words = (text ?? "").Trim();
        var stop = words.IndexOf('.', StringComparison.Ordinal);
        return (stop > 0 ? words[..stop] : words).Trim().TrimEnd('!').ToUpperInvariant() switch
        {
            "STOP" or "STOPPEN" or "AFMELDEN" or "UNSUBSCRIBE" => OptOutWord.Stop,
            "START" => OptOutWord.Start,
            "HELP" => OptOutWord.Help,
            _ => OptOutWord.None,
        };
    }
}
