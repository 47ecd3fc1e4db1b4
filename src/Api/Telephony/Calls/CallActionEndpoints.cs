using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>What people say of a call: whose number it is, and what was spoken about.</summary>
internal static class CallActionEndpoints
{
    public static void Map(RouteGroupBuilder calls)
    {
        calls.MapPost("/{id:guid}/actions/link", LinkAsync).RequirePermission(Permissions.CallsWrite).Repeatable().Produces<CallView>()
            .WithName("LinkCall").WithSummary("Says whose number called, where several have it or nobody had.");
        calls.MapPost("/{id:guid}/actions/note", NoteAsync).RequirePermission(Permissions.CallsWrite).Repeatable().Produces<CallView>()
            .WithName("NoteCall").WithSummary("Adds what was spoken about to the call's comments.");
    }

    private static Task<IResult> LinkAsync(Guid id, CallLinkBody body, HttpContext http, CallQueries queries, IGrainFactory grains, TimeProvider time) =>
        ActAsync(id, null, http, queries, grains, time, async (call, _, _) =>
            body.PhoneNumberId is { } number && call.CallerNumber is { } caller && await queries.IsNumberAsync(number, caller, http.RequestAborted)
                ? new LinkCall(number)
                : Invalid.Field("phoneNumberId", call.CallerNumber is { } known ? $"must be a contact's entry of {known}" : "can't be given: the caller withheld the number"));

    private static Task<IResult> NoteAsync(Guid id, CallNoteBody body, HttpContext http, CallQueries queries, IGrainFactory grains, TimeProvider time) =>
        ActAsync(id, new FieldFaults().Lines("text", body.Text, 1..2_000).Invalid, http, queries, grains, time, (call, by, command) =>
        {
            var now = time.GetUtcNow();
            // Beside what agents write in Aircall, and joined like it.
            var comment = new CallComment(command.ToString(), PlainText.TidyLinesOrNull(body.Text) ?? "", now, by.Name);
            return Task.FromResult<Result<EntityCommand<Call>>>(new TakeCallEvent(new() { CallId = call.CallId, Kind = CallEventKind.Commented, At = now, Comments = [comment] }));
        });

    private static async Task<IResult> ActAsync(
        Guid id, Error? fault, HttpContext http, CallQueries queries, IGrainFactory grains, TimeProvider time, Func<Call, Actor, Guid, Task<Result<EntityCommand<Call>>>> decide)
    {
        var (caller, context) = (Caller.Of(http), CommandRequest.Context(http, time));
        if ((context.Error ?? fault) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (await queries.FindAsync(id, caller, http.RequestAborted) is not { } call)
        {
            return ProblemAnswers.From(new NotFound(CallKind.Rows.Table, id.ToString()));
        }

        var command = await decide(call, caller.Actor, context.Value!.CommandId);
        if (!command.Succeeded)
        {
            return ProblemAnswers.From(command.Error);
        }

        var acted = await grains.GetGrain<IEntityGrain<Call>>(id).ExecuteAsync(command.Value, context.Value);
        if (!acted.Succeeded)
        {
            return ProblemAnswers.From(acted.Error);
        }

        http.SetVersion(acted.Value.Version);
        return TypedResults.Ok(CallView.Of(acted.Value));
    }

    /// <summary>Whose number it is.</summary>
    /// <param name="PhoneNumberId">A contact's entry of the caller's number.</param>
    public sealed record CallLinkBody(Guid? PhoneNumberId);

    /// <summary>What was spoken about.</summary>
    /// <param name="Text">1 to 2,000 characters.</param>
    public sealed record CallNoteBody(string? Text);
}
