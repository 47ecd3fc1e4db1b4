using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Catalogue.Products;

internal sealed class ProductGrain(EntityStore<Product, ProductKind> store, NpgsqlDataSource source, TimeProvider time)
    : StandardGrain<Product, ProductDetails, ProductKind>(store, time)
{
    public override async Task<Result<Product>> GetAsync() => await CountedAsync(await base.GetAsync());

    public override async Task<Result<Product>> ExecuteAsync(EntityCommand<Product> command, CommandContext context) =>
        await CountedAsync(await base.ExecuteAsync(command, context));

    // How many there are is the ledger's to say; what this grain read of it may be an hour old.
    private async Task<Result<Product>> CountedAsync(Result<Product> result)
    {
        if (result is not { Succeeded: true, Value: { } product })
        {
            return result;
        }

        await using var command = source.CreateCommand("SELECT stock_quantity FROM product WHERE id = $1");
        command.Parameters.Add(Sql.Uuid(Id));
        return product with { StockQuantity = await command.ExecuteScalarAsync() as int? };
    }
}
