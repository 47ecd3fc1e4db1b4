using System.Collections.Immutable;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Catalogue.Stock;

/// <summary>A command and who asks for it.</summary>
public sealed record StockRequest(StockCommand Command, CommandContext Context);

/// <summary>Reads what a product's stock is decided on, and commits what was decided: many commands in one transaction.</summary>
public sealed class StockStore(NpgsqlDataSource source, GroupCommit commits)
{
    private const string SelectProduct =
        "SELECT coalesce(product_type, '') <> 'installation_service', coalesce(product_type, '') = 'charge_point', maker FROM product WHERE id = $1";

    private const string SelectPlaces = "SELECT id, name, place_type, is_active, business_entity, vehicle_id FROM stock_place";

    // With the pieces without a number that a visit took out and did not give back.
    private const string SelectVisits = """
        SELECT v.id, v.order_id, v.status, coalesce((
            SELECT sum(CASE WHEN m.to_place_id IS NULL THEN m.quantity WHEN m.from_place_id IS NULL THEN -m.quantity ELSE 0 END)
            FROM stock_movement m WHERE m.visit_id = v.id AND m.product_id = $2 AND m.serial_number IS NULL), 0)::integer
        FROM visit v WHERE v.id = ANY ($1)
        """;

    private const string SelectForeign = """
        SELECT s.serial_number, s.product_id FROM stock_serial s JOIN product p ON p.id = s.product_id
        WHERE s.serial_number = ANY ($1) AND s.product_id <> $2 AND (s.place_id IS NOT NULL OR s.visit_id IS NOT NULL)
            AND p.maker = (SELECT maker FROM product WHERE id = $2)
        """;

    // Where its maker was renamed, a charger keeps the brand that it was recorded with: it is known by its product too, which comes last and stays.
    private const string SelectChargers = """
        SELECT upper(c.serial_number), c.product_id, c.installed_by_visit_id, c.removed_on IS NULL FROM installed_charger c
        WHERE upper(c.serial_number) = ANY ($1) AND (c.product_id = $2 OR lower(c.brand) = (SELECT maker FROM product WHERE id = $2))
        ORDER BY c.product_id IS NOT DISTINCT FROM $2
        """;

    private static readonly string SelectBalances = $"SELECT {StockTables.Balances.ColumnList} FROM stock_balance WHERE product_id = $1";

    private static readonly string SelectReservations = $"SELECT {StockTables.Reservations.ColumnList} FROM stock_reservation WHERE id = ANY ($1) AND product_id = $2";

    // What is open for these owners or orders.
    private static readonly string SelectOwned = $"""
        SELECT {StockTables.Reservations.ColumnList} FROM stock_reservation
        WHERE (owner_id = ANY ($1) OR order_id = ANY ($1)) AND product_id = $2 AND state IN ('held', 'short')
        """;

    private static readonly string SelectShort = $"""
        SELECT {StockTables.Reservations.ColumnList} FROM stock_reservation
        WHERE product_id = $1 AND wanted > used + quantity AND state IN ('held', 'short') ORDER BY created_at LIMIT 500
        """;

    private static readonly string SelectSerials = $"SELECT {StockTables.Serials.ColumnList} FROM stock_serial WHERE serial_number = ANY ($1) AND product_id = $2";

    private static readonly string SelectMovements = $"SELECT {StockTables.Movements.ColumnList} FROM stock_movement WHERE id = ANY ($1) AND product_id = $2";

    /// <summary>The product's row, its balances and all places, in one round trip.</summary>
    public async Task<StockBook> LoadAsync(Guid product, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(SelectProduct) { Parameters = { Sql.Uuid(product) } });
        batch.BatchCommands.Add(new(StockTables.Products.SelectOne) { Parameters = { Sql.Uuid(product) } });
        batch.BatchCommands.Add(new(SelectBalances) { Parameters = { Sql.Uuid(product) } });
        batch.BatchCommands.Add(new(SelectPlaces));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var book = await WithProductAsync(new StockBook(product), reader, cancellation);
        await reader.NextResultAsync(cancellation);
        book = book with { Row = await reader.ReadAsync(cancellation) ? StockTables.Products.Read(reader) : null };
        await reader.NextResultAsync(cancellation);
        var balances = await ReadAsync(reader, StockTables.Balances.Read, cancellation);
        await reader.NextResultAsync(cancellation);
        var places = await ReadAsync(reader, ReadPlace, cancellation);
        return book with { Balances = balances.ToImmutableDictionary(balance => balance.PlaceId), Places = places.ToImmutableDictionary(place => place.Id) };
    }

    /// <summary>
    /// The book with what the commands name: in one round trip, and in none where they only make reservations at places that are known.
    /// What is read of the product's stock can't change before the commit, as only this product's grain writes it and the commit fences it;
    /// numbers that others take at the same moment are refused by the database.
    /// </summary>
    public async Task<StockBook> WithNamedAsync(StockBook book, IReadOnlyList<StockRequest> requests, CancellationToken cancellation)
    {
        var named = Named.By(book, requests);
        if (named.IsNothing)
        {
            return book;
        }

        var visits = named.Visits.Count == 0 ? [] : await VisitsAsync(book.ProductId, named.Visits, cancellation);
        await using var batch = source.CreateBatch();
        void Add(string text, params ReadOnlySpan<NpgsqlParameter> values)
        {
            var command = new NpgsqlBatchCommand(text);
            foreach (var value in values)
            {
                command.Parameters.Add(value);
            }

            batch.BatchCommands.Add(command);
        }

        Add(SelectReservations, Sql.Array(NpgsqlDbType.Uuid, named.Reservations.ToArray()), Sql.Uuid(book.ProductId));
        Add(SelectOwned, Sql.Array(NpgsqlDbType.Uuid, [.. named.Owners, .. visits.Select(visit => visit.OrderId)]), Sql.Uuid(book.ProductId));
        Add(SelectShort, Sql.Uuid(named.WithShort ? book.ProductId : null));
        Add(SelectSerials, Sql.Array(NpgsqlDbType.Text, named.Serials.ToArray()), Sql.Uuid(book.ProductId));
        Add(SelectMovements, Sql.Array(NpgsqlDbType.Uuid, named.Movements.ToArray()), Sql.Uuid(book.ProductId));
        Add(named.WithPlaces ? SelectPlaces : SelectPlaces + " WHERE false");
        Add(SelectForeign, Sql.Array(NpgsqlDbType.Text, named.Serials.ToArray()), Sql.Uuid(book.ProductId));
        Add(SelectChargers, Sql.Array(NpgsqlDbType.Text, named.Serials.ToArray()), Sql.Uuid(book.ProductId));
        Add(SelectProduct, Sql.Uuid(book.ProductId));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var reservations = book.Reservations.ToBuilder();
        for (var set = 0; set < 3; set++)
        {
            foreach (var reservation in await ReadAsync(reader, StockTables.Reservations.Read, cancellation))
            {
                reservations[reservation.Id] = reservation;
            }

            await reader.NextResultAsync(cancellation);
        }

        var serials = await ReadAsync(reader, StockTables.Serials.Read, cancellation);
        await reader.NextResultAsync(cancellation);
        var movements = await ReadAsync(reader, StockTables.Movements.Read, cancellation);
        await reader.NextResultAsync(cancellation);
        var places = await ReadAsync(reader, ReadPlace, cancellation);
        await reader.NextResultAsync(cancellation);
        var foreign = await ReadAsync(reader, static row => KeyValuePair.Create(row.GetString(0), row.GetGuid(1)), cancellation);
        await reader.NextResultAsync(cancellation);
        var chargers = await ReadAsync(
            reader, static row => KeyValuePair.Create(row.GetString(0), new KnownCharger(row.OptionalValue<Guid>(1), row.OptionalValue<Guid>(2), row.GetBoolean(3))), cancellation);
        await reader.NextResultAsync(cancellation);
        // Its type and its maker may have been changed since it was read.
        book = await WithProductAsync(book, reader, cancellation);
        return book with
        {
            Foreign = book.Foreign.SetItems(foreign),
            Chargers = book.Chargers.SetItems(chargers),
            Reservations = reservations.ToImmutable(),
            Serials = book.Serials.SetItems(serials.Select(one => KeyValuePair.Create(one.SerialNumber, one))),
            Movements = book.Movements.SetItems(movements.Select(one => KeyValuePair.Create(one.Id, one))),
            Visits = book.Visits.SetItems(visits.Select(one => KeyValuePair.Create(one.Id, one))),
            Places = named.WithPlaces ? places.ToImmutableDictionary(one => one.Id) : book.Places,
        };
    }

    /// <summary>
    /// Writes what lies between two books: the ledger's rows, the balances, reservations and numbered pieces, the audit of each command,
    /// what is announced and what is due; all of it, or, where the product's row has moved on, nothing.
    /// </summary>
    /// <param name="before">The book that the first step began with.</param>
    /// <param name="steps">The steps that change something, in their order.</param>
    /// <param name="now">When, UTC.</param>
    /// <returns>The book to go on with; null where nothing was written.</returns>
    public async Task<StockBook?> CommitAsync(StockBook before, IReadOnlyList<(StockRequest Request, StockStep Step)> steps, DateTimeOffset now)
    {
        var group = Guid.CreateVersion7(now);
        var (after, row) = Stamped(before, steps, now);
        var rows = new List<RowWrite> { new(StockTables.Products, before.Row is null ? RowOperation.Insert : RowOperation.Update, group, row, before.Row?.Version ?? 0) };
        rows.AddRange(after.Balances.Values
            .Where(balance => !ReferenceEquals(before.Balances.GetValueOrDefault(balance.PlaceId), balance))
            .Select(balance => Write(StockTables.Balances, before.Balances.ContainsKey(balance.PlaceId), balance)));
        rows.AddRange(after.Serials.Values
            .Where(piece => !ReferenceEquals(before.Serials.GetValueOrDefault(piece.SerialNumber), piece))
            .Select(piece => Write(StockTables.Serials, before.Serials.ContainsKey(piece.SerialNumber), piece)));
        rows.AddRange(steps.SelectMany(step => step.Step.Reservations).Select(changed => changed.After.Id).Distinct()
            .Select(id => Write(StockTables.Reservations, before.Reservations.ContainsKey(id), after.Reservations[id])));
        rows.AddRange(steps.Where(step => step.Step.Moved is not null).Select(step => Write(StockTables.Movements, isKnown: false, step.Step.Moved!)));
        if (row.OnHand != before.Row?.OnHand)
        {
            rows.Add(Write(StockTables.Quantities, isKnown: true, new StockTables.ProductQuantity { Id = row.Id, StockQuantity = row.OnHand }));
        }

        var applied = await commits.CommitAsync(new EntityCommit(before.ProductId, group)
        {
            Rows = rows,
            Audits = [.. steps.SelectMany(step => Audits(step.Request, step.Step, group, row.Version, now))],
            Changes = [.. steps.SelectMany(step => step.Step.News.Select(news => Change(news, step.Request.Context, now)))],
            Due = [.. steps.SelectMany(step => step.Step.Then.Select((due, n) => Due(due, n, step.Request.Context, step.Step, now)))],
            Withdrawn = [.. steps.SelectMany(step => step.Step.Withdrawn)],
        });
        return applied ? new StockBook(before.ProductId) { Row = row, IsGoods = after.IsGoods, IsCharger = after.IsCharger, Maker = after.Maker, Balances = after.Balances, Places = after.Places } : null;

        RowWrite Write<T>(RowMapping<T> table, bool isKnown, T record) where T : class, new() =>
            new(table, isKnown ? RowOperation.Update : RowOperation.Insert, group, record, 0);
    }

    private static (StockBook After, ProductStock Row) Stamped(StockBook before, IReadOnlyList<(StockRequest, StockStep Step)> steps, DateTimeOffset now)
    {
        var last = steps[^1].Step.After;
        var version = (before.Row?.Version ?? 0) + 1;
        var balances = last.Balances.ToBuilder();
        foreach (var balance in last.Balances.Values.Where(balance => !ReferenceEquals(before.Balances.GetValueOrDefault(balance.PlaceId), balance)).ToList())
        {
            balances[balance.PlaceId] = balance with { Version = version, UpdatedAt = now };
        }

        var after = last with { Balances = balances.ToImmutable() };
        return (after, (before.Row ?? new ProductStock { Id = before.ProductId, CreatedAt = now }) with
        {
            Version = version, UpdatedAt = now,
            OnHand = after.Balances.Values.Sum(balance => balance.OnHand),
            Reserved = after.Balances.Values.Sum(balance => balance.Reserved),
            Short = (before.Row?.Short ?? 0) + steps.SelectMany(step => step.Step.Reservations).Sum(changed => changed.After.Lacks - (changed.Before?.Lacks ?? 0)),
        });
    }

    // The first row of a command has the command's id, the others' follow from it. The balances are told of by the ledger.
    private static IEnumerable<AuditRow> Audits(StockRequest request, StockStep step, Guid group, long version, DateTimeOffset now)
    {
        var context = request.Context with { CommandId = group };
        var summary = step.Moved?.Reason ?? CommandName.Of(request.Command);
        var isFirst = true;
        if (step.Moved is { } moved)
        {
            isFirst = false;
            yield return new(request.Context.CommandId, AuditEntry.Between(StockTables.Movements, moved.Id, null, moved, 1, statusChanged: false, summary, context, now), context);
        }

        foreach (var (before, after) in step.Reservations)
        {
            yield return new(
                isFirst ? request.Context.CommandId : NameBasedId.Of($"{request.Context.CommandId}/stock_reservation/{after.Id}"),
                AuditEntry.Between(StockTables.Reservations, after.Id, before, after, after.Version, before is not null && before.State != after.State, summary, context, now), context);
            isFirst = false;
        }
    }

    private static NewDueCommand Due(DueCommand due, int ordinal, CommandContext context, StockStep step, DateTimeOffset now) => due.Command is ExpireReservation or ReleaseIfOver
        ? NewDueCommand.Of(due, ordinal, "stock_reservation", due.TargetId, context, now)
        : NewDueCommand.Of(due, ordinal, "stock_movement", step.Moved!.Id, context, now);

    private static NewChange Change(StockNews news, CommandContext context, DateTimeOffset now) =>
        new($"stock.{news.Name}", news.EntityType, now, RowJson.ForClient(context.Actor), RowJson.ForClient(news.Data))
        {
            EntityId = news.EntityId,
            Scope = new((news.BusinessEntity ?? news.Place?.BusinessEntity) is { } entity ? WireText.Of(entity) : null, null, null, news.Place?.VehicleId),
        };

    private async Task<List<KnownVisit>> VisitsAsync(Guid product, IReadOnlyCollection<Guid> visits, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectVisits);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, visits.ToArray()));
        command.Parameters.Add(Sql.Uuid(product));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await ReadAsync(reader, static row => new KnownVisit(row.GetGuid(0), row.GetGuid(1), WireText.Parse<VisitStatus>(row.GetString(2)), row.GetInt32(3)), cancellation);
    }

    private static async Task<StockBook> WithProductAsync(StockBook book, NpgsqlDataReader reader, CancellationToken cancellation) => await reader.ReadAsync(cancellation)
        ? book with { IsGoods = reader.GetBoolean(0), IsCharger = reader.GetBoolean(1), Maker = reader.Optional<string>(2) }
        : book with { IsGoods = false, IsCharger = false, Maker = null };

    private static KnownPlace ReadPlace(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), WireText.Parse<PlaceType>(row.GetString(2)), row.GetBoolean(3),
        row.Optional<string>(4) is { } word ? WireText.Parse<BusinessEntity>(word) : null, row.OptionalValue<Guid>(5));

    private static async Task<List<T>> ReadAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    // What a group of commands names besides balances.
    private sealed record Named(
        IReadOnlySet<Guid> Reservations, IReadOnlySet<Guid> Owners, IReadOnlySet<Guid> Visits, IReadOnlySet<Guid> Movements, IReadOnlySet<string> Serials, bool WithShort, bool WithPlaces)
    {
        public bool IsNothing => Reservations.Count + Owners.Count + Visits.Count + Movements.Count + Serials.Count == 0 && !WithShort && !WithPlaces;

        public static Named By(StockBook book, IReadOnlyList<StockRequest> requests)
        {
            var (reservations, owners, visits, movements, serials) = (new HashSet<Guid>(), new HashSet<Guid>(), new HashSet<Guid>(), new HashSet<Guid>(), new HashSet<string>());
            // A place may be closed, or opened, by its own grain: what moves goods looks again.
            var (withShort, withPlaces) = (false, false);
            foreach (var (command, context) in requests)
            {
                switch (command)
                {
                    case MoveStock move:
                        withPlaces = true;
                        withShort |= book.Row?.Short > 0;
                        AddIf(movements, context.MayRepeat ? move.MovementId : null);
                        AddIf(reservations, move.ReservationId);
                        AddIf(visits, move.VisitId);
                        if (StockDecider.Number(move.SerialNumber) is { Length: <= 100 } number && StorableText.Fault(number) is null)
                        {
                            serials.Add(number);
                        }

                        break;
                    case ReserveStock reserve:
                        withPlaces |= !book.Places.ContainsKey(reserve.PlaceId);
                        AddIf(reservations, context.MayRepeat ? reserve.ReservationId : null);
                        break;
                    case ReleaseReservation { ReservationId: var id }:
                        withShort |= book.Row?.Short > 0;
                        reservations.Add(id);
                        break;
                    case ExpireReservation { ReservationId: var id }:
                        withShort |= book.Row?.Short > 0;
                        reservations.Add(id);
                        break;
                    case ReleaseOwned { OwnerId: var id }:
                        withShort |= book.Row?.Short > 0;
                        owners.Add(id);
                        break;
                    case NeedStock need:
                        withPlaces = true;
                        withShort |= book.Row?.Short > 0;
                        reservations.Add(StockDecider.NeedId(book.ProductId, need.LineId));
                        break;
                }
            }

            return new(reservations, owners, visits, movements, serials, withShort, withPlaces);
        }

        private static void AddIf(HashSet<Guid> ids, Guid? id)
        {
            if (id is { } named)
            {
                ids.Add(named);
            }
        }
    }
}
