using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders.Visits;
using ChargeCars.Api.Planning.Desk;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Visits.Visit, ChargeCars.Orders.Visits.VisitDetails, ChargeCars.Orders.Visits.VisitKind, ChargeCars.Api.Orders.Visits.VisitAccess>;

namespace ChargeCars.Api.Planning;

/// <summary>What planning a visit would mean, who could make it, and the schedule. Nothing is changed.</summary>
public static class PlanningEndpoints
{
    private const int LongestSchedule = 31;

    /// <summary>So many visits are in one answer at most.</summary>
    private const int LargestSchedule = 5_000;

    /// <summary>Adds what reads them.</summary>
    public static IServiceCollection AddDesk(this IServiceCollection services) => services.AddSingleton<DeskReader>();

    /// <summary>Maps the planning of visits <c>/api/schedule</c> and <c>/api/desk</c>.</summary>
    public static void MapPlanning(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/visits/{id:guid}/check", CheckAsync).RequirePermission(Permissions.VisitsWrite).Produces<CheckAnswer>()
            .WithTags("Visits").WithName("CheckVisit").WithSummary("What a time, team and vehicle would mean for a visit: what a drag shows before the drop.");
        routes.MapGet("/api/visits/{id:guid}/candidates", CandidatesAsync).RequirePermission(Permissions.VisitsWrite).TakesQuery(Day).Produces<Candidate[]>()
            .WithTags("Visits").WithName("ListVisitCandidates").WithSummary("Who can take a visit, ranked; who can't, and why.");
        routes.MapGet("/api/schedule", ScheduleAsync).RequirePermission(Permissions.VisitsRead).TakesQuery(From, To, Team, Vehicle).Produces<ScheduledVisit[]>()
            .WithTags("Visits").WithName("GetSchedule").WithSummary("The visits of some days, the drives between them, what their plans break, and what is expected of those of today.");
        DeskEndpoints.Map(routes);
    }

    private static QueryParameter Day { get; } = new("day", "a date, such as 2026-03-02; the visit's own day, else today, where it is left out");

    private static QueryParameter From { get; } = new("from", WireTime.Expected);

    private static QueryParameter To { get; } = new("to", $"{WireTime.Expected}; at most {LongestSchedule} days later");

    private static QueryParameter Team { get; } = new("teamId", "a uuid");

    private static QueryParameter Vehicle { get; } = new("vehicleId", "a uuid");

    private static async Task<IResult> CheckAsync(Guid id, CheckBody body, HttpContext http, Routes visits, PlannedDayReader days, RoutePlanner planner)
    {
        var faults = new FieldFaults()
            .Rule("scheduledStart", body.ScheduledStart is null, "is required")
            .Rule("scheduledEnd", body.ScheduledEnd is null, "is required")
            .Time("scheduledStart", body.ScheduledStart)
            .Time("scheduledEnd", body.ScheduledEnd)
            .Rule("scheduledEnd", body.ScheduledEnd <= body.ScheduledStart, "must be after scheduledStart");
        var caller = Caller.Of(http);
        var found = faults.Invalid is { } invalid ? invalid : RefusePlanning(caller) is { } refused ? refused : await visits.FindAsync(id, caller, http.RequestAborted);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        var day = Seen(await days.ReadAsync(WallClock.DateOf(body.ScheduledStart!.Value), id, http.RequestAborted), caller);
        var (team, vehicle) = (body.NamesTeam ? body.TeamId : found.Value.TeamId, body.NamesVehicle ? body.VehicleId : found.Value.VehicleId);
        if (day.CrewOf(team, vehicle, found.Value.BusinessEntity) is not { } crew)
        {
            return ProblemAnswers.From(Invalid.Field(
                body.TeamId is not null ? "teamId" : "vehicleId", team is null && vehicle is null ? "is required: the visit has neither a team nor a vehicle" : "names nothing that exists"));
        }

        var asked = day.Visits.First(visit => visit.Id == id) with { Planned = new(body.ScheduledStart.Value, body.ScheduledEnd!.Value) };
        return TypedResults.Ok(await planner.CheckAsync(asked, crew, day.Visits, http.RequestAborted));
    }

    private static async Task<IResult> CandidatesAsync(
        Guid id, HttpContext http, Routes visits, PlannedDayReader days, RoutePlanner planner, TimeProvider time)
    {
        var query = QueryParameters.Of(http);
        var given = query.Text(Day.Name);
        var isDay = DateOnly.TryParseExact(given, "yyyy-MM-dd", out var day) && day.Year is >= 2000 and < 2200;
        query.Require(Day.Name, given is null || isDay, "must be a date from 2000 to 2199, such as 2026-03-02");
        var caller = Caller.Of(http);
        var found = query.Refusal is { } invalid ? invalid : RefusePlanning(caller) is { } refused ? refused : await visits.FindAsync(id, caller, http.RequestAborted);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        var visit = found.Value;
        var planned = Seen(await days.ReadAsync(isDay ? day : WallClock.DateOf(visit.ScheduledStart ?? time.GetUtcNow()), id, http.RequestAborted), caller);
        var asked = planned.Visits.First(other => other.Id == id);
        // On another day than its own it has no time yet.
        asked = asked.Planned is { } at && WallClock.DateOf(at.Start) != planned.Day ? asked with { Planned = null } : asked;
        return TypedResults.Ok(await planner.CandidatesAsync(asked, planned.CrewsFor(visit.BusinessEntity), planned.Visits, time.GetUtcNow(), http.RequestAborted));
    }

    private static async Task<IResult> ScheduleAsync(
        HttpContext http, EntityQueries<Visit, VisitDetails, VisitKind> visits, PlannedDayReader days, RoutePlanner planner, TimeProvider time)
    {
        var query = QueryParameters.Of(http);
        var (from, to) = (query.RequiredTime(From.Name), query.RequiredTime(To.Name));
        query.Require(To.Name, from is null || to is null || (to > from && to - from <= TimeSpan.FromDays(LongestSchedule)), $"must be later than from, by at most {LongestSchedule} days");
        var (team, vehicle) = (Id(query, Team.Name), Id(query, Vehicle.Name));
        if (query.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var (caller, now) = (Caller.Of(http), time.GetUtcNow());
        if (await WholeAsync(visits, Page, http.RequestAborted) is not { } scheduled)
        {
            return ProblemAnswers.From(Invalid.Field(To.Name, $"ends a span of more than {LargestSchedule} visits: ask for fewer days, for a team or for a vehicle"));
        }

        var forecasts = from <= now.AddDays(1) && to >= now.AddDays(-1) ? await ExpectedAsync(days, planner, now, caller, http.RequestAborted) : [];
        // What a plan breaks names other visits and people: it is for those who plan.
        var plans = caller.Permissions.Contains(Permissions.VisitsWrite) ? await ReviewedAsync(days, planner, scheduled, caller, http.RequestAborted) : [];
        return TypedResults.Ok(scheduled.OrderBy(visit => visit.ScheduledStart).ThenBy(visit => visit.Id)
            .Select(visit => new ScheduledVisit(visit, forecasts.GetValueOrDefault(visit.Id), plans.GetValueOrDefault(visit.Id))).ToArray());

        ListQuery Page() => VisitKind.List.All with
        {
            Limit = ListDefinition.LargestLimit, Scope = VisitAccess.Visible(caller),
            Filters =
            [
                ("scheduled_start < $", Sql.Time(to)), ("scheduled_end > $", Sql.Time(from)),
                .. team is { } ofTeam ? [("team_id", Sql.Uuid(ofTeam))] : Array.Empty<(string, Npgsql.NpgsqlParameter)>(),
                .. vehicle is { } ofVan ? [("vehicle_id", Sql.Uuid(ofVan))] : Array.Empty<(string, Npgsql.NpgsqlParameter)>(),
            ],
        };
    }

    /// <summary>All pages of a list; null where there are more than a schedule has. A query is asked once: it has parameters of its own.</summary>
    private static async Task<List<Visit>?> WholeAsync(
        EntityQueries<Visit, VisitDetails, VisitKind> visits, Func<ListQuery> page, CancellationToken cancellation)
    {
        var whole = new List<Visit>();
        ListCursor? after = null;
        do
        {
            var query = page() with { After = after };
            var read = await visits.ListAsync(query, cancellation);
            whole.AddRange(read.Items);
            after = read.NextCursor is { } cursor ? ListCursor.Decode(cursor, query.SortName, query.Sort) : null;
        }
        while (after is not null && whole.Count <= LargestSchedule);
        return whole.Count <= LargestSchedule ? whole : null;
    }

    /// <summary>What the visits that are still to come mean as they are planned, each on its own day.</summary>
    private static async Task<Dictionary<Guid, CheckAnswer>> ReviewedAsync(
        PlannedDayReader days, RoutePlanner planner, List<Visit> scheduled, Caller caller, CancellationToken cancellation)
    {
        var plans = new Dictionary<Guid, CheckAnswer>();
        foreach (var ofDay in scheduled.Where(visit => visit.Status.IsOpen()).GroupBy(visit => WallClock.DateOf(visit.ScheduledStart!.Value)))
        {
            var (wanted, day) = (ofDay.Select(visit => visit.Id).ToHashSet(), await days.ReadAsync(ofDay.Key, null, cancellation));
            day = caller.SeesPositions() ? day : day.WithoutPlaces();
            foreach (var route in day.Visits.Where(visit => wanted.Contains(visit.Id)).GroupBy(visit => (visit.TeamId, visit.VehicleId)))
            {
                if (day.CrewOf(route.Key.TeamId, route.Key.VehicleId, route.First().BusinessEntity) is { } crew)
                {
                    foreach (var (id, plan) in await planner.ReviewAsync(crew, [.. route], day.Visits, cancellation))
                    {
                        plans[id] = plan;
                    }
                }
            }
        }

        return plans;
    }

    /// <summary>What is expected of today's visits, from where the vans are for who may see that.</summary>
    internal static async Task<Dictionary<Guid, VisitForecast>> ExpectedAsync(
        PlannedDayReader days, RoutePlanner planner, DateTimeOffset now, Caller caller, CancellationToken cancellation)
    {
        var (_, crews) = await new DayForecaster(days, planner).ReadAsync(now, caller.SeesPositions(), cancellation);
        return crews.SelectMany(crew => crew.Forecasts).ToDictionary(forecast => forecast.VisitId);
    }

    /// <summary>The day as the caller may see it: the crews within its scope, and from where they come only for who may see where vans are.</summary>
    private static PlannedDay Seen(PlannedDay day, Caller caller)
    {
        var seen = caller.SeesPositions() ? day : day.WithoutPlaces();
        return seen with { Crews = [.. seen.Crews.Where(crew => IsSeen(crew, caller))] };
    }

    /// <summary>As <c>GET /api/teams</c> and <c>/api/vehicles</c> have it.</summary>
    private static bool IsSeen(Crew crew, Caller caller) =>
        (crew.Team?.BusinessEntity is not { } entity || caller.BusinessEntities is not { } seen || seen.Contains(entity))
        && (caller.Vehicles is null
            || (crew.Vehicle is { } van && caller.SeesVehicle(van.Id))
            || (crew.Team?.Members.Any(member => member.Id == caller.Actor.ContactId) ?? false));

    private static Forbidden? RefusePlanning(Caller caller) =>
        caller.PartnerOrganizationId is null ? null : new("Credentials of a partner can't plan visits.");

    private static Guid? Id(QueryParameters query, string name)
    {
        var text = query.Text(name);
        var isId = Guid.TryParse(text, out var id);
        query.Require(name, text is null || isId, "must be a uuid");
        return isId ? id : null;
    }

    /// <summary>What is to be checked.</summary>
    /// <param name="ScheduledStart">When it would begin, UTC.</param>
    /// <param name="ScheduledEnd">When it would end, UTC.</param>
    public sealed record CheckBody(DateTimeOffset? ScheduledStart, DateTimeOffset? ScheduledEnd)
    {
        /// <summary>The team; the visit's own where it is left out, none where it is null.</summary>
        public Guid? TeamId
        {
            get;
            init
            {
                field = value;
                NamesTeam = true;
            }
        }

        /// <summary>The van; as the team.</summary>
        public Guid? VehicleId
        {
            get;
            init
            {
                field = value;
                NamesVehicle = true;
            }
        }

        /// <summary>Whether the body says something of the team, be it null.</summary>
        internal bool NamesTeam { get; private init; }

        /// <summary>Whether the body says something of the van, be it null.</summary>
        internal bool NamesVehicle { get; private init; }
    }

    /// <summary>A visit in the schedule.</summary>
    /// <param name="Visit">The visit.</param>
    /// <param name="Forecast">What is expected of it today; null of other days and of what is over.</param>
    /// <param name="Plan">The drive to it, its slack and the rules that it breaks as it is planned; null of what is over, and for who may not plan.</param>
    public sealed record ScheduledVisit(Visit Visit, VisitForecast? Forecast, CheckAnswer? Plan);
}
