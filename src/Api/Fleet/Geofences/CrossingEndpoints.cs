using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Fleet.Geofences;

/// <summary>What happened at geofences, over HTTP.</summary>
public static class CrossingEndpoints
{
    /// <summary>Maps <c>/api/geofence-events</c>.</summary>
    public static void MapCrossings(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/geofence-events", List).RequirePermission(Permissions.GeofencesRead).TakesQuery(CrossingQueries.List).Produces<Page<GeofenceCrossing>>()
            .WithTags("Geofences").WithName("ListGeofenceEvents")
            .WithSummary("Which vehicles entered and left, the newest first; latitude and longitude are null without positions.read.");

    private static async Task<IResult> List(HttpContext http, CrossingQueries crossings)
    {
        var query = CrossingQueries.List.Parse(http);
        if (!query.Succeeded)
        {
            return ProblemAnswers.From(query.Error);
        }

        var caller = Caller.Of(http);
        var text = new ScopeText();
        var scoped = query.Value.InScope(caller, "vehicle_id") with { Scope = text.All(text.OfBusinessEntities(caller, orNone: true)) };
        var page = await crossings.ListAsync(scoped, http.RequestAborted);
        return TypedResults.Ok(page with { Items = [.. page.Items.Select(crossing => crossing.MaskedFor(caller))] });
    }
}
