using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Catalogue.Stock;

/// <summary>Stock places, with what they should have at least as parts.</summary>
public sealed class StockPlaceKind : IEntityKind<StockPlace, StockPlaceDetails>
{
    private const int MostMinimums = 1000;

    /// <inheritdoc/>
    public static RowMapping<StockPlace> Rows { get; } = new("stock_place");

    /// <inheritdoc/>
    public static IReadOnlyList<PartTable<StockPlace>> Parts { get; } =
    [
        new PartTable<StockPlace, StockMinimum>(
            new("stock_minimum"), "place_id", minimum => minimum.PlaceId, place => place.Minimums, (place, minimums) => place with { Minimums = minimums }, "product_id"),
    ];

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["name"] = ListFilter.Text("name"),
            ["placeType"] = ListFilter.Word<PlaceType>("place_type"),
            ["vehicleId"] = ListFilter.Uuid("vehicle_id"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["isActive"] = ListFilter.Boolean("is_active"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(StockPlaceDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("name", details.Name, 1..100)
        .OneOf("placeType", details.PlaceType)
        .Rule("vehicleId", details is { PlaceType: PlaceType.Vehicle, VehicleId: null }, "is required of a vehicle's place")
        .Rule("vehicleId", details is { PlaceType: PlaceType.Warehouse, VehicleId: not null }, "belongs to a place of the type 'vehicle' only")
        .Invalid;

    /// <inheritdoc/>
    public static StockPlaceDetails Normalized(StockPlaceDetails details) => details with { Name = PlainText.Tidy(details.Name) };

    /// <inheritdoc/>
    public static Result<Outcome<StockPlace>> Revised(StockPlace before, StockPlace after, DateTimeOffset now) =>
        before.PlaceType != after.PlaceType ? Invalid.Field("placeType", "can't be changed: make another place")
        : before.VehicleId != after.VehicleId ? Invalid.Field("vehicleId", "can't be changed, as the ledger says what this van had: make another place")
        : Outcome.Of(after, "updated");

    /// <inheritdoc/>
    public static Result<Outcome<StockPlace>> Decide(StockPlace state, EntityCommand<StockPlace> command, DateTimeOffset now) => command switch
    {
        SetMinimum set => Set(state, set, now),
        RemoveMinimum remove => state.Minimums.All(one => one.ProductId != remove.ProductId)
            ? new NotFound("stock_minimum", remove.ProductId.ToString())
            : Outcome.Of(state with { Minimums = [.. state.Minimums.Where(one => one.ProductId != remove.ProductId)] }, "minimums_changed"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a stock place."),
    };

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(StockPlace state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, state.VehicleId);

    /// <inheritdoc/>
    public static object Label(StockPlace state) => new { state.Name, state.PlaceType, state.VehicleId };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, StockPlace? state) => violation.ConstraintName == "uq_stock_place_vehicle"
        ? new Conflict("vehicle_taken", "The vehicle has a stock place already.", "vehicleId")
        : null;

    private static Result<Outcome<StockPlace>> Set(StockPlace place, SetMinimum set, DateTimeOffset now)
    {
        var fault = new FieldFaults()
            .Required("minimum", set.Minimum)
            .Number("minimum", set.Minimum, 1, StockDecider.Most)
            .Number("refillTo", set.RefillTo, 1, StockDecider.Most)
            .Rule("refillTo", set.RefillTo < set.Minimum, "must not be below the minimum")
            .Invalid;
        if (fault is not null)
        {
            return fault;
        }

        var id = NameBasedId.Of($"{place.Id}/{set.ProductId}");
        var known = place.Minimums.FirstOrDefault(one => one.Id == id);
        if (known is null && place.Minimums.Count >= MostMinimums)
        {
            return new Conflict("place_full", $"A place has at most {MostMinimums} minimums.");
        }

        var minimum = (known ?? new StockMinimum { Id = id, CreatedAt = now, PlaceId = place.Id, ProductId = set.ProductId }) with
        {
            Minimum = set.Minimum!.Value, RefillTo = set.RefillTo ?? set.Minimum.Value,
        };
        return Outcome.Of(place with { Minimums = [.. place.Minimums.Where(one => one.Id != id).Append(minimum).OrderBy(one => one.ProductId)] }, "minimums_changed");
    }
}
