using System.Text.Json.Nodes;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Pops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>The calls that ring now, and those that are talked, with their cards: what a screen shows that connects again.</summary>
internal static class CallCardEndpoints
{
    private static readonly QueryParameter Answered = new("answered", "true: those too that are answered and not over; false where it is left out");
    private static readonly string[] Ringing = ["initial", "ringing"];

    public static void Map(RouteGroupBuilder calls) => calls.MapGet("/ringing", ListAsync).TakesQuery(Answered).Produces<RingingList>()
        .WithName("ListRingingCalls").WithSummary("The calls that ring now, each with the card that call.ringing carried.");

    private static async Task<IResult> ListAsync(HttpContext http, CallQueries queries, CallCards cards, TimeProvider time)
    {
        var (query, caller, now) = (QueryParameters.Of(http), Caller.Of(http), time.GetUtcNow());
        var isAnswered = query.Value<bool>(Answered.Name, static text => text is "true" or "false" ? text == "true" : null, "must be true or false");
        if (query.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var ringing = new List<RingingCall>();
        var open = await queries.OpenAsync(Ringing, now - PopRules.LongestRing, caller, http.RequestAborted);
        IReadOnlyList<Call> talked = isAnswered is true ? await queries.OpenAsync(["answered"], now - StaleCalls.LongestTalk, caller, http.RequestAborted) : [];
        foreach (var call in open.Concat(talked))
        {
            if (await cards.OfAsync(call, now, caller.SeesPositions(), http.RequestAborted) is { } card)
            {
                CallCardMask.Apply(card, caller);
                ringing.Add(new(CallView.Of(call), card));
            }
        }

        return TypedResults.Ok(new RingingList(ringing));
    }

    /// <summary>A call that rings, or is talked, and its card.</summary>
    /// <param name="Call">The call.</param>
    /// <param name="Card">Who may be calling, and what is open with them, as far as the caller may see it.</param>
    public sealed record RingingCall(CallView Call, JsonObject Card);

    /// <summary>The calls that ring now.</summary>
    public sealed record RingingList(IReadOnlyList<RingingCall> Items);
}
