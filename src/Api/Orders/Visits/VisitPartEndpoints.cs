using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Visits.Visit, ChargeCars.Orders.Visits.VisitDetails, ChargeCars.Orders.Visits.VisitKind, ChargeCars.Api.Orders.Visits.VisitAccess>;

namespace ChargeCars.Api.Orders.Visits;

/// <summary>
/// The parts that a visit uses: they come off its van's stock at once, or the technician is told why not. The ledger is the record; a charger
/// with its number is put on record from there.
/// </summary>
internal static class VisitPartEndpoints
{
    public static void Map(RouteGroupBuilder visits)
    {
        visits.MapGet("/{id:guid}/parts", ListAsync).RequirePermission(Permissions.VisitsRead).TakesQuery(StockQueries.Movements).Produces<Page<StockMovement>>()
            .WithName("ListVisitParts").WithSummary("What the visit used and gave back, the newest first.");
        visits.MapPost("/{id:guid}/parts", UseAsync).RequirePermission(Permissions.VisitsWrite).RequirePermission(Permissions.StockWrite).Repeatable().Produces<StockMovement>(201)
            .WithName("UseVisitPart").WithSummary("Takes parts off the van's stock, while the visit is on site; a charger by its serialNumber.");
    }

    private static async Task<IResult> ListAsync(Guid id, HttpContext http, Routes visits, StockQueries stock)
    {
        var query = StockQueries.Movements.Parse(http);
        var found = query.Succeeded ? await visits.FindAsync(id, Caller.Of(http), http.RequestAborted) : query.Error;
        return found.Succeeded
            ? TypedResults.Ok(await stock.MovementsAsync(query.Value! with { Filters = [.. query.Value!.Filters, ("visit_id", Sql.Uuid(id))] }, http.RequestAborted))
            : ProblemAnswers.From(found.Error);
    }

    private static async Task<IResult> UseAsync(
        Guid id, PartBody body, HttpContext http, Routes visits, EntityDirectory directory, StockQueries stock, IGrainFactory grains, TimeProvider time)
    {
        var (caller, context) = (Caller.Of(http), CommandRequest.Context(http, time));
        var found = context.Succeeded ? await visits.FindAsync(id, caller, http.RequestAborted) : context.Error;
        if ((found.Error ?? VisitAccess.RefuseWriting(caller, found.Value!, found.Value)
            ?? (body.ProductId is null ? Invalid.Field("productId", "is required") : null)
            ?? await directory.CheckAsync([new("productId", "product", body.ProductId)], caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var visit = found.Value!;
        if (visit.VehicleId is not { } van || await stock.PlaceOfAsync(van, http.RequestAborted) is not { } place)
        {
            return ProblemAnswers.From(StockDecider.RefuseUse(visit.Status) ?? new Conflict("no_stock_place", "The visit has no van with stock of its own: move the parts from where they are (POST /api/stock/movements)."));
        }

        var move = new MoveStock(CommandRequest.NewId(context.Value!, time))
        {
            FromPlaceId = place, Quantity = body.Quantity, VisitId = id, SerialNumber = body.SerialNumber, Reason = body.Reason,
        };
        var moved = await grains.GetGrain<IStockGrain>(body.ProductId!.Value).ExecuteAsync(move, context.Value! with { ExpectedVersion = null });
        return moved.Succeeded ? TypedResults.Created($"/api/stock/movements/{move.MovementId}", moved.Value.Movement) : ProblemAnswers.From(moved.Error);
    }

    /// <summary>What is used.</summary>
    /// <param name="ProductId">The product; required.</param>
    /// <param name="Quantity">Pieces, whole; required.</param>
    /// <param name="SerialNumber">A piece's own number; then the quantity is 1.</param>
    /// <param name="Reason">Why.</param>
    public sealed record PartBody(Guid? ProductId, int? Quantity, string? SerialNumber, string? Reason);
}
