using ChargeCars.Platform.Entities;

namespace ChargeCars.Catalogue.Stock;

internal sealed class StockPlaceGrain(EntityStore<StockPlace, StockPlaceKind> store, TimeProvider time)
    : StandardGrain<StockPlace, StockPlaceDetails, StockPlaceKind>(store, time);
