using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Catalogue.Stock;

/// <summary>Something that does not agree.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CheckId">The check that found it.</param>
/// <param name="Rule">What was compared: <c>on_hand</c>, <c>reserved</c>, <c>numbered</c>, <c>piece</c>, <c>maker</c>, <c>product</c>, <c>expired</c>.</param>
/// <param name="ProductId">The product.</param>
/// <param name="PlaceId">The place; null where it is about all of them.</param>
/// <param name="RecordId">The row that is wrong; null where it is missing.</param>
/// <param name="Expected">What the ledger and the reservations make.</param>
/// <param name="Actual">What is kept beside them.</param>
/// <param name="CreatedAt">When it was found, UTC.</param>
public sealed record StockDifference(
    Guid Id, Guid CheckId, string Rule, Guid ProductId, Guid? PlaceId, Guid? RecordId, long Expected, long Actual, DateTimeOffset CreatedAt);

/// <summary>A check of the stock.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CheckedOn">The day, of Amsterdam.</param>
/// <param name="CheckedAt">When, UTC.</param>
/// <param name="Balances">How many balances were compared.</param>
/// <param name="Differences">How much did not agree.</param>
public sealed record StockCheckResult(Guid Id, DateOnly CheckedOn, DateTimeOffset CheckedAt, long Balances, int Differences);

/// <summary>
/// Compares the ledger, the balances and the reservations. It repairs nothing: the ledger says what was moved, and what to do about a
/// balance that says otherwise is a person's to decide. Each difference is on record and announced.
/// </summary>
public sealed class StockCheck(NpgsqlDataSource source, GroupCommit commits, TimeProvider time)
{
    private const int MostKept = 10_000;

    // One statement sees one moment: movement, balance and reservation of a command are of one transaction.
    private const string Compare = """
        WITH ledger AS (
            SELECT product_id, place_id, sum(quantity) AS pieces FROM (
                SELECT product_id, to_place_id AS place_id, quantity FROM stock_movement WHERE to_place_id IS NOT NULL
                UNION ALL SELECT product_id, from_place_id, -quantity FROM stock_movement WHERE from_place_id IS NOT NULL) moved
            GROUP BY product_id, place_id),
        held AS (SELECT product_id, place_id, sum(quantity) AS pieces FROM stock_reservation WHERE state = 'held' GROUP BY product_id, place_id),
        numbered AS (SELECT product_id, place_id, count(*) AS pieces FROM stock_serial WHERE place_id IS NOT NULL GROUP BY product_id, place_id),
        totals AS (SELECT product_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_balance GROUP BY product_id),
        lacking AS (
            SELECT product_id, sum(wanted - used - CASE WHEN state = 'held' THEN quantity ELSE 0 END) AS pieces FROM stock_reservation
            WHERE state IN ('held', 'short') AND wanted IS NOT NULL GROUP BY product_id)
        SELECT 'on_hand' AS rule, product_id, place_id, b.id AS record_id, coalesce(l.pieces, 0)::bigint AS expected, coalesce(b.on_hand, 0)::bigint AS actual
        FROM ledger l FULL JOIN stock_balance b USING (product_id, place_id) WHERE coalesce(l.pieces, 0) <> coalesce(b.on_hand, 0)
        UNION ALL
        SELECT 'reserved', product_id, place_id, b.id, coalesce(h.pieces, 0)::bigint, coalesce(b.reserved, 0)
        FROM held h FULL JOIN stock_balance b USING (product_id, place_id) WHERE coalesce(h.pieces, 0) <> coalesce(b.reserved, 0)
        UNION ALL
        SELECT 'numbered', product_id, place_id, b.id, coalesce(n.pieces, 0), coalesce(b.serials, 0)
        FROM numbered n FULL JOIN stock_balance b USING (product_id, place_id) WHERE coalesce(n.pieces, 0) <> coalesce(b.serials, 0)
        UNION ALL
        SELECT 'piece', s.product_id, s.place_id, s.id, 1, 0
        FROM stock_serial s LEFT JOIN stock_movement m ON m.id = s.last_movement_id
        WHERE m.id IS NULL OR m.to_place_id IS DISTINCT FROM s.place_id OR m.serial_number IS DISTINCT FROM s.serial_number
        UNION ALL
        SELECT 'maker', product_id, place_id, id, 1, 0 FROM stock_serial WHERE maker IS NULL AND (place_id IS NOT NULL OR visit_id IS NOT NULL)
        UNION ALL
        SELECT 'product', p.id, NULL, p.id, coalesce(t.on_hand, 0) + coalesce(t.reserved, 0) + coalesce(k.pieces, 0), p.on_hand + p.reserved + p.short
        FROM product_stock p LEFT JOIN totals t ON t.product_id = p.id LEFT JOIN lacking k ON k.product_id = p.id
        WHERE coalesce(t.on_hand, 0) <> p.on_hand OR coalesce(t.reserved, 0) <> p.reserved OR coalesce(k.pieces, 0) <> p.short
        UNION ALL
        SELECT 'expired', product_id, place_id, id, 0, quantity FROM stock_reservation WHERE state = 'held' AND expires_at < $1
        ORDER BY 1, 2, 3 LIMIT 10000
        """;

    private const string CountBalances = "SELECT count(*) FROM stock_balance";

    private const string Insert = "INSERT INTO stock_check (id, checked_on, checked_at, balances, differences) VALUES ($1, $2, $3, $4, $5)";

    private const string InsertDifferences = """
        differences AS (
            INSERT INTO stock_difference (id, check_id, rule, product_id, place_id, record_id, expected, actual, created_at)
            SELECT d.id, ${0}, d.rule, d.product_id, d.place_id, d.record_id, d.expected, d.actual, ${1}
            FROM changed CROSS JOIN unnest(${2}::uuid[], ${3}::text[], ${4}::uuid[], ${5}::uuid[], ${6}::uuid[], ${7}::bigint[], ${8}::bigint[])
                AS d(id, rule, product_id, place_id, record_id, expected, actual))
        """;

    // What is due is carried out within a second; a host that is down may take longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Checks all of it, and keeps what was found. Throws <see cref="NpgsqlException"/> where the database does not answer.</summary>
    /// <param name="id">The check's id.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellation">The caller's end.</param>
    public async Task<(StockCheckResult Result, IReadOnlyList<StockDifference> Differences)> RunAsync(Guid id, CommandContext context, CancellationToken cancellation)
    {
        var exact = time.GetUtcNow();
        var now = exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerMicrosecond));
        var (balances, found) = await CompareAsync(id, now, cancellation);
        var result = new StockCheckResult(id, Platform.WallClock.DateOf(now), now, balances, found.Count);
        var row = new NpgsqlBatchCommand(Insert)
        {
            Parameters = { Sql.Uuid(id), Sql.Date(result.CheckedOn), Sql.Time(now), Sql.Bigint(balances), Sql.Integer(found.Count) },
        };
        var audit = new AuditEntry("stock_check", id, "CREATE", null, RowJson.ForRow(result).Text, "Stock check", AuditEntry.ContextOf(context, version: 1), now);
        var also = new AlsoWritten(InsertDifferences,
        [
            Sql.Uuid(id), Sql.Time(now),
            Sql.Column(found, NpgsqlDbType.Uuid, one => one.Id), Sql.Column(found, NpgsqlDbType.Text, one => one.Rule), Sql.Column(found, NpgsqlDbType.Uuid, one => one.ProductId),
            Sql.Column(found, NpgsqlDbType.Uuid, one => one.PlaceId), Sql.Column(found, NpgsqlDbType.Uuid, one => one.RecordId),
            Sql.Column(found, NpgsqlDbType.Bigint, one => one.Expected), Sql.Column(found, NpgsqlDbType.Bigint, one => one.Actual),
        ]);
        await commits.CommitAsync(new StatementCommit<bool>(
            id, context.CommandId, audit.Around(row, context, also), static async (reader, stop) => await reader.ReadAsync(stop))
        {
            Changes =
            [
                .. found.Select(one => new NewChange("stock.differs", "stock_difference", now, RowJson.ForClient(context.Actor), RowJson.ForClient(one)) { EntityId = one.Id }),
            ],
        });
        return (result, found);
    }

    private async Task<(long Balances, IReadOnlyList<StockDifference> Found)> CompareAsync(Guid check, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.Timeout = 600;
        batch.BatchCommands.Add(new(CountBalances));
        batch.BatchCommands.Add(new(Compare) { Parameters = { Sql.Time(now - Patience) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var balances = row.GetInt64(0);
        await row.NextResultAsync(cancellation);
        var found = new List<StockDifference>();
        while (found.Count < MostKept && await row.ReadAsync(cancellation))
        {
            found.Add(new(
                Guid.CreateVersion7(now), check, row.GetString(0), row.GetGuid(1), row.OptionalValue<Guid>(2), row.OptionalValue<Guid>(3), row.GetInt64(4), row.GetInt64(5), now));
        }

        return (balances, found);
    }
}
