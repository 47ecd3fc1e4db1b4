namespace ChargeCars;

/// <summary>
/// An expected refusal: a value, not an exception. Each kind is one answer over HTTP (RFC 9457), named in its remarks.
/// </summary>
/// <param name="Detail">For the reader: what was wrong, which field or key, what to do.</param>
[GenerateSerializer, Immutable, Alias("error")]
public abstract record Error([property: Id(0)] string Detail);

/// <summary>Nothing by that key, or nothing that the caller may see.</summary>
/// <remarks>HTTP 404.</remarks>
[GenerateSerializer, Immutable, Alias("error.not-found")]
public sealed record NotFound([property: Id(0)] string EntityType, [property: Id(1)] string Key)
    : Error($"There is no {EntityType} {Key}.");

/// <summary>The caller's scope does not allow it, whatever the entity's state.</summary>
/// <remarks>HTTP 403.</remarks>
[GenerateSerializer, Immutable, Alias("error.forbidden")]
public sealed record Forbidden(string Detail) : Error(Detail);

/// <summary>The command's content is wrong; every fault is named by its field, camelCase, as the client sent it.</summary>
/// <remarks>HTTP 400 with <c>errors</c>.</remarks>
[GenerateSerializer, Immutable, Alias("error.invalid")]
public sealed record Invalid([property: Id(0)] IReadOnlyDictionary<string, string[]> Fields)
    : Error("The request has fields that are not valid; see errors.")
{
    /// <summary>One fault in one field.</summary>
    public static Invalid Field(string field, string fault) => new(new Dictionary<string, string[]> { [field] = [fault] });
}

/// <summary>The transition table or a guard refuses the action in the state that the entity is in.</summary>
/// <param name="Action">The action asked for.</param>
/// <param name="From">The status that the entity has.</param>
/// <param name="To">The status that the action leads to.</param>
/// <param name="Allowed">The actions that are allowed now.</param>
/// <param name="Unmet">What would have to be true first; empty when no guard could help.</param>
/// <remarks>HTTP 409 with <c>from</c>, <c>to</c>, <c>allowed</c>, <c>unmet</c>.</remarks>
[GenerateSerializer, Immutable, Alias("error.transition-refused")]
public sealed record TransitionRefused(
    [property: Id(0)] string Action,
    [property: Id(1)] string From,
    [property: Id(2)] string To,
    [property: Id(3)] IReadOnlyList<string> Allowed,
    [property: Id(4)] IReadOnlyList<string> Unmet)
    : Error(Unmet.Count == 0
        ? $"'{Action}' is not possible while the status is '{From}'."
        : $"'{Action}' is not possible yet: {string.Join("; ", Unmet)}.");

/// <summary>The caller decided on a version that is no longer the current one.</summary>
/// <remarks>HTTP 412.</remarks>
[GenerateSerializer, Immutable, Alias("error.stale-version")]
public sealed record StaleVersion([property: Id(0)] long Expected, [property: Id(1)] long Current)
    : Error($"{(Expected == 0 ? "None of the tags in If-Match is the current version's" : $"Version {Expected} was expected")}, but the current version is {Current}: read it again and repeat the change.")
{
    /// <summary>Who changed what since, the newest first; none where the version that was expected never was.</summary>
    [Id(2)] public IReadOnlyList<ChangeSince> Changes { get; init; } = [];
}

/// <summary>A change that somebody made after a caller had read.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="Actor">Who.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Summary">Why, in a word of who did it; else what the command was called.</param>
/// <param name="Fields">The fields of the entity's own row that it changed, camelCase.</param>
[GenerateSerializer, Immutable, Alias("error.change-since")]
public sealed record ChangeSince(long Version, Actor? Actor, DateTimeOffset At, string? Summary, IReadOnlyList<string> Fields);

/// <summary>Another row, command or rule stands in the way; repeating the same request will not help.</summary>
/// <param name="Code">A stable name of the rule, for programs; becomes the problem's type.</param>
/// <param name="Detail">For the reader.</param>
/// <param name="Field">The field at fault, where there is one.</param>
/// <remarks>HTTP 409.</remarks>
[GenerateSerializer, Immutable, Alias("error.conflict")]
public sealed record Conflict([property: Id(0)] string Code, string Detail, [property: Id(1)] string? Field = null) : Error(Detail)
{
    /// <summary>Numbers that a program may want of the refusal, such as <c>available</c>; null without any. Members of the problem.</summary>
    [Id(2)] public IReadOnlyDictionary<string, long>? Figures { get; init; }
}

/// <summary>A fault of the moment: the outcome may be unknown, and the same command (same id) may be sent again safely.</summary>
/// <remarks>HTTP 503 with <c>Retry-After</c>.</remarks>
[GenerateSerializer, Immutable, Alias("error.try-again")]
public sealed record TryAgain(string Detail, [property: Id(0)] int AfterSeconds = 1) : Error(Detail);

/// <summary>The caller has used up a quota, and nothing was evaluated: neither right nor wrong.</summary>
/// <param name="Detail">For the reader.</param>
/// <param name="AfterSeconds">When the next attempt is evaluated.</param>
/// <remarks>HTTP 429 with <c>Retry-After</c>.</remarks>
[GenerateSerializer, Immutable, Alias("error.too-many-attempts")]
public sealed record TooManyAttempts(string Detail, [property: Id(0)] int AfterSeconds) : Error(Detail);

/// <summary>A change that must say which version it was decided on does not say so.</summary>
/// <remarks>HTTP 428.</remarks>
[GenerateSerializer, Immutable, Alias("error.version-required")]
public sealed record VersionRequired()
    : Error("Send If-Match with the ETag of the version that you read, so that nobody's change is overwritten unseen.");
