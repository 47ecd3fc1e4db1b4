using ChargeCars.Platform.Entities;

namespace ChargeCars.Catalogue.PriceLists;

internal sealed class ListPriceGrain(EntityStore<ListPrice, ListPriceKind> store, TimeProvider time)
    : StandardGrain<ListPrice, ListPriceDetails, ListPriceKind>(store, time);
