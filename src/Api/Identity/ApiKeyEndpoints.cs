using ChargeCars.Api.Platform.Http;
using ChargeCars.Identity.Keys;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity;

/// <summary>A key as clients see it; never its secret or hash.</summary>
public sealed record ApiKeyView(
    Guid Id,
    string Name,
    IReadOnlyList<string> Permissions,
    IReadOnlyList<string>? BusinessEntities,
    Guid? PartnerOrganizationId,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Version,
    IReadOnlyList<Guid>? VehicleIds)
{
    /// <summary>The key itself, in the answer to its creation only.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    internal static ApiKeyView Of(ApiKey key, DateTimeOffset? lastUsedAt = null) => new(
        key.Id, key.Name, key.Permissions, key.BusinessEntities?.Select(WireText.Of).ToArray(), key.PartnerOrganizationId,
        key.ExpiresAt, key.RevokedAt, lastUsedAt, key.CreatedAt, key.UpdatedAt, key.Version, key.VehicleIds);
}

/// <summary>A page of keys.</summary>
public sealed record ApiKeyPage(IReadOnlyList<ApiKeyView> Items, string? NextCursor);

/// <summary>Every permission there is; all on one page.</summary>
public sealed record PermissionList(IReadOnlyList<string> Items, string? NextCursor);

/// <summary>The body of a rotation; may be left out.</summary>
/// <param name="OverlapHours">How long the former secret counts on; 24 where nothing is said, 0 for not at all, at most 720.</param>
public sealed record RotateRequest(int? OverlapHours);

/// <summary><c>/api/api-keys</c> and <c>/api/permissions</c>.</summary>
internal static class ApiKeyEndpoints
{
    private const int DefaultOverlapHours = 24;
    private const int LongestOverlapHours = 30 * 24;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/api-keys").WithTags("API keys").RequirePermission(Permissions.ApiKeysManage);
        keys.MapPost("", CreateAsync).RepeatableWithSecret().Produces<ApiKeyView>(StatusCodes.Status201Created)
            .WithName("CreateApiKey").WithSummary("Makes a key that may no more than its author (name, permissions); its secret is shown once.");
        keys.MapGet("", ListAsync).TakesPages().Produces<ApiKeyPage>()
            .WithName("ListApiKeys").WithSummary("The keys, without their secrets.");
        keys.MapGet("/{id:guid}", GetAsync).Produces<ApiKeyView>()
            .WithName("GetApiKey").WithSummary("One key, without its secret.");
        keys.MapDelete("/{id:guid}", RevokeAsync).Produces(StatusCodes.Status204NoContent)
            .WithName("RevokeApiKey").WithSummary("Ends a key at once.");
        keys.MapPost("/{id:guid}/actions/rotate", RotateAsync).RepeatableWithSecret().Produces<ApiKeyView>()
            .WithName("RotateApiKey").WithSummary("A new secret for a key; the former one counts on for a while.");
        routes.MapGet("/api/permissions", ListPermissions).WithTags("API keys").RequireSignedIn()
            .WithName("ListPermissions").WithSummary("Every permission that there is.");
    }

    private static async Task<IResult> CreateAsync(ApiKeyRequest request, HttpContext http, ApiKeyStore store, Refusals refusals, TimeProvider time)
    {
        var (caller, now) = (Caller.Of(http), time.StoredNow());
        var context = CommandRequest.Context(http, time);
        if ((context.Error ?? request.Fault(now)) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        if (request.Escalations(caller) is { Count: > 0 } beyond)
        {
            await refusals.RecordAsync(ApiKeyTable.TableName, Guid.Empty, "Refused: a key with more than its author has", RequestOrigin.Context(http, time), now);
            return ProblemAnswers.Forbidden("A key can't do or see more than who makes it; see errors.", ("errors", beyond));
        }

        var created = await store.CreateAsync(
            CommandRequest.NewId(context.Value!, time), request.ToKey(caller.Actor.ContactId), context.Value!, CommandRequest.RepetitionOf(http));
        return Shown(http, created, view => TypedResults.Created($"/api/api-keys/{view.Id}", view));
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, ApiKeyStore store, CancellationToken cancellation)
    {
        var parameters = QueryParameters.Of(http);
        var (limit, cursor) = (parameters.Limit(), parameters.Value<Guid>("cursor", text => Guid.TryParse(text, out var id) ? id : null, "is not a nextCursor of this list"));
        if (parameters.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var found = await store.PageAsync(Caller.Of(http), cursor, limit + 1, cancellation);
        var items = found.Take(limit).Select(listed => ApiKeyView.Of(listed.Key, listed.LastUsedAt)).ToList();
        return TypedResults.Ok(new ApiKeyPage(items, found.Count > limit ? items[^1].Id.ToString() : null));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, ApiKeyStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, Caller.Of(http), cancellation) is not { } found)
        {
            return ProblemAnswers.From(new NotFound(ApiKeyTable.TableName, id.ToString()));
        }

        http.SetVersion(found.Key.Version);
        return TypedResults.Ok(ApiKeyView.Of(found.Key, found.LastUsedAt));
    }

    // Without If-Match: revoking is right whatever the version, and must not wait for a second look.
    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, ApiKeyStore store, TimeProvider time, CancellationToken cancellation) =>
        await store.RevokeAsync(id, RequestOrigin.Context(http, time), Caller.Of(http), cancellation)
            ? TypedResults.NoContent()
            : ProblemAnswers.From(new NotFound(ApiKeyTable.TableName, id.ToString()));

    private static async Task<IResult> RotateAsync(
        Guid id, HttpContext http, ApiKeyStore store, Refusals refusals, TimeProvider time, CancellationToken cancellation, RotateRequest? body = null)
    {
        var hours = body?.OverlapHours ?? DefaultOverlapHours;
        var context = CommandRequest.Context(http, time);
        if ((context.Error ?? (hours is < 0 or > LongestOverlapHours ? Invalid.Field("overlapHours", $"must be 0 to {LongestOverlapHours}") : null)) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        var caller = Caller.Of(http);
        if (await store.FindAsync(id, caller, cancellation) is { } found && found.Key.Permissions.FirstOrDefault(name => !caller.Permissions.Contains(name)) is { } beyond)
        {
            await refusals.RecordAsync(
                ApiKeyTable.TableName, id, "Refused: a new secret of a key with more than its author has", RequestOrigin.Context(http, time), time.GetUtcNow());
            return ProblemAnswers.Forbidden($"The key has {beyond}, which you do not have yourself.", ("permission", beyond));
        }

        return Shown(
            http, await store.RotateAsync(id, TimeSpan.FromHours(hours), context.Value!, CommandRequest.RepetitionOf(http), caller, cancellation), TypedResults.Ok);
    }

    private static IResult Shown(HttpContext http, Result<(ApiKey Key, string Text)> result, Func<ApiKeyView, IResult> success)
    {
        if (!result.Succeeded)
        {
            return ProblemAnswers.From(result.Error);
        }

        http.SetVersion(result.Value.Key.Version);
        return success(ApiKeyView.Of(result.Value.Key) with { Key = result.Value.Text });
    }

    private static Ok<PermissionList> ListPermissions() => TypedResults.Ok(new PermissionList(Permissions.All, null));
}
