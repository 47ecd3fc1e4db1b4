using ChargeCars.Platform.Entities;

namespace ChargeCars.Identity.Roles;

internal sealed class RoleGrain(EntityStore<Role, RoleKind> store, TimeProvider time) : StandardGrain<Role, RoleDetails, RoleKind>(store, time);
