using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Money.Numbering;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using OrderRoutes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Order, ChargeCars.Orders.OrderDetails, ChargeCars.Orders.OrderKind, ChargeCars.Api.Orders.OrderAccess>;
using VisitRoutes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Visits.Visit, ChargeCars.Orders.Visits.VisitDetails, ChargeCars.Orders.Visits.VisitKind, ChargeCars.Api.Orders.Visits.VisitAccess>;

namespace ChargeCars.Api.Orders.Visits;

/// <summary>The visits of an order.</summary>
internal static class OrderVisitEndpoints
{
    private static readonly OrderStatus[] Over = [OrderStatus.Completed, OrderStatus.Invoiced, OrderStatus.Closed, OrderStatus.Cancelled];

    private const int MostTurns = 100;

    public static void Map(RouteGroupBuilder orders)
    {
        orders.MapGet("/{id:guid}/visits", ListAsync).RequirePermission(Permissions.VisitsRead).TakesQuery(VisitKind.List).Produces<Page<Visit>>()
            .WithName("ListOrderVisits").WithSummary("The visits of an order.");
        orders.MapPost("/{id:guid}/visits", MakeAsync).RequirePermission(Permissions.VisitsWrite).Repeatable().Produces<Visit>(201).ShowsBody(VisitAccess.Example)
            .WithName("CreateVisit").WithSummary("Makes a visit of an order, still without a time; it gets its number.");
    }

    private static async Task<IResult> ListAsync(Guid id, HttpContext http, OrderRoutes orders, EntityQueries<Visit, VisitDetails, VisitKind> visits)
    {
        var query = VisitKind.List.Parse(http);
        var found = query.Succeeded ? await orders.FindAsync(id, Caller.Of(http), http.RequestAborted) : query.Error;
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        var ofOrder = query.Value! with { Scope = VisitAccess.Visible(Caller.Of(http)), Filters = [.. query.Value!.Filters, ("order_id", Sql.Uuid(id))] };
        return TypedResults.Ok(await visits.ListAsync(ofOrder, http.RequestAborted));
    }

    private static async Task<IResult> MakeAsync(
        Guid id, VisitBody body, HttpContext http, OrderRoutes orders, EntityDirectory directory, NpgsqlDataSource source, ChecklistTemplate signOff, OrderReferences references,
        OrderNumbers numbers, IGrainFactory grains, TimeProvider time)
    {
        var (caller, details) = (Caller.Of(http), body.WithoutAssignees());
        var context = CommandRequest.Context(http, time);
        var found = context.Succeeded ? await orders.FindAsync(id, caller, http.RequestAborted) : context.Error;
        if ((found.Error ?? VisitAccess.RefuseWriting(caller, details, null) ?? VisitKind.Check(details, time.GetUtcNow()) ?? VisitDecider.CheckAssignees(body.Assignees ?? [])
            ?? await directory.CheckAsync(
                [.. VisitAccess.References(details), .. (body.Assignees ?? []).Select((one, index) => new EntityReference($"assignees[{index}].contactId", "contact", one?.ContactId))],
                caller, http.RequestAborted)
            ?? await references.CheckAsync(details, id, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var order = found.Value!;
        if (Over.Contains(order.OrderStatus))
        {
            return ProblemAnswers.From(new Conflict("order_over", $"The order is {WireText.Of(order.OrderStatus)}: it gets no more visits."));
        }

        var visitId = CommandRequest.NewId(context.Value!, time);
        var checklist = details.VisitType is VisitType.Install or VisitType.Rework ? ChecklistRules.Freeze(signOff) : null;
        var made = await numbers.MakeAsync(new(order.BusinessEntity!.Value, NumberType.Visit), visitId, context.Value!, MakeInTurnAsync);
        return VisitRoutes.Answer(http, made, visit => TypedResults.Created($"{VisitAccess.Route}/{visitId}", visit));

        // Of several at one moment each time one gets the place, and the others ask for the next.
        async Task<Result<Visit>> MakeInTurnAsync(string number)
        {
            for (var turn = 1; ; turn++)
            {
                var make = new MakeVisit(
                    details with { AddressId = details.AddressId ?? order.InstallationAddressId }, id, order.BusinessEntity.Value, number,
                    await NextSequenceAsync(source, id, visitId, http.RequestAborted), body.Assignees ?? [], checklist);
                var made = await grains.GetGrain<IEntityGrain<Visit>>(visitId).ExecuteAsync(make, context.Value!);
                if (made.Error != VisitKind.SequenceTaken || turn == MostTurns)
                {
                    return made;
                }
            }
        }
    }

    // Its own where it was made before: the same request again.
    private static async Task<int> NextSequenceAsync(NpgsqlDataSource source, Guid order, Guid visit, CancellationToken cancellation)
    {
        const string Next = """
            SELECT coalesce((SELECT sequence FROM visit WHERE id = $2), (SELECT coalesce(max(sequence), 0) + 1 FROM visit WHERE order_id = $1))
            """;
        await using var command = source.CreateCommand(Next);
        command.Parameters.Add(Sql.Uuid(order));
        command.Parameters.Add(Sql.Uuid(visit));
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>A new visit.</summary>
    public sealed record VisitBody : VisitDetails
    {
        /// <summary>Who goes.</summary>
        public IReadOnlyList<Assignment>? Assignees { get; init; }

        /// <summary>What the visit itself has of it.</summary>
        public VisitDetails WithoutAssignees() => EntityDetails<VisitDetails, VisitDetails>.Into(new(), this);
    }
}
