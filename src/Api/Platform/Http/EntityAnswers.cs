using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Platform.Http;

/// <summary>What the endpoints of every entity say alike.</summary>
internal static class EntityAnswers
{
    /// <summary>Reads a list's query string.</summary>
    public static Result<ListQuery> Parse(this ListDefinition list, HttpContext http) => list.Parse(Parameters(http));

    /// <summary>The query string as a list reads it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parameters(HttpContext http) =>
        http.Request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()));

    /// <summary>
    /// The context of a patch that was applied to the version that was read, whatever the client said: the commit must
    /// find that version unchanged.
    /// </summary>
    public static CommandContext OnVersion(this CommandContext context, long read) =>
        context.Expects(read) ? context with { ExpectedVersion = read, OrVersions = null } : context;

    /// <summary>Gives the entity's version as the answer's ETag.</summary>
    public static void SetVersion(this HttpContext http, long version) => http.Response.Headers.ETag = $"\"{version}\"";
}
