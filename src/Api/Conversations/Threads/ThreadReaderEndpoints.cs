using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Conversations.Threads.CommunicationThread, ChargeCars.Conversations.Threads.CommunicationThreadDetails,
    ChargeCars.Conversations.Threads.ThreadKind, ChargeCars.Api.Conversations.Threads.ThreadAccess>;

namespace ChargeCars.Api.Conversations.Threads;

/// <summary>Who has a thread before them, and how far each has read. Not for partners: it is colleagues that they would see.</summary>
internal static class ThreadReaderEndpoints
{
    private static readonly string[] States = ["reading", "answering", "none"];

    public static void Map(RouteGroupBuilder threads)
    {
        threads.MapGet("/{id:guid}/read", ReadAsync).RequirePermission(Permissions.ThreadsRead).Produces<ReadView>()
            .WithName("GetThreadRead").WithSummary("How far the caller has read, and how many messages came since.");
        threads.MapPost("/{id:guid}/actions/read", MarkAsync).RequirePermission(Permissions.ThreadsRead).Produces<ReadView>()
            .WithName("ReadThread").WithSummary("The caller has read up to a position; all of it where none is given.");
        threads.MapGet("/{id:guid}/presence", PresentAsync).RequirePermission(Permissions.ThreadsRead).Produces<PresenceView>()
            .WithName("GetThreadPresence").WithSummary("Who reads or answers it at this moment.");
        threads.MapPut("/{id:guid}/presence", EnterAsync).RequirePermission(Permissions.ThreadsRead).Produces<PresenceView>()
            .WithName("SetThreadPresence").WithSummary("The caller is reading, answering, or neither (state); to be said again within 45 seconds.");
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, Routes routes, ThreadReaders readers)
    {
        var found = await FindAsync(id, http, routes);
        return found.Succeeded ? TypedResults.Ok(await readers.ReadAsync(id, Caller.Of(http), http.RequestAborted)) : ProblemAnswers.From(found.Error);
    }

    private static async Task<IResult> MarkAsync(Guid id, HttpContext http, Routes routes, ThreadReaders readers, ReadBody? body = null)
    {
        var found = await FindAsync(id, http, routes);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        var position = body?.Position ?? found.Value.LastPosition;
        if (position < 0 || position > found.Value.LastPosition)
        {
            return ProblemAnswers.From(Invalid.Field("position", $"must be 0 to {found.Value.LastPosition}"));
        }

        await readers.MarkAsync(id, Caller.Of(http), position, http.RequestAborted);
        return TypedResults.Ok(await readers.ReadAsync(id, Caller.Of(http), http.RequestAborted));
    }

    private static async Task<IResult> PresentAsync(Guid id, HttpContext http, Routes routes, ThreadReaders readers)
    {
        var found = await FindAsync(id, http, routes);
        return found.Succeeded ? TypedResults.Ok(new PresenceView(await readers.PresentAsync(id, http.RequestAborted))) : ProblemAnswers.From(found.Error);
    }

    private static async Task<IResult> EnterAsync(Guid id, PresenceBody body, HttpContext http, Routes routes, ThreadReaders readers)
    {
        var found = new FieldFaults().Required("state", body.State).OneOf("state", body.State, States).Invalid is { } fault ? fault : await FindAsync(id, http, routes);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        await readers.SetAsync(found.Value, Caller.Of(http), body.State == "none" ? null : body.State);
        return TypedResults.Ok(new PresenceView(await readers.PresentAsync(id, http.RequestAborted)));
    }

    private static async Task<Result<CommunicationThread>> FindAsync(Guid id, HttpContext http, Routes routes)
    {
        var caller = Caller.Of(http);
        return caller.PartnerOrganizationId is null ? await routes.FindAsync(id, caller, http.RequestAborted) : new NotFound(ThreadKind.Rows.Table, id.ToString());
    }

    /// <summary>How far was read.</summary>
    /// <param name="Position">The position of the newest message that was read; the thread's newest where it is left out.</param>
    public sealed record ReadBody(int? Position = null);

    /// <summary>What the caller does.</summary>
    /// <param name="State"><c>reading</c>, <c>answering</c> or <c>none</c>.</param>
    public sealed record PresenceBody(string? State);

    /// <summary>Who is there.</summary>
    public sealed record PresenceView(IReadOnlyList<ThreadReader> Items);
}
