using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Teams;

/// <summary>Who is in a team, and when. Pure.</summary>
public static class TeamDecider
{
    private const int MostMembers = 500;

    /// <summary>What a command does to a team, or why it is refused.</summary>
    public static Result<Outcome<Team>> Decide(Team team, EntityCommand<Team> command, DateTimeOffset now) => command switch
    {
        SetTeamMember set => Set(team, set, now),
        RemoveTeamMember remove => team.Members.All(member => member.Id != remove.MemberId)
            ? new NotFound("team_member", remove.MemberId.ToString())
            : Changed(team, team.Members.Where(member => member.Id != remove.MemberId)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a team."),
    };

    private static Result<Outcome<Team>> Set(Team team, SetTeamMember set, DateTimeOffset now)
    {
        if (Check(set.Membership) is { } fault)
        {
            return fault;
        }

        var known = team.Members.FirstOrDefault(member => member.Id == set.MemberId);
        if (known is null && team.Members.Count >= MostMembers)
        {
            return new Conflict("team_full", $"A team has at most {MostMembers} memberships: remove old ones.");
        }

        var member = (known ?? new TeamMember { Id = set.MemberId, CreatedAt = now, TeamId = team.Id }) with
        {
            BusinessEntity = team.BusinessEntity,
            ContactId = set.Membership.ContactId!.Value,
            Role = set.Membership.Role!.Value,
            Skills = [.. set.Membership.Skills.Select(PlainText.Tidy).Distinct()],
            Certifications = [.. set.Membership.Certifications.Select(one => one with { Name = PlainText.Tidy(one.Name) })],
            ValidFrom = set.Membership.ValidFrom!.Value,
            ValidTo = set.Membership.ValidTo,
        };
        var others = team.Members.Where(other => other.Id != member.Id).ToList();
        return others.Find(other => other.ContactId == member.ContactId && Overlap(other, member)) is { } twice
            ? new Conflict("overlap", $"The person is in the team from {twice.ValidFrom:yyyy-MM-dd} already: end that membership first (validTo).", "validFrom")
            : Changed(team, others.Append(member).OrderBy(one => one.ValidFrom).ThenBy(one => one.Id));
    }

    private static Invalid? Check(TeamMembership membership)
    {
        var faults = new FieldFaults()
            .Required("contactId", membership.ContactId)
            .OneOf("role", membership.Role)
            .Required("validFrom", membership.ValidFrom)
            .Date("validFrom", membership.ValidFrom)
            .Date("validTo", membership.ValidTo)
            .NotBefore("validTo", membership.ValidTo, "validFrom", membership.ValidFrom)
            .Rule("skills", membership.Skills.Count > 50, "must hold at most 50")
            .Each("certifications", membership.Certifications, 50, static (inner, one) => inner.Text("name", one.Name, 1..100).Date("expiresOn", one.ExpiresOn));
        for (var i = 0; i < Math.Min(membership.Skills.Count, 50); i++)
        {
            faults.Text($"skills[{i}]", membership.Skills[i], 1..60);
        }

        return faults.Invalid;
    }

    private static bool Overlap(TeamMember one, TeamMember other) =>
        one.ValidFrom <= (other.ValidTo ?? DateOnly.MaxValue) && other.ValidFrom <= (one.ValidTo ?? DateOnly.MaxValue);

    private static Outcome<Team> Changed(Team team, IEnumerable<TeamMember> members) => Outcome.Of(team with { Members = [.. members] }, "members_changed");
}
