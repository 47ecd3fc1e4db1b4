using System.Globalization;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Orders.Teams;

namespace ChargeCars.Planning.Routes;

/// <summary>Whether a crew can do a visit on its day at all, whatever the time and the route: people, van, equipment, parts. Pure.</summary>
public static class CrewFitness
{
    /// <summary>Every rule that is broken; empty where the crew is fit for it.</summary>
    public static IReadOnlyList<Violation> Violations(RouteVisit visit, Crew crew)
    {
        var found = new List<Violation>();
        if (crew.Team is null && crew.Vehicle is null)
        {
            found.Add(new(RouteRule.Crew, false, "Neither a team nor a van is named."));
        }

        if (crew.Team is { } team)
        {
            Judge(team, visit, crew, found);
        }

        if (crew.Team is not null || visit.AssigneeIds.Count > 0)
        {
            JudgeSkills(visit, crew, found);
        }

        if (crew.Vehicle is { } vehicle)
        {
            Judge(vehicle, crew.Day, found);
            JudgeEquipment(visit, vehicle, found);
            JudgeParts(visit, vehicle, found);
        }

        return found;
    }

    private static void Judge(CrewTeam team, RouteVisit visit, Crew crew, List<Violation> found)
    {
        if (team.BusinessEntity is { } own && visit.BusinessEntity is { } wanted && own != wanted)
        {
            found.Add(new(RouteRule.Crew, false, $"The team {team.Name} works for {WireText.Of(own)}, the visit is {WireText.Of(wanted)}'s."));
        }

        if (!team.IsActive)
        {
            found.Add(new(RouteRule.TeamInactive, true, $"The team {team.Name} is not active."));
        }

        if (!crew.Members.Any())
        {
            found.Add(new(RouteRule.Crew, false, $"Nobody is in the team {team.Name} on {Date(crew.Day)}."));
        }
    }

    private static void Judge(CrewVehicle vehicle, DateOnly day, List<Violation> found)
    {
        Rule(!vehicle.IsActive, RouteRule.VehicleInactive, true, $"{vehicle.Name} is not in active use.");
        Rule(!vehicle.IsAvailable, RouteRule.VehicleUnavailable, true, $"{vehicle.Name} is not free for assignment.");
        Rule(vehicle.Status == VehicleStatus.Maintenance, RouteRule.Maintenance, true, $"{vehicle.Name} is in maintenance.");
        Rule(
            vehicle.Status != VehicleStatus.Maintenance && vehicle.MaintenanceDue < day, RouteRule.Maintenance, false,
            $"The maintenance of {vehicle.Name} was due on {Date(vehicle.MaintenanceDue ?? day)}.");

        void Rule(bool broken, RouteRule rule, bool hard, string detail)
        {
            if (broken)
            {
                found.Add(new(rule, hard, detail));
            }
        }
    }

    /// <summary>A certificate is the proof of a skill: where somebody has one of that name, its day counts and not the claim.</summary>
    private static void JudgeSkills(RouteVisit visit, Crew crew, List<Violation> found)
    {
        var people = crew.Members.Where(member => visit.AssigneeIds.Count == 0 || visit.AssigneeIds.Contains(member.Id)).ToList();
        foreach (var skill in visit.RequiredSkills)
        {
            Certification? expired = null;
            string? holder = null;
            var able = false;
            foreach (var person in people)
            {
                var proofs = person.Certifications.Where(certificate => IsSame(certificate.Name, skill)).ToList();
                able |= proofs.Count > 0 ? proofs.Exists(proof => !(proof.ExpiresOn < crew.Day)) : person.Skills.Any(own => IsSame(own, skill));
                if (proofs.Where(proof => proof.ExpiresOn < crew.Day).MaxBy(proof => proof.ExpiresOn) is { } late && !(late.ExpiresOn < expired?.ExpiresOn))
                {
                    (expired, holder) = (late, person.Name);
                }
            }

            if (!able)
            {
                found.Add(expired is null
                    ? new(RouteRule.Skill, true, $"Nobody of {crew.Name} can do '{skill}'.")
                    : new(RouteRule.Certificate, true, $"The certificate '{skill}' of {holder} ended on {Date(expired.ExpiresOn!.Value)}."));
            }
        }
    }

    private static void JudgeEquipment(RouteVisit visit, CrewVehicle vehicle, List<Violation> found)
    {
        foreach (var category in visit.RequiredEquipment.Distinct())
        {
            var kind = WireText.Of(category);
            if (vehicle.Equipment is null)
            {
                found.Add(new(RouteRule.Equipment, false, $"The equipment of {vehicle.Name} is not on record; the visit takes {kind}."));
                continue;
            }

            // Conditions grow worse in their order: the best piece decides.
            var best = vehicle.Equipment.Where(piece => piece.Category == category && piece.Quantity > 0).Min(piece => piece.Condition);
            if (best is null)
            {
                found.Add(new(RouteRule.Equipment, false, $"{vehicle.Name} carries no equipment for {kind}."));
            }
            else if (best >= EquipmentCondition.NeedsReplacement)
            {
                found.Add(new(
                    RouteRule.Equipment, best == EquipmentCondition.OutOfOrder,
                    $"The equipment for {kind} of {vehicle.Name} {(best == EquipmentCondition.OutOfOrder ? "is out of order" : "needs replacement")}."));
            }
        }
    }

    private static void JudgeParts(RouteVisit visit, CrewVehicle vehicle, List<Violation> found)
    {
        if (vehicle.Stock is not { } stock)
        {
            return;
        }

        foreach (var part in visit.RequiredParts.GroupBy(part => part.ProductId))
        {
            var (needed, there) = (part.Sum(line => line.Quantity), stock.GetValueOrDefault(part.Key));
            if (there < needed)
            {
                found.Add(new(RouteRule.Parts, false, $"{vehicle.Name} carries {Math.Max(0, there)} of {needed} × {part.First().Name}."));
            }
        }
    }

    private static bool IsSame(string one, string other) => one.AsSpan().Trim().Equals(other.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);

    private static string Date(DateOnly date) => date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
