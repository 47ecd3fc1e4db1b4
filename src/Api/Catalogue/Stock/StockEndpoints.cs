using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Catalogue.Stock;

/// <summary>Balances, movements and reservations over HTTP: routes requests to the product's grain and holds no rule.</summary>
public static class StockEndpoints
{
    /// <summary>Maps <c>/api/stock</c>; its places are a kind of entity (<see cref="StockPlaceAccess"/>).</summary>
    public static void MapStock(this IEndpointRouteBuilder routes)
    {
        var stock = routes.MapGroup("/api/stock").WithTags("Stock");
        stock.MapGet("/", LevelsAsync).RequirePermission(Permissions.StockRead).TakesQuery(StockQueries.Levels).Produces<Page<StockLevel>>()
            .WithName("ListStock").WithSummary("What places have of products.");
        stock.MapGet("/pieces", PiecesAsync).RequirePermission(Permissions.StockRead).TakesQuery(StockQueries.Pieces).Produces<Page<StockSerial>>()
            .WithName("ListStockPieces").WithSummary("Where pieces with a number of their own are.");
        stock.MapGet("/movements", MovementsAsync).RequirePermission(Permissions.StockRead).TakesQuery(StockQueries.Movements).Produces<Page<StockMovement>>()
            .WithName("ListStockMovements").WithSummary("The ledger, the newest first.");
        stock.MapGet("/movements/{id:guid}", MovementAsync).RequirePermission(Permissions.StockRead).Produces<StockMovement>()
            .WithName("GetStockMovement").WithSummary("One movement.");
        stock.MapPost("/movements", MoveAsync).RequirePermission(Permissions.StockWrite).Repeatable().Produces<StockMovement>(201)
            .WithName("MoveStock").WithSummary("Moves pieces: in, between places, out, or back from a visit.");
        stock.MapGet("/reservations", ReservationsAsync).RequirePermission(Permissions.StockRead).TakesQuery(StockQueries.Reservations).Produces<Page<StockReservation>>()
            .WithName("ListStockReservations").WithSummary("What is, was and should be kept for whom, the newest first.");
        stock.MapGet("/reservations/{id:guid}", ReservationAsync).RequirePermission(Permissions.StockRead).Produces<StockReservation>()
            .WithName("GetStockReservation").WithSummary("One reservation.");
        stock.MapPost("/reservations", ReserveAsync).RequirePermission(Permissions.StockWrite).Repeatable().Produces<StockReservation>(201)
            .WithName("ReserveStock").WithSummary("Keeps pieces for an order, a line or a visit, all of them or none.");
        stock.MapDelete("/reservations/{id:guid}", ReleaseAsync).RequirePermission(Permissions.StockWrite).Produces(204)
            .WithName("ReleaseStockReservation").WithSummary("Lets reserved pieces go (If-Match); one that has ended stays as it ended.");
        stock.MapGet("/checks", ChecksAsync).RequirePermission(Permissions.StockRead).TakesQuery(StockQueries.Checks).Produces<Page<StockCheckResult>>()
            .WithName("ListStockChecks").WithSummary("The nightly checks of ledger, balances and reservations, the newest first.");
        stock.MapPost("/checks", CheckAsync).RequirePermission(Permissions.StockManage).Repeatable().Produces<StockCheckResult>(201)
            .WithName("CheckStock").WithSummary("Checks now. Repairs nothing: what differs is listed and announced.");
        stock.MapGet("/differences", DifferencesAsync).RequirePermission(Permissions.StockRead).TakesQuery(StockQueries.Differences).Produces<Page<StockDifference>>()
            .WithName("ListStockDifferences").WithSummary("What did not agree, the newest first.");
    }

    private static Task<IResult> LevelsAsync(HttpContext http, StockQueries queries) =>
        ListAsync(http, StockQueries.Levels, StockScope.Levels, queries.LevelsAsync);

    private static Task<IResult> PiecesAsync(HttpContext http, StockQueries queries) =>
        ListAsync(http, StockQueries.Pieces, StockScope.Pieces, queries.PiecesAsync);

    private static Task<IResult> MovementsAsync(HttpContext http, StockQueries queries) =>
        ListAsync(http, StockQueries.Movements, StockScope.Movements, queries.MovementsAsync);

    private static Task<IResult> ReservationsAsync(HttpContext http, StockQueries queries) =>
        ListAsync(http, StockQueries.Reservations, StockScope.Reservations, queries.ReservationsAsync);

    private static Task<IResult> ChecksAsync(HttpContext http, StockQueries queries) => ListAsync(http, StockQueries.Checks, StockScope.Checks, queries.ChecksAsync);

    private static Task<IResult> DifferencesAsync(HttpContext http, StockQueries queries) =>
        ListAsync(http, StockQueries.Differences, StockScope.Checks, queries.DifferencesAsync);

    private static async Task<IResult> CheckAsync(HttpContext http, StockCheck check, StockQueries queries, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        if ((context.Error ?? BusinessEntityScope.RefuseLimited(Caller.Of(http), "Stock checks")) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var id = CommandRequest.NewId(context.Value!, time);
        var known = context.Value!.MayRepeat ? await StockQueries.OneAsync(queries.ChecksAsync, StockQueries.Checks.All, id, http.RequestAborted) : null;
        return TypedResults.Created($"/api/stock/differences?checkId={id}", known ?? (await check.RunAsync(id, context.Value!, http.RequestAborted)).Result);
    }

    private static async Task<IResult> MovementAsync(Guid id, HttpContext http, StockQueries queries)
    {
        var query = StockQueries.Movements.All with { Scope = StockScope.Movements(Caller.Of(http)) };
        return await StockQueries.OneAsync(queries.MovementsAsync, query, id, http.RequestAborted) is { } movement
            ? Versioned(http, movement.Version, TypedResults.Ok(movement))
            : ProblemAnswers.From(new NotFound("stock_movement", id.ToString()));
    }

    private static async Task<IResult> ReservationAsync(Guid id, HttpContext http, StockQueries queries) =>
        await FindAsync(id, http, queries) is { } reservation
            ? Versioned(http, reservation.Version, TypedResults.Ok(reservation))
            : ProblemAnswers.From(new NotFound("stock_reservation", id.ToString()));

    private static async Task<IResult> MoveAsync(
        MovementBody body, HttpContext http, EntityDirectory directory, EntityRoutes<StockPlace, StockPlaceDetails, StockPlaceKind, StockPlaceAccess> places,
        StockQueries queries, IGrainFactory grains, TimeProvider time)
    {
        var (caller, context) = (Caller.Of(http), CommandRequest.Context(http, time));
        if ((context.Error ?? Required("productId", body.ProductId) ?? await directory.CheckAsync(
            [
                new("productId", "product", body.ProductId), new("fromPlaceId", "stock_place", body.FromPlaceId), new("toPlaceId", "stock_place", body.ToPlaceId),
                new("visitId", "visit", body.VisitId),
            ], caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (StockScope.RefuseMoving(caller, await VehicleAsync(body.FromPlaceId), await VehicleAsync(body.ToPlaceId)) is { } forbidden)
        {
            return ProblemAnswers.From(forbidden);
        }

        if (body.ReservationId is { } kept && await FindAsync(kept, http, queries) is null)
        {
            return ProblemAnswers.From(Invalid.Field("reservationId", $"there is no reservation {kept}"));
        }

        var move = new MoveStock(CommandRequest.NewId(context.Value!, time))
        {
            FromPlaceId = body.FromPlaceId, ToPlaceId = body.ToPlaceId, Quantity = body.Quantity, VisitId = body.VisitId, SerialNumber = body.SerialNumber,
            Reason = body.Reason, ReservationId = body.ReservationId,
        };
        var moved = await grains.GetGrain<IStockGrain>(body.ProductId!.Value).ExecuteAsync(move, context.Value! with { ExpectedVersion = null });
        return moved.Succeeded
            ? Versioned(http, moved.Value.Movement!.Version, TypedResults.Created($"/api/stock/movements/{move.MovementId}", moved.Value.Movement))
            : ProblemAnswers.From(moved.Error);

        // Only who has vans is asked for them.
        async Task<StockPlaceVehicle> VehicleAsync(Guid? place) =>
            new(caller.Vehicles is not null && place is { } id ? (await places.FindAsync(id, caller, http.RequestAborted)).Value?.VehicleId : null);
    }

    private static async Task<IResult> ReserveAsync(
        ReservationBody body, HttpContext http, EntityDirectory directory, StockQueries queries, IGrainFactory grains, TimeProvider time)
    {
        var (caller, context) = (Caller.Of(http), CommandRequest.Context(http, time));
        if ((context.Error ?? Required("productId", body.ProductId) ?? Required("placeId", body.PlaceId) ?? Required("ownerId", body.OwnerId) ?? Required("ownerType", body.OwnerType)
            ?? await directory.CheckAsync([new("productId", "product", body.ProductId), new("placeId", "stock_place", body.PlaceId)], caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        // Whoever sees an order sees what is reserved for it, so only they may reserve for it.
        var owner = await queries.OwnerAsync(body.OwnerType!.Value, body.OwnerId!.Value, http.RequestAborted);
        if (owner is not { } known || await directory.CheckAsync([new("ownerId", "order", known.OrderId)], caller, http.RequestAborted) is not null)
        {
            return ProblemAnswers.From(Invalid.Field("ownerId", $"there is no {WireText.Of(body.OwnerType.Value).Replace('_', ' ')} {body.OwnerId}"));
        }

        // What was reserved in time and is asked for again is answered as it was.
        var id = CommandRequest.NewId(context.Value!, time);
        if (known.IsOver && await FindAsync(id, http, queries) is null)
        {
            return ProblemAnswers.From(new Conflict("owner_over", $"The {WireText.Of(body.OwnerType.Value).Replace('_', ' ')} is over: nothing is kept for it any more.", "ownerId"));
        }

        var reserve = new ReserveStock(id)
        {
            PlaceId = body.PlaceId!.Value, Quantity = body.Quantity, OwnerType = body.OwnerType, OwnerId = body.OwnerId.Value, OrderId = known.OrderId,
            ExpiresAt = body.ExpiresAt, BusinessEntity = known.BusinessEntity,
        };
        var reserved = await grains.GetGrain<IStockGrain>(body.ProductId!.Value).ExecuteAsync(reserve, context.Value! with { ExpectedVersion = null });
        return reserved.Succeeded
            ? Versioned(http, reserved.Value.Reservation!.Version, TypedResults.Created($"/api/stock/reservations/{reserve.ReservationId}", reserved.Value.Reservation))
            : ProblemAnswers.From(reserved.Error);
    }

    private static async Task<IResult> ReleaseAsync(Guid id, HttpContext http, StockQueries queries, IGrainFactory grains, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        if (await FindAsync(id, http, queries) is not { } reservation)
        {
            return ProblemAnswers.From(new NotFound("stock_reservation", id.ToString()));
        }

        var released = await grains.GetGrain<IStockGrain>(reservation.ProductId).ExecuteAsync(new ReleaseReservation(id), context.Value);
        return released.Succeeded ? TypedResults.NoContent() : ProblemAnswers.From(released.Error);
    }

    private static Task<StockReservation?> FindAsync(Guid id, HttpContext http, StockQueries queries) => StockQueries.OneAsync(
        queries.ReservationsAsync, StockQueries.Reservations.All with { Scope = StockScope.Reservations(Caller.Of(http)) }, id, http.RequestAborted);

    private static async Task<IResult> ListAsync<T>(
        HttpContext http, ListDefinition list, Func<Caller, ScopeCondition?> scope, Func<ListQuery, CancellationToken, Task<Page<T>>> read)
    {
        var query = list.Parse(http);
        return query.Succeeded
            ? TypedResults.Ok(await read(query.Value with { Scope = scope(Caller.Of(http)) }, http.RequestAborted))
            : ProblemAnswers.From(query.Error);
    }

    private static Invalid? Required<T>(string field, T? value) where T : struct => value is null ? Invalid.Field(field, "is required") : null;

    private static IResult Versioned(HttpContext http, long version, IResult answer)
    {
        http.SetVersion(version);
        return answer;
    }

    /// <summary>A movement.</summary>
    /// <param name="ProductId">The product; required.</param>
    /// <param name="FromPlaceId">Where the pieces leave; left out: they come from outside, or back from the visit.</param>
    /// <param name="ToPlaceId">Where they go; left out: out of the house.</param>
    /// <param name="Quantity">Pieces, whole; required.</param>
    /// <param name="VisitId">The visit that uses them or gives them back.</param>
    /// <param name="SerialNumber">A piece's own number; then the quantity is 1.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="ReservationId">The reservation that they are taken from.</param>
    public sealed record MovementBody(
        Guid? ProductId, Guid? FromPlaceId, Guid? ToPlaceId, int? Quantity, Guid? VisitId, string? SerialNumber, string? Reason, Guid? ReservationId);

    /// <summary>A reservation.</summary>
    /// <param name="ProductId">The product; required.</param>
    /// <param name="PlaceId">Where; required.</param>
    /// <param name="Quantity">Pieces, whole; required.</param>
    /// <param name="OwnerType">What kind of owner; required.</param>
    /// <param name="OwnerId">The owner; required.</param>
    /// <param name="ExpiresAt">When it ends by itself, UTC.</param>
    public sealed record ReservationBody(Guid? ProductId, Guid? PlaceId, int? Quantity, ReservationOwner? OwnerType, Guid? OwnerId, DateTimeOffset? ExpiresAt);
}
