using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Catalogue.Chargers;

internal sealed class InstalledChargerGrain(EntityStore<InstalledCharger, InstalledChargerKind> store, NpgsqlDataSource source, TimeProvider time)
    : StandardGrain<InstalledCharger, InstalledChargerDetails, InstalledChargerKind>(store, time)
{
    public override async Task<Result<InstalledCharger>> ExecuteAsync(EntityCommand<InstalledCharger> command, CommandContext context)
    {
        var details = (command as Create<InstalledCharger, InstalledChargerDetails>)?.Details ?? (command as Revise<InstalledCharger, InstalledChargerDetails>)?.Details;
        return details is { ProductId: { } product } && await ContradictionAsync(details, product) is { } fault ? fault : await base.ExecuteAsync(command, context);
    }

    // A product whose brand was changed contradicts no charger that was recorded before: only who changes either of the two is asked.
    private async Task<Invalid?> ContradictionAsync(InstalledChargerDetails details, Guid product)
    {
        var brand = InstalledChargerKind.Normalized(details).Brand;
        if (State is { } known && known.ProductId == product && Is(known.Brand))
        {
            return null;
        }

        await using var select = source.CreateCommand("SELECT brand FROM product WHERE id = $1");
        select.Parameters.Add(Sql.Uuid(product));
        return await select.ExecuteScalarAsync() is string maker && !Is(maker) ? Invalid.Field("brand", $"must be {maker}, which makes the product that productId names") : null;

        bool Is(string other) => string.Equals(other, brand, StringComparison.OrdinalIgnoreCase);
    }
}
