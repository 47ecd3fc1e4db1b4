namespace ChargeCars.Telephony.Calls;

/// <summary>A text of what was said in a call, or all of them together. What it does not have is null.</summary>
internal sealed record CallText
{
    /// <summary>The language of <see cref="Utterances"/>, such as <c>nl</c>.</summary>
    public string? Language { get; init; }

    /// <summary>Word by word, in order.</summary>
    public IReadOnlyList<CallUtterance>? Utterances { get; init; }

    /// <summary>In a few sentences.</summary>
    public string? Summary { get; init; }

    /// <summary>What it was about.</summary>
    public IReadOnlyList<string>? Topics { get; init; }

    /// <summary>The customer's mood: <c>positive</c>, <c>neutral</c> or <c>negative</c>; open text.</summary>
    public IReadOnlyList<string>? Sentiments { get; init; }
}

/// <summary>What somebody said in one go.</summary>
/// <param name="AtSeconds">Seconds after the recording began.</param>
/// <param name="IsCustomer">Whether it was the other party, not an agent.</param>
/// <param name="AgentId">Aircall's id of the agent.</param>
/// <param name="Text">What they said.</param>
internal sealed record CallUtterance(int? AtSeconds, bool IsCustomer, string? AgentId, string Text);
