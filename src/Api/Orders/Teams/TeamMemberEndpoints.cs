using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders.Teams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Teams.Team, ChargeCars.Orders.Teams.TeamDetails, ChargeCars.Orders.Teams.TeamKind, ChargeCars.Api.Orders.Teams.TeamAccess>;

namespace ChargeCars.Api.Orders.Teams;

/// <summary>The members of a team. Each change is one of the team, under its version.</summary>
internal static class TeamMemberEndpoints
{
    public static void Map(RouteGroupBuilder teams)
    {
        teams.MapPost("/{id:guid}/members", AddAsync).RequirePermission(Permissions.TeamsWrite).Repeatable().Produces<Team>()
            .WithName("AddTeamMember").WithSummary("Adds somebody to the team for a span of days.");
        teams.MapPut("/{id:guid}/members/{memberId:guid}", SetAsync).RequirePermission(Permissions.TeamsWrite).Produces<Team>()
            .WithName("SetTeamMember").WithSummary("Changes a membership (If-Match of the team).");
        teams.MapDelete("/{id:guid}/members/{memberId:guid}", RemoveAsync).RequirePermission(Permissions.TeamsWrite).Produces<Team>()
            .WithName("RemoveTeamMember").WithSummary("Takes a membership away as if it had never been (If-Match of the team).");
    }

    private static async Task<IResult> AddAsync(Guid id, TeamMembership body, HttpContext http, Routes teams, EntityDirectory directory, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        return context.Succeeded
            ? await WriteAsync(id, CommandRequest.NewId(context.Value, time), body, http, teams, directory)
            : ProblemAnswers.From(context.Error);
    }

    private static Task<IResult> SetAsync(Guid id, Guid memberId, TeamMembership body, HttpContext http, Routes teams, EntityDirectory directory) =>
        WriteAsync(id, memberId, body, http, teams, directory, versionRequired: true);

    private static Task<IResult> RemoveAsync(Guid id, Guid memberId, HttpContext http, Routes teams) =>
        teams.ExecuteAsync(id, new RemoveTeamMember(memberId), http, versionRequired: true);

    private static async Task<IResult> WriteAsync(
        Guid id, Guid memberId, TeamMembership body, HttpContext http, Routes teams, EntityDirectory directory, bool versionRequired = false) =>
        await directory.CheckAsync([new("contactId", "contact", body.ContactId)], Caller.Of(http), http.RequestAborted) is { } unknown
            ? ProblemAnswers.From(unknown)
            : await teams.ExecuteAsync(id, new SetTeamMember(memberId, body), http, versionRequired);
}
