using ChargeCars.Platform.Entities;

namespace ChargeCars.Catalogue.Chargers;

internal sealed class InstalledChargerGrain(EntityStore<InstalledCharger, InstalledChargerKind> store, TimeProvider time)
    : StandardGrain<InstalledCharger, InstalledChargerDetails, InstalledChargerKind>(store, time);
