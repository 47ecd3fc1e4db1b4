using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Orders.Teams;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Routing;
using NpgsqlTypes;

namespace ChargeCars.Api.Orders.Teams;

/// <summary>Teams: those of the caller's business entities and those that work for all; who sees only own work sees the own teams. Partners see none.</summary>
internal sealed class TeamAccess : IEntityAccess<Team, TeamDetails>
{
    public static string Route => "/api/teams";

    public static string Noun => "team";

    public static string Read => Permissions.TeamsRead;

    public static string Write => Permissions.TeamsWrite;

    public static TeamDetails Example => new() { Name = "Team Midden 1", BusinessEntity = BusinessEntity.Chargecars };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(
            caller.PartnerOrganizationId is null ? null : "false",
            text.OfBusinessEntities(caller, orNone: true),
            caller.Vehicles is { } vans
                ? $"vehicle_id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, vans.ToArray()))}) OR id IN (SELECT team_id FROM team_member WHERE contact_id = {text.Of(Sql.Uuid(caller.Actor.ContactId))})"
                : null);
    }

    public static Error? RefuseWriting(Caller caller, TeamDetails details, Team? before) =>
        caller is { PartnerOrganizationId: not null } or { Vehicles: not null }
            ? new Forbidden("Credentials of a partner, or of some vehicles only, can't change teams.")
            : BusinessEntityScope.Refuse(caller, details.BusinessEntity) ?? (before is null ? null : BusinessEntityScope.Refuse(caller, before.BusinessEntity));

    public static IEnumerable<EntityReference> References(TeamDetails details) => [new("vehicleId", "vehicle", details.VehicleId)];

    public static void MapMore(RouteGroupBuilder group) => TeamMemberEndpoints.Map(group);
}
