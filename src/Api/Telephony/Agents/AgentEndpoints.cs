using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Agents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace ChargeCars.Api.Telephony.Agents;

/// <summary><c>/api/telephony/agents</c>: who answers the phone, and what they do now. They are colleagues: nobody of a partner's sees them.</summary>
internal static class AgentEndpoints
{
    private static readonly ListDefinition List = new(
        new Dictionary<string, ListFilter> { ["status"] = ListFilter.Word<AgentStatus>("status"), ["agentId"] = ListFilter.Text("agent_id") },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "createdAt");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/telephony/agents", ListAsync).WithTags("Telephony").RequirePermission(Permissions.CallsRead).TakesQuery(List)
            .Produces<Page<AgentView>>()
            .WithName("ListAgents").WithSummary("Who answers the phone, and whether they are available, in a call, finishing one, or away.");

    private static async Task<IResult> ListAsync(HttpContext http, NpgsqlDataSource source)
    {
        var query = List.Parse(http);
        if (!query.Succeeded)
        {
            return ProblemAnswers.From(query.Error);
        }

        var page = await (query.Value with { Scope = Visible(Caller.Of(http)) })
            .RunAsync(source, AgentKind.Rows.ColumnList, AgentKind.Rows.From, AgentKind.Rows.Read, http.RequestAborted);
        return TypedResults.Ok(new Page<AgentView>([.. page.Items.Select(AgentView.Of)], page.NextCursor));
    }

    private static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(caller.PartnerOrganizationId is null && caller.Vehicles is null ? null : "false");
    }
}

/// <summary>An agent as clients see them.</summary>
/// <param name="Id">Their id.</param>
/// <param name="AgentId">Aircall's id of them.</param>
/// <param name="Name">As they are called there.</param>
/// <param name="Email">Their address there.</param>
/// <param name="Status">What they do.</param>
/// <param name="Substatus">Why they take no calls, in Aircall's words.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="CallId">Aircall's id of the call that they are in.</param>
/// <param name="Version">Raised by one with every change.</param>
public sealed record AgentView(
    Guid Id, string AgentId, string? Name, string? Email, AgentStatus Status, string? Substatus, DateTimeOffset? Since, string? CallId, long Version)
{
    internal static AgentView Of(AgentPresence agent) => new(
        agent.Id, agent.AgentId, agent.Name?.Value, agent.Email?.Value, agent.Status, AgentKind.Substatus(agent), agent.Since, agent.CallId, agent.Version);
}
