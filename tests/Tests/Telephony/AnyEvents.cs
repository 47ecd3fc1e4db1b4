using ChargeCars.Telephony.Calls;

namespace ChargeCars.Tests.Telephony;

/// <summary>
/// Events of a call that make no sense together: any kind at any moment, any member there or not, the same ids with other names, and all of
/// it from few values, so that what was said at once contradicts itself.
/// </summary>
internal sealed class AnyEvents(Random random)
{
    private static readonly CallEventKind[] Kinds = Enum.GetValues<CallEventKind>();

    public CallEvent Next() => new()
    {
        CallId = "1",
        Kind = Kinds[random.Next(Kinds.Length)],
        At = Time()!.Value,
        CallUuid = Word(),
        DirectLink = Word(),
        Direction = random.Next(3) switch { 0 => CallDirection.Inbound, 1 => CallDirection.Outbound, _ => null },
        IsDone = random.Next(6) == 0,
        StartedAt = Maybe(Time),
        AnsweredAt = Maybe(Time),
        EndedAt = Maybe(Time),
        Duration = random.Next(3) == 0 ? random.Next(-5, 5) : null,
        RawDigits = random.Next(4) switch { 0 => "+31 6 12345678", 1 => "anonymous", 2 => "020-1234567", _ => null },
        MissedCallReason = Word(),
        HangupCause = random.Next(4) switch { 0 => "busy", 1 => "network_failure", 2 => "normal", _ => null },
        Cost = random.Next(3) == 0 ? random.Next(3) / 100m : null,
        Asset = Word(),
        RecordingUrl = Word(),
        VoicemailUrl = Word(),
        Line = random.Next(2) == 0 ? new(Id(), Word(), Word()) : null,
        Agent = Person(),
        AssignedTo = Person(),
        TransferredBy = Person(),
        TransferredTo = Person(),
        IsArchived = random.Next(3) switch { 0 => true, 1 => false, _ => null },
        Teams = Some(() => new CallTeam(Id(), Word())),
        Tags = Some(() => new CallTag(Id(), Word())),
        HasAllTags = random.Next(3) == 0,
        Comments = Some(() => new CallComment(Id(), Word() ?? "", Maybe(Second), Word())),
        HasAllComments = random.Next(3) == 0,
        IvrOptions = Some(() => new IvrChoice(Word(), Word(), Word(), Word(), Maybe(Time))),
    };

    private CallPerson? Person() => random.Next(2) == 0 ? new(Id(), Word(), Word()) : null;

    private string Id() => $"{random.Next(3)}";

    private string? Word() => random.Next(3) switch { 0 => "a", 1 => "b", _ => null };

    private T? Maybe<T>(Func<T?> value) where T : struct => random.Next(2) == 0 ? value() : null;

    // To the millisecond: within one second too there is an order, or none.
    private DateTimeOffset? Time() => DateTimeOffset.FromUnixTimeMilliseconds(1_796_000_000_000 + (random.Next(4) * 1_000) + random.Next(2));

    private DateTimeOffset? Second() => DateTimeOffset.FromUnixTimeSeconds(1_796_000_000 + random.Next(4));

    private T[] Some<T>(Func<T> one) => [.. Enumerable.Range(0, random.Next(3)).Select(_ => one())];
}
