using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Missed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>Calling back: <c>/api/calls/missed</c>, and who takes it upon themselves.</summary>
internal static class MissedCallEndpoints
{
    public static void Map(RouteGroupBuilder calls)
    {
        calls.MapGet("/missed", ListAsync).TakesQuery(new QueryParameter("limit", $"a whole number from 1 to {ListDefinition.LargestLimit}; {ListDefinition.DefaultLimit} where it is left out"), PastMoment.Parameter)
            .Produces<MissedList>()
            .WithName("ListMissedCalls").WithSummary("Who is to be called back: one item a caller, the most urgent first, with who has claimed it.");
        Action(calls, "claim", "Takes it upon the caller to call back; nobody else can for fifteen minutes.", (call, by, _) => new ClaimCallBack(KeyOf(call), call.BusinessEntity, by));
        Action(calls, "release", "Gives one's claim back.", (call, by, _) => new ReleaseCallBack(KeyOf(call), call.BusinessEntity, by));
        Action(calls, "done", "Ticks the caller off (note?).", (call, by, body) => new FinishCallBack(KeyOf(call), call.BusinessEntity, by, body?.Note));
    }

    private static void Action(RouteGroupBuilder calls, string action, string summary, Func<Call, Guid, CallBackBody?, CallBackCommand> command) =>
        calls.MapPost($"/{{id:guid}}/actions/{action}", (Guid id, HttpContext http, CallQueries queries, IGrainFactory grains, TimeProvider time, CallBackBody? body = null) =>
                ActAsync(id, body, command, http, queries, grains, time))
            .RequirePermission(Permissions.CallsWrite).Repeatable().Produces<CallBackView>()
            .WithName($"{char.ToUpperInvariant(action[0])}{action[1..]}Call").WithSummary(summary);

    private static async Task<IResult> ListAsync(HttpContext http, MissedCallQueries queries, TimeProvider time)
    {
        var parameters = QueryParameters.Of(http);
        var (limit, at) = (parameters.Limit(), parameters.Past(time.GetUtcNow()));
        return parameters.Refusal is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok(new MissedList(await queries.ListAsync(Caller.Of(http), limit, at, http.RequestAborted)));
    }

    private static async Task<IResult> ActAsync(
        Guid id, CallBackBody? body, Func<Call, Guid, CallBackBody?, CallBackCommand> command, HttpContext http, CallQueries queries, IGrainFactory grains, TimeProvider time)
    {
        var (caller, context) = (Caller.Of(http), CommandRequest.Context(http, time));
        if ((context.Error ?? new FieldFaults().Lines("note", body?.Note, ..2_000).Invalid) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (await queries.FindAsync(id, caller, http.RequestAborted) is not { } call)
        {
            return ProblemAnswers.From(new NotFound(CallKind.Rows.Table, id.ToString()));
        }

        var by = caller.Actor.ContactId ?? caller.Actor.Id ?? Guid.Empty;
        // The version that a client knows is the call's, not that of who calls back.
        var acted = await grains.GetGrain<IEntityGrain<CallBack>>(CallBackKind.IdOf(KeyOf(call)))
            .ExecuteAsync(command(call, by, body), context.Value! with { ExpectedVersion = null });
        return acted.Succeeded
            ? TypedResults.Ok(new CallBackView(acted.Value.Caller, acted.Value.ClaimedBy, acted.Value.ClaimedUntil, acted.Value.DoneAt, acted.Value.DoneBy, acted.Value.Note))
            : ProblemAnswers.From(acted.Error);
    }

    private static string KeyOf(Call call) => MissedCalls.KeyOf(call) ?? call.CallId;

    /// <summary>What is said about calling back.</summary>
    /// <param name="Note">What came of it.</param>
    public sealed record CallBackBody(string? Note = null);

    /// <summary>Who calls a caller back.</summary>
    /// <param name="Caller">The caller: their number, or the call's id where it is withheld.</param>
    /// <param name="ClaimedBy">Who has claimed it.</param>
    /// <param name="ClaimedUntil">When the claim expires, UTC.</param>
    /// <param name="DoneAt">When they were ticked off last, UTC.</param>
    /// <param name="DoneBy">By whom.</param>
    /// <param name="Note">What came of it.</param>
    public sealed record CallBackView(string Caller, Guid? ClaimedBy, DateTimeOffset? ClaimedUntil, DateTimeOffset? DoneAt, Guid? DoneBy, string? Note);

    /// <summary>Who is to be called back.</summary>
    public sealed record MissedList(IReadOnlyList<MissedCallerView> Items);
}
