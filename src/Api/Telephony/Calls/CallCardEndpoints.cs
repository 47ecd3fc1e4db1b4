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

/// <summary>The calls that ring now, with their cards: what a screen shows that connects again.</summary>
internal static class CallCardEndpoints
{
    public static void Map(RouteGroupBuilder calls) => calls.MapGet("/ringing", ListAsync).Produces<RingingList>()
        .WithName("ListRingingCalls").WithSummary("The calls that ring now, each with the card that call.ringing carried.");

    private static async Task<IResult> ListAsync(HttpContext http, CallQueries queries, CallCards cards, TimeProvider time)
    {
        var (caller, now) = (Caller.Of(http), time.GetUtcNow());
        var ringing = new List<RingingCall>();
        foreach (var call in await queries.RingingAsync(now - PopRules.LongestRing, caller, http.RequestAborted))
        {
            if (await cards.OfAsync(call, now, caller.SeesPositions(), http.RequestAborted) is { } card)
            {
                CallCardMask.Apply(card, caller);
                ringing.Add(new(CallView.Of(call), card));
            }
        }

        return TypedResults.Ok(new RingingList(ringing));
    }

    /// <summary>A call that rings, and its card.</summary>
    /// <param name="Call">The call.</param>
    /// <param name="Card">Who may be calling, and what is open with them, as far as the caller may see it.</param>
    public sealed record RingingCall(CallView Call, JsonObject Card);

    /// <summary>The calls that ring now.</summary>
    public sealed record RingingList(IReadOnlyList<RingingCall> Items);
}
