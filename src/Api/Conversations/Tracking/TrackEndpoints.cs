using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Conversations.Tracking;

/// <summary>The customer's link: <c>/track/{token}</c> for people, and what the page reads and sends, <c>/api/track/{token}</c>.</summary>
internal static class TrackEndpoints
{
    private const string Reason = "the token in the address is the credential: a customer has no account";

    private const string Link = "/api/track/{token}";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Link, FindAsync).OpenToAll(Reason).WithMetadata(new SecretInPath()).Produces<TrackView>()
            .WithTags("Track").WithName("GetTrack").WithSummary("What a customer sees of their visit, by the token of their link.");
        routes.MapPost($"{Link}/confirm", ConfirmAsync).OpenToAll(Reason).WithMetadata(new SecretInPath()).Produces<TrackView>()
            .WithTags("Track").WithName("ConfirmTrack").WithSummary("The customer says that the time of their visit suits them. Said again it has no further effect.");
        routes.MapPost($"{Link}/reschedule", RescheduleAsync).OpenToAll(Reason).WithMetadata(new SecretInPath()).Produces<TrackView>()
            .WithTags("Track").WithName("RescheduleTrack").WithSummary("The customer asks for another time: a wish that people see to. The same said again is one wish.");
        // The same for every token: the page itself tells nobody whether there is such a link.
        routes.MapMethods("/track/{token}", Reading, (HttpContext http) => TrackPage.Answer(http)).OpenToAll(Reason).WithMetadata(new SecretInPath()).ExcludeFromDescription();
    }

    private static Task<IResult> FindAsync(string token, HttpContext http, TrackReader tracks) =>
        AnswerAsync(token, http, tracks, _ => Task.FromResult<Error?>(null));

    private static Task<IResult> ConfirmAsync(string token, HttpContext http, TrackReader tracks, TrackAnswers answers, ConfirmBody? body = null) =>
        AnswerAsync(token, http, tracks, link => answers.ConfirmAsync(link, body?.Shown, http));

    private static Task<IResult> RescheduleAsync(string token, HttpContext http, TrackReader tracks, TrackAnswers answers, RescheduleBody? body = null) =>
        AnswerAsync(token, http, tracks, link => answers.AskAsync(link, body?.Shown, body?.Dates ?? [], body?.Reason, http));

    // One that never was, one that is dead and one that nobody may guess are answered alike, whatever was asked.
    private static async Task<IResult> AnswerAsync(string token, HttpContext http, TrackReader tracks, Func<OpenLink, Task<Error?>> act)
    {
        // Nobody keeps where a van is, and no page that the link is on is told of it.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var link = await tracks.FindAsync(token, http.RequestAborted);
        if (link is not null && await act(link) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (link is not null && HttpMethods.IsPost(http.Request.Method))
        {
            link = await tracks.FindAsync(token, http.RequestAborted);
        }

        return link is not null
            ? TypedResults.Ok(link.View)
            : ProblemAnswers.Of(StatusCodes.Status404NotFound, "not-found", "Not found", "There is no such link, or its time is over.");
    }

    /// <summary>That the time suits; all of it optional.</summary>
    /// <param name="Shown">The arrival as the page showed it: where it has changed since, nothing is confirmed (409).</param>
    public sealed record ConfirmBody(TrackArrival? Shown = null);

    /// <summary>That another time would suit better; all of it optional.</summary>
    /// <param name="Dates">Days that would suit, at most 5, after today.</param>
    /// <param name="Reason">In the customer's words, at most 1,000 characters.</param>
    /// <param name="Shown">The arrival as the page showed it: where it has changed since, nothing is asked (409).</param>
    public sealed record RescheduleBody(IReadOnlyList<DateOnly>? Dates = null, string? Reason = null, TrackArrival? Shown = null);
}
