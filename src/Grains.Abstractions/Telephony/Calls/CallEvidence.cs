namespace ChargeCars.Telephony.Calls;

/// <summary>When something was said: by Aircall's clock, then by the kind of event and the place in its list.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Order">Breaks ties within a moment.</param>
[GenerateSerializer, Immutable, Alias("call.stamp")]
public readonly record struct Stamp(long At, int Order) : IComparable<Stamp>
{
    /// <inheritdoc/>
    public int CompareTo(Stamp other) => At.CompareTo(other.At) is not 0 and var byTime ? byTime : Order.CompareTo(other.Order);

    /// <summary>Earlier.</summary>
    public static bool operator <(Stamp one, Stamp other) => one.CompareTo(other) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(Stamp one, Stamp other) => one.CompareTo(other) > 0;

    /// <summary>Earlier, or the same.</summary>
    public static bool operator <=(Stamp one, Stamp other) => one.CompareTo(other) <= 0;

    /// <summary>Later, or the same.</summary>
    public static bool operator >=(Stamp one, Stamp other) => one.CompareTo(other) >= 0;
}

/// <summary>A value and when it was said.</summary>
[GenerateSerializer, Immutable, Alias("call.stamped`1")]
public sealed record Stamped<T>(T Value, Stamp Stamp);

/// <summary>Something that events name: an agent, a team, a number.</summary>
/// <param name="Key">Its id, or what stands for it.</param>
/// <param name="First">When it was named first.</param>
/// <param name="Name">Its newest name.</param>
/// <param name="Detail">The newest of what else is known of it: an email address, digits.</param>
[GenerateSerializer, Immutable, Alias("call.named")]
public sealed record Named(string Key, Stamp First, Stamped<string>? Name, Stamped<string>? Detail);

/// <summary>A tag and when an event listed it last.</summary>
[GenerateSerializer, Immutable, Alias("call.tag-sighting")]
public sealed record TagSighting(string Key, Stamp Last, Stamped<string>? Name);

/// <summary>A comment in its newest wording.</summary>
[GenerateSerializer, Immutable, Alias("call.comment-version")]
public sealed record CommentVersion(string Key, Stamped<CallComment> Comment);

/// <summary>A turn of a call that the time line is made of.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Agent">Whose; the one who hands over, of a transfer.</param>
/// <param name="To">Who it was handed to.</param>
[GenerateSerializer, Immutable, Alias("call.moment")]
public sealed record CallMoment(long At, CallEventKind Kind, string? Agent, string? To);

/// <summary>
/// All that the events of a call have said, joined so that neither order nor repetition matters: sets are united, of two values the
/// one said first or last stays, by a total order. Bounded, so that no stream of events grows a row without end.
/// </summary>
[GenerateSerializer, Immutable, Alias("call.evidence")]
public sealed record CallEvidence
{
    /// <summary>First wins.</summary>
    [Id(0)] public Stamped<string>? CallUuid { get; init; }

    /// <summary>First wins.</summary>
    [Id(1)] public Stamped<CallDirection>? Direction { get; init; }

    /// <summary>First wins: a transfer shows other digits.</summary>
    [Id(2)] public Stamped<string>? RawDigits { get; init; }

    /// <summary>First wins; unix milliseconds.</summary>
    [Id(3)] public Stamped<long>? StartedAt { get; init; }

    /// <summary>First wins; unix milliseconds.</summary>
    [Id(4)] public Stamped<long>? AnsweredAt { get; init; }

    /// <summary>Last wins; unix milliseconds.</summary>
    [Id(5)] public Stamped<long>? EndedAt { get; init; }

    /// <summary>Last wins; seconds.</summary>
    [Id(6)] public Stamped<int>? Duration { get; init; }

    /// <summary>Last wins.</summary>
    [Id(7)] public Stamped<string>? DirectLink { get; init; }

    /// <summary>Last wins.</summary>
    [Id(8)] public Stamped<string>? MissedCallReason { get; init; }

    /// <summary>Last wins.</summary>
    [Id(9)] public Stamped<string>? HangupCause { get; init; }

    /// <summary>Last wins.</summary>
    [Id(10)] public Stamped<decimal>? Cost { get; init; }

    /// <summary>Last wins.</summary>
    [Id(11)] public Stamped<string>? Asset { get; init; }

    /// <summary>Last wins: links die, the newest lives longest.</summary>
    [Id(12)] public Stamped<string>? RecordingUrl { get; init; }

    /// <summary>Last wins.</summary>
    [Id(13)] public Stamped<string>? VoicemailUrl { get; init; }

    /// <summary>The agent that events named last; a key of <see cref="Agents"/>.</summary>
    [Id(14)] public Stamped<string>? LastAgent { get; init; }

    /// <summary>Last wins; a key of <see cref="Agents"/>.</summary>
    [Id(15)] public Stamped<string>? AssignedTo { get; init; }

    /// <summary>Last wins.</summary>
    [Id(16)] public Stamped<bool>? IsArchived { get; init; }

    /// <summary>Whether an event called it done.</summary>
    [Id(17)] public bool IsDone { get; init; }

    /// <summary>By key.</summary>
    [Id(18)] public IReadOnlyList<Named> Lines { get; init; } = [];

    /// <summary>By key.</summary>
    [Id(19)] public IReadOnlyList<Named> Agents { get; init; } = [];

    /// <summary>By key.</summary>
    [Id(20)] public IReadOnlyList<Named> Teams { get; init; } = [];

    /// <summary>By key.</summary>
    [Id(21)] public IReadOnlyList<TagSighting> Tags { get; init; } = [];

    /// <summary>The keys of the tags that were left when all were listed last.</summary>
    [Id(22)] public Stamped<IReadOnlyList<string>>? Untagged { get; init; }

    /// <summary>By key.</summary>
    [Id(23)] public IReadOnlyList<CommentVersion> Comments { get; init; } = [];

    /// <summary>By time.</summary>
    [Id(24)] public IReadOnlyList<IvrChoice> IvrOptions { get; init; } = [];

    /// <summary>By time.</summary>
    [Id(25)] public IReadOnlyList<CallMoment> Moments { get; init; } = [];

    /// <summary>The keys of Aircall's comments that were left when all were listed last.</summary>
    [Id(26)] public Stamped<IReadOnlyList<string>>? CommentsLeft { get; init; }
}
