using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.BusinessEntities;

internal sealed class BusinessEntityProfileGrain(EntityStore<BusinessEntityProfile, BusinessEntityKind> store, TimeProvider time)
    : StandardGrain<BusinessEntityProfile, BusinessEntityProfileDetails, BusinessEntityKind>(store, time);
