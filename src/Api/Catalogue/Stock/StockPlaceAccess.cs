using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Catalogue.Stock.StockPlace, ChargeCars.Catalogue.Stock.StockPlaceDetails, ChargeCars.Catalogue.Stock.StockPlaceKind,
    ChargeCars.Api.Catalogue.Stock.StockPlaceAccess>;

namespace ChargeCars.Api.Catalogue.Stock;

/// <summary>Stock places, within <see cref="StockScope"/>, and what each should have at least.</summary>
internal sealed class StockPlaceAccess : IEntityAccess<StockPlace, StockPlaceDetails>
{
    public static string Route => "/api/stock/places";

    public static string Noun => "stock place";

    public static string Read => Permissions.StockRead;

    public static string Write => Permissions.StockManage;

    public static StockPlaceDetails Example => new() { Name = "Magazijn Vianen", PlaceType = PlaceType.Warehouse };

    public static ScopeCondition? Visible(Caller caller) => StockScope.Places(caller);

    public static Error? RefuseWriting(Caller caller, StockPlaceDetails details, StockPlace? before) =>
        caller is { PartnerOrganizationId: not null } or { Vehicles: not null }
            ? new Forbidden("Credentials of a partner, or of some vehicles only, can't change stock places.")
            : BusinessEntityScope.Refuse(caller, details.BusinessEntity) ?? (before is null ? null : BusinessEntityScope.Refuse(caller, before.BusinessEntity));

    public static IEnumerable<EntityReference> References(StockPlaceDetails details) => [new("vehicleId", "vehicle", details.VehicleId)];

    public static void MapMore(RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}/refill", RefillAsync).RequirePermission(Permissions.StockRead).Produces<Page<RefillItem>>()
            .WithName("ListRefill").WithSummary("What the place lacks, how much to bring, and what warehouses can give.");
        group.MapPut("/{id:guid}/minimums/{productId:guid}", SetAsync).RequirePermission(Permissions.StockManage).Produces<StockPlace>()
            .WithName("SetStockMinimum").WithSummary("Says how much of a product the place should have (If-Match of the place).");
        group.MapDelete("/{id:guid}/minimums/{productId:guid}", RemoveAsync).RequirePermission(Permissions.StockManage).Produces<StockPlace>()
            .WithName("RemoveStockMinimum").WithSummary("The place need not have the product any more (If-Match of the place).");
    }

    private static async Task<IResult> RefillAsync(Guid id, HttpContext http, Routes places, StockQueries queries)
    {
        var caller = Caller.Of(http);
        var place = await places.FindAsync(id, caller, http.RequestAborted);
        return place.Succeeded
            ? TypedResults.Ok(new Page<RefillItem>(await queries.RefillAsync(id, StockScope.Places(caller), http.RequestAborted), null))
            : ProblemAnswers.From(place.Error);
    }

    private static async Task<IResult> SetAsync(Guid id, Guid productId, MinimumBody body, HttpContext http, Routes places, EntityDirectory directory) =>
        await directory.CheckAsync([new("productId", "product", productId)], Caller.Of(http), http.RequestAborted) is { } unknown
            ? ProblemAnswers.From(unknown)
            : await places.ExecuteAsync(id, new SetMinimum(productId, body.Minimum, body.RefillTo), http, versionRequired: true);

    private static Task<IResult> RemoveAsync(Guid id, Guid productId, HttpContext http, Routes places) =>
        places.ExecuteAsync(id, new RemoveMinimum(productId), http, versionRequired: true);

    /// <summary>How much of a product a place should have.</summary>
    /// <param name="Minimum">Pieces that should be available; required.</param>
    /// <param name="RefillTo">Up to how many it is filled; the minimum where it is left out.</param>
    public sealed record MinimumBody(int? Minimum, int? RefillTo);
}
