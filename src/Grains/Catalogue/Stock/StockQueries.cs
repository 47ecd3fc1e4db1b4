using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Catalogue.Stock;

/// <summary>What a place has of a product, as clients see it.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="PlaceId">The place.</param>
/// <param name="OnHand">Pieces that are there.</param>
/// <param name="Reserved">Those of them that are kept for somebody.</param>
/// <param name="Available">Those that anybody may take.</param>
/// <param name="Numbered">Those of all whose serial number is known.</param>
public sealed record StockLevel(Guid ProductId, Guid PlaceId, int OnHand, int Reserved, int Available, int Numbered);

/// <summary>What a place lacks of a product.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Sku">Its article number.</param>
/// <param name="Name">Its name.</param>
/// <param name="OnHand">Pieces that are there.</param>
/// <param name="Reserved">Those of them that are kept for somebody.</param>
/// <param name="Available">Those that anybody may take.</param>
/// <param name="Minimum">How many should be available.</param>
/// <param name="RefillTo">Up to how many it is filled.</param>
/// <param name="Needed">How many to bring.</param>
/// <param name="InWarehouses">How many the warehouses can give.</param>
public sealed record RefillItem(
    Guid ProductId, string? Sku, string Name, int OnHand, int Reserved, int Available, int Minimum, int RefillTo, int Needed, long InWarehouses);

/// <summary>Reads of stock past its grain.</summary>
public sealed class StockQueries(NpgsqlDataSource source)
{
    private const string SelectOwner = """
        SELECT o.id, o.business_entity,
            o.order_status IN ('completed', 'invoiced', 'closed', 'cancelled')
                OR ($1 = 'visit' AND EXISTS (SELECT FROM visit WHERE id = $2 AND status IN ('completed', 'incomplete', 'no_show', 'cancelled')))
        FROM "order" o
        WHERE o.id = CASE $1 WHEN 'order' THEN $2 WHEN 'line_item' THEN (SELECT order_id FROM line_item WHERE id = $2) ELSE (SELECT order_id FROM visit WHERE id = $2) END
        """;

    private static readonly Dictionary<string, ListSort> ByAge = new() { ["createdAt"] = new("created_at", "timestamptz") };

    /// <summary>What a list of balances offers.</summary>
    public static ListDefinition Levels { get; } = new(
        new Dictionary<string, ListFilter> { ["productId"] = ListFilter.Uuid("product_id"), ["placeId"] = ListFilter.Uuid("place_id") }, ByAge, "createdAt");

    /// <summary>What a list of movements offers.</summary>
    public static ListDefinition Movements { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["productId"] = ListFilter.Uuid("product_id"),
            ["fromPlaceId"] = ListFilter.Uuid("from_place_id"),
            ["toPlaceId"] = ListFilter.Uuid("to_place_id"),
            ["placeId"] = new("from_place_id = $ OR to_place_id = $", static text => Guid.TryParse(text, out var id) ? Sql.Uuid(id) : null, "a uuid"),
            ["visitId"] = ListFilter.Uuid("visit_id"),
            ["serialNumber"] = new("serial_number = upper($)", Sql.Text, "text"),
            ["from"] = ListFilter.Since("created_at"),
            ["to"] = ListFilter.Until("created_at"),
        },
        ByAge, "-createdAt");

    /// <summary>What a list of reservations offers.</summary>
    public static ListDefinition Reservations { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["productId"] = ListFilter.Uuid("product_id"),
            ["placeId"] = ListFilter.Uuid("place_id"),
            ["state"] = ListFilter.Word<ReservationState>("state"),
            ["ownerType"] = ListFilter.Word<ReservationOwner>("owner_type"),
            ["ownerId"] = ListFilter.Uuid("owner_id"),
            ["orderId"] = ListFilter.Uuid("order_id"),
        },
        ByAge, "-createdAt");

    /// <summary>What a list of numbered pieces offers.</summary>
    public static ListDefinition Pieces { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["productId"] = ListFilter.Uuid("product_id"),
            ["placeId"] = ListFilter.Uuid("place_id"),
            ["serialNumber"] = new("serial_number = upper($)", Sql.Text, "text"),
        },
        ByAge, "createdAt");

    /// <summary>What a list of checks offers.</summary>
    public static ListDefinition Checks { get; } = new(
        new Dictionary<string, ListFilter>(), new Dictionary<string, ListSort> { ["checkedAt"] = new("checked_at", "timestamptz") }, "-checkedAt");

    /// <summary>What a list of differences offers.</summary>
    public static ListDefinition Differences { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["checkId"] = ListFilter.Uuid("check_id"),
            ["productId"] = ListFilter.Uuid("product_id"),
            ["placeId"] = ListFilter.Uuid("place_id"),
            ["rule"] = ListFilter.Text("rule"),
        },
        ByAge, "-createdAt");

    /// <summary>A page of checks.</summary>
    public Task<Page<StockCheckResult>> ChecksAsync(ListQuery query, CancellationToken cancellation) => query.RunAsync(
        source, "id, checked_on, checked_at, balances, differences", "stock_check",
        static row => new StockCheckResult(row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt64(3), row.GetInt32(4)), cancellation);

    /// <summary>A page of differences.</summary>
    public Task<Page<StockDifference>> DifferencesAsync(ListQuery query, CancellationToken cancellation) => query.RunAsync(
        source, "id, check_id, rule, product_id, place_id, record_id, expected, actual, created_at", "stock_difference",
        static row => new StockDifference(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetGuid(3), row.OptionalValue<Guid>(4), row.OptionalValue<Guid>(5), row.GetInt64(6), row.GetInt64(7),
            row.GetFieldValue<DateTimeOffset>(8)),
        cancellation);

    /// <summary>A page of balances.</summary>
    public Task<Page<StockLevel>> LevelsAsync(ListQuery query, CancellationToken cancellation) => query.RunAsync(
        source, "product_id, place_id, on_hand, reserved, serials", "stock_balance",
        static row => new StockLevel(row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(2) - row.GetInt32(3), row.GetInt32(4)), cancellation);

    /// <summary>A page of the ledger.</summary>
    public Task<Page<StockMovement>> MovementsAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, StockTables.Movements.ColumnList, "stock_movement", StockTables.Movements.Read, cancellation);

    /// <summary>A page of reservations.</summary>
    public Task<Page<StockReservation>> ReservationsAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, StockTables.Reservations.ColumnList, "stock_reservation", StockTables.Reservations.Read, cancellation);

    /// <summary>A page of numbered pieces.</summary>
    public Task<Page<StockSerial>> PiecesAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, StockTables.Serials.ColumnList, "stock_serial", StockTables.Serials.Read, cancellation);

    /// <summary>One of a list by its id; null where the query's scope does not have it.</summary>
    public static async Task<T?> OneAsync<T>(Func<ListQuery, CancellationToken, Task<Page<T>>> list, ListQuery query, Guid id, CancellationToken cancellation) where T : class =>
        (await list(query with { Limit = 1, Filters = [("id", Sql.Uuid(id))] }, cancellation)).Items is [var one] ? one : null;

    /// <summary>The order that an owner is, or is of, its name, and whether nothing more is done for that owner; null where there is no such owner.</summary>
    public async Task<(Guid OrderId, BusinessEntity BusinessEntity, bool IsOver)?> OwnerAsync(ReservationOwner type, Guid id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOwner);
        command.Parameters.Add(Sql.Word<ReservationOwner>(type));
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetGuid(0), WireText.Parse<BusinessEntity>(row.GetString(1)), row.GetBoolean(2)) : null;
    }

    /// <summary>The stock place of a van; null where it has none.</summary>
    public async Task<Guid?> PlaceOfAsync(Guid vehicle, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT id FROM stock_place WHERE vehicle_id = $1");
        command.Parameters.Add(Sql.Uuid(vehicle));
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    /// <summary>What a place lacks, and what warehouses within a scope can give of it.</summary>
    /// <param name="place">The place.</param>
    /// <param name="warehouses">The scope of places, on the columns of <c>stock_place</c>; null for all.</param>
    /// <param name="cancellation">The request's end.</param>
    public async Task<IReadOnlyList<RefillItem>> RefillAsync(Guid place, ScopeCondition? warehouses, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Uuid(place));
        command.CommandText = $"""
            SELECT m.product_id, p.sku, p.name, coalesce(b.on_hand, 0), coalesce(b.reserved, 0), m.minimum, m.refill_to,
                coalesce((SELECT sum(w.on_hand - w.reserved) FROM stock_balance w
                    WHERE w.product_id = m.product_id AND w.place_id <> $1
                        AND w.place_id IN (SELECT id FROM stock_place WHERE place_type = 'warehouse' AND is_active AND ({warehouses?.AddTo(command.Parameters) ?? "true"}))), 0)::bigint
            FROM stock_minimum m JOIN product p ON p.id = m.product_id
                LEFT JOIN stock_balance b ON b.product_id = m.product_id AND b.place_id = m.place_id
            WHERE m.place_id = $1 AND coalesce(b.on_hand - b.reserved, 0) < m.minimum
            ORDER BY p.name, m.product_id
            """;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var items = new List<RefillItem>();
        while (await row.ReadAsync(cancellation))
        {
            var (onHand, reserved, refillTo) = (row.GetInt32(3), row.GetInt32(4), row.GetInt32(6));
            items.Add(new(
                row.GetGuid(0), row.Optional<string>(1), row.GetString(2), onHand, reserved, onHand - reserved, row.GetInt32(5), refillTo, refillTo - (onHand - reserved),
                row.GetInt64(7)));
        }

        return items;
    }
}
