using System.Text.Json;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Geofences;

/// <summary>Geofences over HTTP: routes requests to their grains and holds no rule but whose fence a caller sees.</summary>
public static class GeofenceEndpoints
{
    /// <summary>Maps <c>/api/geofences</c> and <c>/api/geofence-events</c>.</summary>
    public static void MapGeofences(this IEndpointRouteBuilder routes)
    {
        var fences = routes.MapGroup("/api/geofences").WithTags("Geofences");
        fences.MapGet("/", List).RequirePermission(Permissions.GeofencesRead).Produces<Page<Geofence>>()
            .WithName("ListGeofences").WithSummary("Geofences, a page at a time.");
        fences.MapPost("/", Create).RequirePermission(Permissions.GeofencesWrite).Repeatable().Produces<Geofence>(201)
            .WithName("CreateGeofence").WithSummary("Makes a circle or a polygon; vehicles are watched at it within about a second.");
        fences.MapGet("/{id:guid}", Get).RequirePermission(Permissions.GeofencesRead).Produces<Geofence>()
            .WithName("GetGeofence").WithSummary("One geofence.");
        fences.MapPatch("/{id:guid}", Patch).RequirePermission(Permissions.GeofencesWrite)
            .Accepts<GeofenceDetails>("application/merge-patch+json", "application/json").Produces<Geofence>()
            .WithName("ChangeGeofence").WithSummary("Changes a geofence (JSON merge patch, If-Match).");
        fences.MapDelete("/{id:guid}", Delete).RequirePermission(Permissions.GeofencesWrite).Produces(204)
            .WithName("DeleteGeofence").WithSummary("Deletes a geofence that no vehicle was seen at; else set isActive to false.");
        routes.MapGet("/api/geofence-events", Events).RequirePermission(Permissions.GeofencesRead).Produces<Page<GeofenceCrossing>>()
            .WithTags("Geofences").WithName("ListGeofenceEvents").WithSummary("Which vehicles entered and left, the newest first; latitude and longitude are null without positions.read.");
    }

    private static async Task<IResult> List(HttpContext http, GeofenceLists lists)
    {
        var query = GeofenceLists.Geofences.Parse(http);
        return query.Succeeded
            ? Results.Ok(await lists.ListAsync(query.Value.InGeofenceScope(Caller.Of(http)), Caller.Of(http).BusinessEntities, http.RequestAborted))
            : ProblemAnswers.From(query.Error);
    }

    private static async Task<IResult> Events(HttpContext http, GeofenceLists lists)
    {
        var query = GeofenceLists.Crossings.Parse(http);
        if (!query.Succeeded)
        {
            return ProblemAnswers.From(query.Error);
        }

        var caller = Caller.Of(http);
        var page = await lists.CrossingsAsync(query.Value.InScope(caller, "vehicle_id"), caller.BusinessEntities, http.RequestAborted);
        return Results.Ok(page with { Items = [.. page.Items.Select(crossing => crossing.MaskedFor(caller))] });
    }

    private static async Task<IResult> Create(GeofenceDetails body, HttpContext http, IGrainFactory grains, VisitScope visits, TimeProvider time)
    {
        if (Caller.Of(http).PartnerOrganizationId is not null)
        {
            return ProblemAnswers.Forbidden("Geofences are nothing of a partner's.");
        }

        var context = CommandRequest.Context(http, time);
        if ((context.Error ?? Refusal(http, body)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (!await visits.SeesAsync(Caller.Of(http), body.VisitId, http.RequestAborted))
        {
            return ProblemAnswers.From(VisitScope.Unknown(body.VisitId));
        }

        var id = CommandRequest.NewId(context.Value!, time);
        var result = await grains.GetGrain<IGeofenceGrain>(id).ExecuteAsync(new CreateGeofence(id, body), context.Value!);
        return Answer(http, result, fence => Results.Created($"/api/geofences/{fence.Id}", fence));
    }

    private static async Task<IResult> Get(Guid id, HttpContext http, IGrainFactory grains) =>
        Answer(http, await FindAsync(id, http, grains), Results.Ok);

    private static async Task<IResult> Patch(
        Guid id, JsonElement body, HttpContext http, IGrainFactory grains, VisitScope visits, TimeProvider time, IOptions<JsonOptions> json)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var current = await FindAsync(id, http, grains, toChange: true);
        if (!current.Succeeded)
        {
            return ProblemAnswers.From(current.Error);
        }

        var details = MergePatch.Apply<GeofenceDetails>(current.Value, body, json.Value.SerializerOptions);
        if (Refusal(http, details) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (details.VisitId != current.Value.VisitId && !await visits.SeesAsync(Caller.Of(http), details.VisitId, http.RequestAborted))
        {
            return ProblemAnswers.From(VisitScope.Unknown(details.VisitId));
        }

        var onVersion = context.Value.OnVersion(current.Value.Version);
        return Answer(http, await grains.GetGrain<IGeofenceGrain>(id).ExecuteAsync(new ReviseGeofence(details), onVersion), Results.Ok);
    }

    private static async Task<IResult> Delete(Guid id, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var current = await FindAsync(id, http, grains, toChange: true);
        return current.Succeeded
            ? Answer(null, await grains.GetGrain<IGeofenceGrain>(id).ExecuteAsync(new DeleteGeofence(), context.Value), _ => Results.NoContent())
            : ProblemAnswers.From(current.Error);
    }

    // A fence of a business entity outside the caller's scope is answered like one that does not exist; one that serves
    // all five is theirs to see and not to change.
    private static async Task<Result<Geofence>> FindAsync(Guid id, HttpContext http, IGrainFactory grains, bool toChange = false)
    {
        var found = await grains.GetGrain<IGeofenceGrain>(id).GetAsync();
        return !found.Succeeded ? found
            : !Caller.Of(http).SeesGeofence(found.Value.BusinessEntity) ? new NotFound("geofence", id.ToString())
            : toChange && Refusal(http, found.Value) is { } refusal ? refusal
            : found;
    }

    private static Invalid? Refusal(HttpContext http, GeofenceDetails details) =>
        Caller.Of(http) is { BusinessEntities: { } seen } && (details.BusinessEntity is not { } entity || !seen.Contains(entity))
            ? Invalid.Field("businessEntity", $"must be one of {string.Join(", ", seen.Select(WireText.Of))} for these credentials")
            : null;

    private static IResult Answer(HttpContext? http, Result<Geofence> result, Func<Geofence, IResult> success)
    {
        if (!result.Succeeded)
        {
            return ProblemAnswers.From(result.Error);
        }

        if (http is not null)
        {
            http.SetVersion(result.Value.Version);
        }

        return success(result.Value);
    }
}
