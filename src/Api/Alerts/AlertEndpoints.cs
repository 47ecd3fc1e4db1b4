using ChargeCars.Alerts;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Alerts;

/// <summary><c>/api/alerts</c>: what needs somebody, kept by the server and shared by all who see to it.</summary>
public static class AlertEndpoints
{
    private const int MostSeen = 500;

    private static readonly QueryParameter Given = new("alertId", "the uuid of an alert: those alone to whom it can be given");

    private static readonly int LongestMinutes = (int)AlertDecider.LongestSnooze.TotalMinutes;

    /// <summary>Adds what they need.</summary>
    public static IServiceCollection AddAlertQueries(this IServiceCollection services) => services.AddSingleton<AlertQueries>().AddSingleton<AlertColleagues>();

    /// <summary>Maps them.</summary>
    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        var alerts = routes.MapGroup("/api/alerts").WithTags("Alerts").RequirePermission(Permissions.AlertsRead);
        alerts.MapGet("/", ListAsync).TakesQuery(AlertQueries.List).Produces<Page<AlertView>>()
            .WithName("ListAlerts").WithSummary("Alerts, a page at a time; active=true for those that need somebody, now or after a snooze.")
            .WithDescription("With at: as they stood at that moment; isUnread and label are of now.");
        alerts.MapGet("/count", CountAsync).Produces<AlertCount>()
            .WithName("CountAlerts").WithSummary("How many are open, and how many of them the caller has not seen.");
        alerts.MapGet("/colleagues", ColleaguesAsync).RequirePermission(Permissions.AlertsWrite).RequirePermission(Permissions.RelationsRead).TakesQuery(Given).Produces<AlertColleagueList>()
            .WithName("ListAlertColleagues").WithSummary("Who sees to alerts, by name; with alertId those to whom that alert can be given: who sees it too.");
        alerts.MapPost("/actions/see", SeeAsync).Produces<AlertCount>()
            .WithName("SeeAlerts").WithSummary("The caller has seen these (ids) as they are now.");
        alerts.MapGet("/{id:guid}", GetAsync).Produces<AlertView>()
            .WithName("GetAlert").WithSummary("One alert.");
        alerts.MapGet("/{id:guid}/actions", ActionsAsync).Produces<ActionOption[]>()
            .WithName("ListAlertActions").WithSummary("Every action, whether it is allowed now, and what stands in the way.");
        Action(alerts, AlertAction.Done, "DoneAlert", "It is seen to; while its fact lasts it does not come back.");
        Action(alerts, AlertAction.Snooze, "SnoozeAlert", "Puts it away for all, for some minutes or until a time.");
        Action(alerts, AlertAction.Assign, "AssignAlert", "Gives it to a colleague (contactId), or to nobody.");
        Action(alerts, AlertAction.Reopen, "ReopenAlert", "Brings back what was done or put away.");
    }

    private static void Action(RouteGroupBuilder alerts, AlertAction action, string name, string summary) =>
        alerts.MapPost($"/{{id:guid}}/actions/{ActionText.Of(action)}",
                (Guid id, HttpContext http, AlertQueries queries, AlertColleagues colleagues, EntityDirectory directory, IGrainFactory grains, TimeProvider time, AlertBody? body = null) =>
                    ActAsync(id, action, body ?? new(), http, queries, colleagues, directory, grains, time))
            .RequirePermission(Permissions.AlertsWrite).Repeatable().Produces<AlertView>().WithName(name).WithSummary(summary);

    private static async Task<IResult> ListAsync(HttpContext http, AlertQueries queries, ChangeRecord record, TimeProvider time)
    {
        var query = AlertQueries.List.Parse(http);
        return PastMoment.Refusal(query.Value?.At, time.GetUtcNow(), await record.BeginsAsync(http.RequestAborted)) is { } refusal ? ProblemAnswers.From(refusal)
            : query.Succeeded ? TypedResults.Ok(await queries.PageAsync(query.Value, Caller.Of(http), http.RequestAborted)) : ProblemAnswers.From(query.Error);
    }

    private static async Task<IResult> CountAsync(HttpContext http, AlertQueries queries) =>
        TypedResults.Ok(await queries.CountAsync(Caller.Of(http), http.RequestAborted));

    private static async Task<IResult> ColleaguesAsync(HttpContext http, AlertColleagues colleagues, AlertQueries queries)
    {
        var (query, caller) = (QueryParameters.Of(http), Caller.Of(http));
        var alert = query.Value<Guid>(Given.Name, static text => Guid.TryParse(text, out var id) ? id : null, "must be a uuid");
        return query.Refusal is { } refusal ? ProblemAnswers.From(refusal)
            : alert is { } id && await queries.FindAsync(id, caller, http.RequestAborted) is null ? ProblemAnswers.From(Missing(id))
            : TypedResults.Ok(await colleagues.ListAsync(caller, alert, http.RequestAborted));
    }

    private static async Task<IResult> SeeAsync(SeenBody body, HttpContext http, AlertQueries queries)
    {
        var faults = new FieldFaults().Required("ids", body.Ids).Rule("ids", body.Ids?.Count > MostSeen, $"must hold at most {MostSeen}");
        if (faults.Invalid is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        await queries.SeeAsync(body.Ids!, Caller.Of(http), http.RequestAborted);
        return TypedResults.Ok(await queries.CountAsync(Caller.Of(http), http.RequestAborted));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, AlertQueries queries)
    {
        if (await queries.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } alert)
        {
            return ProblemAnswers.From(Missing(id));
        }

        http.SetVersion(alert.Version);
        return TypedResults.Ok(alert);
    }

    private static async Task<IResult> ActionsAsync(Guid id, HttpContext http, AlertQueries queries, IGrainFactory grains)
    {
        var options = await queries.FindAsync(id, Caller.Of(http), http.RequestAborted) is null
            ? Missing(id)
            : await grains.GetGrain<IEntityGrain<Alert>>(id).GetActionsAsync();
        return options.Succeeded ? TypedResults.Ok(options.Value) : ProblemAnswers.From(options.Error);
    }

    private static async Task<IResult> ActAsync(
        Guid id, AlertAction action, AlertBody body, HttpContext http, AlertQueries queries, AlertColleagues colleagues, EntityDirectory directory, IGrainFactory grains,
        TimeProvider time)
    {
        var (caller, context) = (Caller.Of(http), CommandRequest.Context(http, time));
        if ((context.Error ?? Fault(action, body)
            ?? await directory.CheckAsync([new("contactId", "contact", body.ContactId)], caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (await queries.FindAsync(id, caller, http.RequestAborted) is null)
        {
            return ProblemAnswers.From(Missing(id));
        }

        if (body.ContactId is { } contact && !await colleagues.CanBeGivenAsync(contact, id, http.RequestAborted))
        {
            return ProblemAnswers.From(Invalid.Field("contactId", "must be somebody who sees this alert and may see to it"));
        }

        var acted = await grains.GetGrain<IEntityGrain<Alert>>(id).ExecuteAsync(
            new ActOnAlert(action, caller.Actor.Name, caller.Actor.ContactId)
            {
                Until = body.Minutes is { } minutes ? time.StoredNow().AddMinutes(minutes)
                    : body.Until is { } until ? StoredTime.ToStored(until.ToUniversalTime()) : null,
                AssignToContactId = body.ContactId,
            },
            context.Value!);
        if (!acted.Succeeded)
        {
            return ProblemAnswers.From(acted.Error);
        }

        // Who sees to it has seen it.
        await queries.SeeAsync([id], caller, http.RequestAborted);
        http.SetVersion(acted.Value.Version);
        return TypedResults.Ok(AlertView.Of(acted.Value, acted.Value.Occurrence));
    }

    private static Invalid? Fault(AlertAction action, AlertBody body)
    {
        var isSnooze = action == AlertAction.Snooze;
        return new FieldFaults()
            .Rule("minutes", body.Minutes is not null && !isSnooze, "belongs to the action 'snooze' only")
            .Rule("until", body.Until is not null && !isSnooze, "belongs to the action 'snooze' only")
            .Rule("contactId", body.ContactId is not null && action != AlertAction.Assign, "belongs to the action 'assign' only")
            .Rule("until", isSnooze && body.Minutes is null && body.Until is null, "is required, or minutes")
            .Rule("until", isSnooze && body.Minutes is not null && body.Until is not null, "is for where minutes are left out")
            .Number("minutes", body.Minutes, 1, LongestMinutes)
            .Time("until", body.Until).Invalid;
    }

    private static NotFound Missing(Guid id) => new(AlertKind.Rows.Table, id.ToString());

    /// <summary>The body of an action; all of it optional but for what the action demands.</summary>
    /// <param name="Minutes">Of a snooze: for how long.</param>
    /// <param name="Until">Of a snooze, in place of minutes: when it comes back, UTC.</param>
    /// <param name="ContactId">Of an assignment: the colleague; nobody where it is left out.</param>
    public sealed record AlertBody(int? Minutes = null, DateTimeOffset? Until = null, Guid? ContactId = null);

    /// <summary>What the caller has seen.</summary>
    /// <param name="Ids">The alerts, at most 500.</param>
    public sealed record SeenBody(IReadOnlyList<Guid>? Ids);
}
