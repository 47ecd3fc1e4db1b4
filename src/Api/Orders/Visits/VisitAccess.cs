using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Orders.Visits;

/// <summary>Visits, within <see cref="OrderScope"/>: a technician's own to see and to make, a partner's own to see.</summary>
internal sealed class VisitAccess : IEntityAccess<Visit, VisitDetails>
{
    public static string Route => "/api/visits";

    public static string Noun => "visit";

    public static string Read => Permissions.VisitsRead;

    public static string Write => Permissions.VisitsWrite;

    public static bool IsDeletable => false;

    public static bool IsMadeOfDetails => false;

    public static bool HasTransitions => true;

    public static VisitDetails Example => new() { VisitType = VisitType.Install, EstimatedMinutes = 180, RequiredSkills = ["three_phase"] };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.Any(OrderScope.VisitAlternatives(text, caller));
    }

    public static Error? RefuseWriting(Caller caller, VisitDetails details, Visit? before) =>
        caller.PartnerOrganizationId is not null ? new Forbidden("Credentials of a partner can't change visits.") : null;

    public static async Task<IResult?> RefuseChangeAsync(Visit before, VisitDetails after, HttpContext http)
    {
        var changed = new VisitDetails
        {
            AddressId = after.AddressId == before.AddressId ? null : after.AddressId,
            FollowUpOfVisitId = after.FollowUpOfVisitId == before.FollowUpOfVisitId ? null : after.FollowUpOfVisitId,
        };
        return changed.FollowUpOfVisitId == before.Id
            ? ProblemAnswers.From(Invalid.Field("followUpOfVisitId", "must be another visit"))
            : await http.RequestServices.GetRequiredService<OrderReferences>().CheckAsync(changed, before.OrderId, http.RequestAborted) is { } foreign
                ? ProblemAnswers.From(foreign)
                : await http.RequestServices.GetRequiredService<VisitCrews>().RefuseAsync(before, after, http.RequestAborted) is { } unfit
                    ? ProblemAnswers.From(unfit)
                    : null;
    }

    public static IEnumerable<EntityReference> References(VisitDetails details) =>
    [
        new("addressId", "address", details.AddressId), new("teamId", "team", details.TeamId), new("vehicleId", "vehicle", details.VehicleId),
        new("followUpOfVisitId", "visit", details.FollowUpOfVisitId),
    ];

    public static void MapMore(RouteGroupBuilder group)
    {
        VisitEndpoints.Map(group);
        VisitPartEndpoints.Map(group);
    }
}
