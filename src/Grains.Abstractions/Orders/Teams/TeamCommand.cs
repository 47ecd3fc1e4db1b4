using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Teams;

/// <summary>Adds a member, or changes the membership that is named.</summary>
/// <param name="MemberId">The membership.</param>
/// <param name="Membership">All of it, as it is to be.</param>
[GenerateSerializer, Immutable, Alias("team.set-member")]
public sealed record SetTeamMember(Guid MemberId, TeamMembership Membership) : EntityCommand<Team>;

/// <summary>Takes a membership away, as if it had never been; to end one, set its last day.</summary>
/// <param name="MemberId">The membership.</param>
[GenerateSerializer, Immutable, Alias("team.remove-member")]
public sealed record RemoveTeamMember(Guid MemberId) : EntityCommand<Team>;
