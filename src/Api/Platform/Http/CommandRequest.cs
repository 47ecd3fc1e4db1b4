using System.Globalization;
using ChargeCars.Api.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Platform.Http;

/// <summary>What a request says beside its body: who, by which id, on which version.</summary>
public static class CommandRequest
{
    private static readonly long[] Any = [];

    /// <summary>The header by which a client says which version a change was decided on.</summary>
    public const string IfMatch = "If-Match";

    /// <summary>The header by which a client makes a request repeatable.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>
    /// The context of the request's command. With an Idempotency-Key the command's id follows from caller and key, so a
    /// repetition is recognised by the entity itself, also when this host died before it could answer.
    /// </summary>
    public static Result<CommandContext> Context(HttpContext http, TimeProvider time, bool versionRequired = false)
    {
        var versions = Versions(http.Request.Headers.IfMatch);
        if (!versions.Succeeded)
        {
            return versions.Error;
        }

        if (versionRequired && StringValues.IsNullOrEmpty(http.Request.Headers.IfMatch))
        {
            return new VersionRequired();
        }

        var repetition = RepetitionOf(http);
        return new CommandContext(
            repetition is null ? Guid.CreateVersion7(time.GetUtcNow()) : NameBasedId.Of(repetition),
            Caller.Of(http).Actor,
            versions.Value is [var first, ..] ? first : null,
            MayRepeat: repetition is not null,
            RequestOrigin.Address(http),
            RequestOrigin.Agent(http),
            versions.Value is [_, _, ..] ? versions.Value[1..] : null);
    }

    /// <summary>The id of a thing that this request makes: the same for every repetition of an Idempotency-Key.</summary>
    public static Guid NewId(CommandContext context, TimeProvider time) =>
        context.MayRepeat ? NameBasedId.Of($"{context.CommandId}/created") : Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>
    /// The versions that <c>If-Match</c> names (RFC 9110, 13.1.1); none for any. <c>*</c> is whatever version there is: who sends it
    /// says that nobody's change counts before theirs. A tag that is weak, or that is none of ours, is a version that never is.
    /// </summary>
    private static Result<long[]> Versions(StringValues ifMatch)
    {
        if (StringValues.IsNullOrEmpty(ifMatch))
        {
            return Any;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(ifMatch.ToArray()!, out var tags) || (tags.Count > 1 && tags.Contains(EntityTagHeaderValue.Any)))
        {
            return Invalid.Field(IfMatch, "must be the ETag of the version that was read, such as \"3\", a list of them, or *");
        }

        return tags is [var only] && only.Equals(EntityTagHeaderValue.Any) ? Any : tags.Select(VersionOf).Order().Distinct().ToArray();
    }

    private static long VersionOf(EntityTagHeaderValue tag) =>
        !tag.IsWeak && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    /// <summary>What a request and its repetitions have in common, and no other request has; null without an Idempotency-Key.</summary>
    internal static string? RepetitionOf(HttpContext http) => http.Request.Headers[IdempotencyKey].ToString() is { Length: > 0 } key
        ? $"{Caller.Of(http).Key}\n{http.Request.Path}\n{key}"
        : null;
}
