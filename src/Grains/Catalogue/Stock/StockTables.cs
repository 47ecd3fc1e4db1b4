using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Catalogue.Stock;

/// <summary>The tables of a product's stock, which its grain alone writes.</summary>
public static class StockTables
{
    /// <summary>The row whose version fences the others.</summary>
    public static RowMapping<ProductStock> Products { get; } = new("product_stock");

    /// <summary>What places have.</summary>
    public static RowMapping<StockBalance> Balances { get; } = new("stock_balance");

    /// <summary>The ledger.</summary>
    public static RowMapping<StockMovement> Movements { get; } = new("stock_movement");

    /// <summary>What is kept for whom.</summary>
    public static RowMapping<StockReservation> Reservations { get; } = new("stock_reservation");

    /// <summary>Where numbered pieces are.</summary>
    public static RowMapping<StockSerial> Serials { get; } = new("stock_serial");

    /// <summary>The total beside a product, for who lists products.</summary>
    internal static RowMapping<ProductQuantity> Quantities { get; } = new("product");

    /// <summary>All of them, for the test that holds them against the schema.</summary>
    public static IReadOnlyList<IRowMapping> All { get; } = [Products, Balances, Movements, Reservations, Serials];

    /// <summary>The one column of a product that its stock keeps.</summary>
    internal sealed record ProductQuantity
    {
        public Guid Id { get; init; }

        public int? StockQuantity { get; init; }
    }
}
