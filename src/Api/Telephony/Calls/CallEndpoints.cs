using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Telephony.Agents;
using ChargeCars.Api.Telephony.Aircall;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary><c>/api/calls</c> and <c>/api/telephony</c>.</summary>
public static class CallEndpoints
{
    /// <summary>Adds what they need.</summary>
    public static IServiceCollection AddCallIntake(this IServiceCollection services) => services
        .AddSingleton<CallQueries>()
        .AddSingleton(CallView.Hidden)
        .AddSingleton<CallListening>()
        .AddSingleton<MissedCallQueries>()
        .AddSingleton<AircallTokens>()
        .AddSingleton<AircallIntake>();

    /// <summary>Maps them.</summary>
    public static void MapCalls(this IEndpointRouteBuilder routes)
    {
        var calls = routes.MapGroup("/api/calls").WithTags("Calls").RequirePermission(Permissions.CallsRead);
        calls.MapGet("", ListAsync).TakesQuery(CallQueries.List).Produces<Page<CallView>>()
            .WithName("ListCalls").WithSummary("Calls, a page at a time.")
            .WithDescription("With at: those that had begun by then, as far as they had got by their own times, with what had been said of them; numbers and links are of now.");
        calls.MapGet("/{id:guid}", GetAsync).Produces<CallView>()
            .WithName("GetCall").WithSummary("One call.");
        foreach (var what in new[] { "recording", "voicemail" })
        {
            calls.MapGet($"/{{id:guid}}/{what}", (Guid id, HttpContext http, CallQueries queries, CallListening listening, TimeProvider time) =>
                    ListenAsync(id, what, http, queries, listening, time))
                .RequirePermission(Permissions.CallsListen).Produces<CallSound>()
                .WithName(what == "recording" ? "GetRecording" : "GetVoicemail").WithSummary($"Where the call's {what} can be heard; who asks is put on record.");
        }

        calls.MapGet("/{id:guid}/text", ReadTextAsync).RequirePermission(Permissions.CallsListen).Produces<CallTextView>()
            .WithName("GetCallText").WithSummary("What the telephony system wrote of what was said; who asks is put on record.");
        MissedCallEndpoints.Map(calls);
        CallActionEndpoints.Map(calls);
        CallCardEndpoints.Map(calls);
        AircallEndpoints.Map(routes);
        AgentEndpoints.Map(routes);
    }

    private static async Task<IResult> ListAsync(HttpContext http, CallQueries queries, TimeProvider time)
    {
        var query = CallQueries.List.Parse(http);
        if ((query.Error ?? PastMoment.Refusal(query.Value?.At, time.GetUtcNow())) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var page = await queries.PageAsync(query.Value!, Caller.Of(http), http.RequestAborted);
        return TypedResults.Ok(new Page<CallView>([.. page.Items.Select(CallView.Of)], page.NextCursor));
    }

    private static async Task<IResult> ListenAsync(
        Guid id, string what, HttpContext http, CallQueries queries, CallListening listening, TimeProvider time)
    {
        if (await queries.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } call)
        {
            return ProblemAnswers.From(new NotFound(CallKind.Rows.Table, id.ToString()));
        }

        var sound = await listening.OpenAsync(call, what, RequestOrigin.Context(http, time), http.RequestAborted);
        return sound.Succeeded ? TypedResults.Ok(sound.Value) : ProblemAnswers.From(sound.Error);
    }

    private static async Task<IResult> ReadTextAsync(Guid id, HttpContext http, CallQueries queries, CallListening listening, TimeProvider time)
    {
        if (await queries.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } call)
        {
            return ProblemAnswers.From(new NotFound(CallKind.Rows.Table, id.ToString()));
        }

        var text = await listening.ReadAsync(call, RequestOrigin.Context(http, time), http.RequestAborted);
        return text.Succeeded ? TypedResults.Ok(text.Value) : ProblemAnswers.From(text.Error);
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, CallQueries queries)
    {
        if (await queries.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } call)
        {
            return ProblemAnswers.From(new NotFound(CallKind.Rows.Table, id.ToString()));
        }

        http.SetVersion(call.Version);
        return TypedResults.Ok(CallView.Of(call));
    }
}
