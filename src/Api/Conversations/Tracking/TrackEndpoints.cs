using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Conversations.Tracking;

/// <summary>The customer's link: <c>/track/{token}</c> for people, and what the page reads, <c>/api/track/{token}</c>.</summary>
internal static class TrackEndpoints
{
    private const string Reason = "the token in the address is the credential: a customer has no account";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/track/{token}", FindAsync).OpenToAll(Reason).Produces<TrackView>()
            .WithTags("Track").WithName("GetTrack").WithSummary("What a customer sees of their visit, by the token of their link.");
        // The same for every token: the page itself tells nobody whether there is such a link.
        routes.MapMethods("/track/{token}", Reading, (HttpContext http) => TrackPage.Answer(http)).OpenToAll(Reason).ExcludeFromDescription();
    }

    private static async Task<IResult> FindAsync(string token, HttpContext http, TrackReader tracks)
    {
        // Nobody keeps where a van is, and no page that the link is on is told of it.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return await tracks.FindAsync(token, http.RequestAborted) is { } view
            ? TypedResults.Ok(view)
            : ProblemAnswers.Of(StatusCodes.Status404NotFound, "not-found", "Not found", "There is no such link, or its time is over.");
    }
}
