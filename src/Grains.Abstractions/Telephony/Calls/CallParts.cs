namespace ChargeCars.Telephony.Calls;

/// <summary>A tag of Aircall's.</summary>
/// <param name="Id">Aircall's id as text; the name where it sent none.</param>
/// <param name="Name">As it is called now.</param>
[GenerateSerializer, Immutable, Alias("call.tag")]
public sealed record CallTag(string Id, string? Name);

/// <summary>A team of Aircall's.</summary>
/// <param name="Id">Aircall's id as text; the name where it sent none.</param>
/// <param name="Name">As it is called now.</param>
[GenerateSerializer, Immutable, Alias("call.team")]
public sealed record CallTeam(string Id, string? Name);

/// <summary>A user of Aircall's: an agent.</summary>
/// <param name="Id">Aircall's id as text; the email address or name where it sent none.</param>
/// <param name="Name">As they are called now.</param>
/// <param name="Email">Their address, which ties them to a contact of ours.</param>
[GenerateSerializer, Immutable, Alias("call.person")]
public sealed record CallPerson(string Id, string? Name, string? Email);

/// <summary>A business number of Aircall's.</summary>
/// <param name="Id">Aircall's id as text; the digits where it sent none.</param>
/// <param name="Name">As it is called now.</param>
/// <param name="Digits">As Aircall writes it, such as <c>+31 85 012 3456</c>.</param>
[GenerateSerializer, Immutable, Alias("call.line")]
public sealed record CallLine(string Id, string? Name, string? Digits);

/// <summary>What an agent wrote about a call.</summary>
/// <param name="Id">Aircall's id as text; what follows from its content where it sent none.</param>
/// <param name="Content">At most 10,000 characters are kept here; the event itself is kept whole.</param>
/// <param name="PostedAt">UTC.</param>
/// <param name="PostedBy">Who wrote it.</param>
[GenerateSerializer, Immutable, Alias("call.comment")]
public sealed record CallComment(string Id, string Content, DateTimeOffset? PostedAt, string? PostedBy);

/// <summary>One choice in a menu.</summary>
/// <param name="Id">Aircall's id, a number or text.</param>
/// <param name="Title">What the menu calls it.</param>
/// <param name="Key">The key that was pressed.</param>
/// <param name="Branch">The branch of the menu.</param>
/// <param name="CreatedAt">UTC.</param>
[GenerateSerializer, Immutable, Alias("call.ivr-choice")]
public sealed record IvrChoice(string? Id, string? Title, string? Key, string? Branch, DateTimeOffset? CreatedAt);

/// <summary>One agent's part in a call.</summary>
/// <param name="Agent">Who.</param>
/// <param name="RungAt">When their phone rang first, UTC; null where it is not known to have rung.</param>
/// <param name="RingCount">How often their phone rang.</param>
/// <param name="DeclinedAt">When they declined last, UTC.</param>
/// <param name="AnsweredAt">When they answered first, UTC; null where they did not.</param>
/// <param name="LeftAt">When they left it, by transfer or at its end, UTC; null while they talk or where they never did.</param>
/// <param name="TalkSeconds">How long they talked, without holding.</param>
/// <param name="HoldSeconds">How long they kept the caller on hold.</param>
[GenerateSerializer, Immutable, Alias("call.leg")]
public sealed record CallLeg(
    CallPerson Agent,
    DateTimeOffset? RungAt,
    int RingCount,
    DateTimeOffset? DeclinedAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? LeftAt,
    int TalkSeconds,
    int HoldSeconds);
