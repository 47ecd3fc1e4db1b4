using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Teams;

internal sealed class TeamGrain(EntityStore<Team, TeamKind> store, TimeProvider time) : StandardGrain<Team, TeamDetails, TeamKind>(store, time);
