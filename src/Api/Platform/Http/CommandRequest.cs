using System.Globalization;
using ChargeCars.Api.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Platform.Http;

/// <summary>What a request says beside its body: who, by which id, on which version.</summary>
public static class CommandRequest
{
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
        var ifMatch = http.Request.Headers.IfMatch.ToString();
        long? expected = null;
        if (ifMatch.Length > 0 && ifMatch != "*")
        {
            if (!EntityTagHeaderValue.TryParse(ifMatch, out var tag) || tag.IsWeak
                || !long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            {
                return Invalid.Field("If-Match", "must be the ETag of the version that was read, such as \"3\"");
            }

            expected = version;
        }
        else if (versionRequired)
        {
            return new VersionRequired();
        }

        var caller = Caller.Of(http);
        var key = http.Request.Headers[IdempotencyKey].ToString();
        return new CommandContext(
            key.Length > 0 ? DerivedId(caller, http.Request.Path, key) : Guid.CreateVersion7(time.GetUtcNow()),
            caller.Actor,
            expected,
            MayRepeat: key.Length > 0,
            RequestOrigin.Address(http),
            RequestOrigin.Agent(http));
    }

    /// <summary>The id of a thing that this request makes: the same for every repetition of an Idempotency-Key.</summary>
    public static Guid NewId(CommandContext context, TimeProvider time) =>
        context.MayRepeat ? NameBasedId.Of($"{context.CommandId}/created") : Guid.CreateVersion7(time.GetUtcNow());

    private static Guid DerivedId(Caller caller, PathString path, string key) => NameBasedId.Of($"{caller.Key}\n{path}\n{key}");
}
