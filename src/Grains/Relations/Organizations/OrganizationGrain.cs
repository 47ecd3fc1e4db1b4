using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Organizations;

internal sealed class OrganizationGrain(EntityStore<Organization, OrganizationKind> store, TimeProvider time)
    : StandardGrain<Organization, OrganizationDetails, OrganizationKind>(store, time);
