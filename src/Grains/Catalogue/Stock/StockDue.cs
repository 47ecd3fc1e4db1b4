using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Catalogue.Stock;

/// <summary>
/// Takes what other entities and the clock oblige a product's stock to do. The target is the reservation or the line, so that the
/// words to one product need not wait for one another.
/// </summary>
internal sealed class StockDue(IGrainFactory grains, NpgsqlDataSource source, StockQueries queries)
    : IDueCommandHandler<ExpireReservation>, IDueCommandHandler<NeedStock>, IDueCommandHandler<ReleaseOwned>, IDueCommandHandler<ReleaseIfOver>
{
    private const string ProductsOf = "SELECT DISTINCT product_id FROM stock_reservation WHERE (owner_id = $1 OR order_id = $1) AND state IN ('held', 'short')";

    public Task<Error?> CarryOutAsync(Guid targetId, ExpireReservation command, CommandContext context, CancellationToken cancellation) =>
        AskAsync(command.ProductId, command, context);

    public Task<Error?> CarryOutAsync(Guid targetId, NeedStock command, CommandContext context, CancellationToken cancellation) =>
        AskAsync(command.ProductId, command, context);

    public async Task<Error?> CarryOutAsync(Guid targetId, ReleaseIfOver command, CommandContext context, CancellationToken cancellation) =>
        await queries.OwnerAsync(command.OwnerType, command.OwnerId, cancellation) is { IsOver: false }
            ? null
            : await AskAsync(command.ProductId, new ReleaseReservation(command.ReservationId), context);

    public async Task<Error?> CarryOutAsync(Guid targetId, ReleaseOwned command, CommandContext context, CancellationToken cancellation)
    {
        var products = new List<Guid>();
        await using (var find = source.CreateCommand(ProductsOf))
        {
            find.Parameters.Add(Sql.Uuid(command.OwnerId));
            await using var row = await find.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                products.Add(row.GetGuid(0));
            }
        }

        // Each product is a command of its own: its id follows from the product, so that a repetition finds what was done.
        foreach (var product in products)
        {
            if (await AskAsync(product, command, context with { CommandId = NameBasedId.Of($"{context.CommandId}/{product}") }) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private async Task<Error?> AskAsync(Guid product, StockCommand command, CommandContext context) =>
        (await grains.GetGrain<IStockGrain>(product).ExecuteAsync(command, context)).Error;
}
