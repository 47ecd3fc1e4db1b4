using ChargeCars.Platform.Entities;

namespace ChargeCars.Catalogue.Products;

internal sealed class ProductGrain(EntityStore<Product, ProductKind> store, TimeProvider time)
    : StandardGrain<Product, ProductDetails, ProductKind>(store, time);
