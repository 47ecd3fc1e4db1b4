using System.Text.Json.Serialization;

namespace ChargeCars;

/// <summary>What kind of caller made a change.</summary>
[JsonConverter(typeof(WireEnumConverter<ActorKind>))]
public enum ActorKind
{
    /// <summary>The program itself.</summary>
    System,

    /// <summary>A person with a login.</summary>
    User,

    /// <summary>A program with an API key.</summary>
    Key,

    /// <summary>A feed: a tracker, the telephony webhook.</summary>
    Feed,

    /// <summary>A customer, by the link of their visit.</summary>
    Customer,
}

/// <summary>Who made a change, as audit rows and change events carry it.</summary>
/// <param name="Kind">What kind of caller.</param>
/// <param name="Id">The user account's, the API key's or the customer's link's id; null for the program itself.</param>
/// <param name="Name">What a person calls the caller: an email address, a key's name.</param>
/// <param name="ContactId">The user's contact, for <c>changed_by_contact_id</c>; not shown to clients.</param>
[GenerateSerializer, Immutable, Alias("actor")]
public sealed record Actor(
    [property: Id(0)] ActorKind Kind,
    [property: Id(1)] Guid? Id,
    [property: Id(2)] string Name,
    [property: Id(3), JsonIgnore] Guid? ContactId = null)
{
    /// <summary>A customer without an account, by the link that they were sent.</summary>
    /// <param name="link">The link.</param>
    public static Actor CustomerBy(Guid link) => new(ActorKind.Customer, link, "customer by link");

    /// <summary>The program itself.</summary>
    public static Actor System { get; } = new(ActorKind.System, null, "system");
}

/// <summary>What every command carries beside its content.</summary>
/// <param name="CommandId">
/// The command's id. The same id again gives the same answer and one effect, also across a crash between commit and reply;
/// it becomes the id of the command's row in <c>audit_log</c>.
/// </param>
/// <param name="Actor">Who asks.</param>
/// <param name="ExpectedVersion">The version that the caller decided on (<c>If-Match</c>); null where it does not care.</param>
/// <param name="MayRepeat">
/// Whether the caller chose the id and so may be repeating itself: then a refusal is checked against what the id did before.
/// </param>
/// <param name="IpAddress">Where the request came from.</param>
/// <param name="UserAgent">The program that sent it.</param>
/// <param name="OrVersions">Further versions that do as well as <paramref name="ExpectedVersion"/>; null for none.</param>
[GenerateSerializer, Immutable, Alias("command-context")]
public sealed record CommandContext(
    [property: Id(0)] Guid CommandId,
    [property: Id(1)] Actor Actor,
    [property: Id(2)] long? ExpectedVersion = null,
    [property: Id(3)] bool MayRepeat = false,
    [property: Id(4)] string? IpAddress = null,
    [property: Id(5)] string? UserAgent = null,
    [property: Id(6)] IReadOnlyList<long>? OrVersions = null)
{
    /// <summary>Whether the caller decided on this version, or does not care.</summary>
    public bool Expects(long version) => ExpectedVersion is not { } expected || expected == version || OrVersions?.Contains(version) == true;
}

/// <summary>One action of an entity and whether its state allows it now.</summary>
/// <param name="Action">The action's name in the route.</param>
/// <param name="To">The status that it leads to.</param>
/// <param name="Allowed">Whether it would be accepted now, given what its body must carry.</param>
/// <param name="Unmet">The guards that stand in the way.</param>
[GenerateSerializer, Immutable, Alias("action-option")]
public sealed record ActionOption(
    [property: Id(0)] string Action,
    [property: Id(1)] string To,
    [property: Id(2)] bool Allowed,
    [property: Id(3)] IReadOnlyList<string> Unmet);
