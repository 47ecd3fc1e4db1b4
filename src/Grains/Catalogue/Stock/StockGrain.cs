using Microsoft.Extensions.Logging;

namespace ChargeCars.Catalogue.Stock;

/// <inheritdoc cref="IStockGrain"/>
internal sealed class StockGrain(StockStore store, TimeProvider time, ILogger<StockGrain> logger) : Grain, IStockGrain
{
    private StockLedger? _ledger;

    public Task<Result<StockAnswer>> ExecuteAsync(StockCommand command, CommandContext context) =>
        (_ledger ??= new(this.GetPrimaryKey(), store, time, logger)).ExecuteAsync(command, context);
}
