using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Planning;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Planning.Desk;

/// <summary><c>/api/desk</c>: a day of work in one answer, for a screen that then follows the changes of the hub.</summary>
internal static class DeskEndpoints
{
    private const int MostIds = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var desk = routes.MapGroup("/api/desk").WithTags("Desk").RequirePermission(Permissions.VisitsRead);
        desk.MapGet("/", DayAsync).TakesQuery(Day, PastMoment.Parameter).Produces<DeskDay>()
            .WithName("GetDesk").WithSummary("The visits of a day and those without a time, with customer, place and what is expected of them; and the teams.")
            .WithDescription("With at: the visits, their orders' status and the teams as they were then; names and addresses are today's, and nothing is said of what was expected.");
        desk.MapGet("/visits", VisitsAsync).TakesQuery(Ids, PastMoment.Parameter).Produces<DeskCard[]>()
            .WithName("ListDeskVisits").WithSummary("Some visits, as the desk shows them: those that a change told of.");
    }

    private static QueryParameter Day { get; } = new("day", "a date, such as 2026-03-02; where it is left out today, or the day of at");

    private static QueryParameter Ids { get; } = new("ids", $"uuids with commas between them, at most {MostIds}");

    private static async Task<IResult> DayAsync(
        HttpContext http, DeskReader desk, PlannedDayReader days, RoutePlanner planner, ChangeRecord record, TimeProvider time)
    {
        var (query, caller, now) = (QueryParameters.Of(http), Caller.Of(http), time.GetUtcNow());
        var at = query.Past(now, await record.BeginsAsync(http.RequestAborted));
        var today = WallClock.DateOf(at ?? now);
        var day = query.Value<DateOnly>(Day.Name, static text => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var date) && date.Year is >= 2000 and < 2200 ? date : null,
            "must be a date from 2000 to 2199, such as 2026-03-02") ?? today;
        if (query.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var (from, to) = (WallClock.StartOf(day), WallClock.StartOf(day.AddDays(1)));
        var visits = await desk.OfDayAsync(from, to, at, caller, http.RequestAborted);
        var crews = await desk.CrewsAsync(day, at, caller, http.RequestAborted);
        var forecasts = at is null && day == today && visits.Count > 0 ? await PlanningEndpoints.ExpectedAsync(days, planner, now, caller, http.RequestAborted) : [];
        return TypedResults.Ok(new DeskDay(
            day, from, to, [.. visits.Take(DeskReader.Most).Select(card => card with { Forecast = forecasts.GetValueOrDefault(card.Id) })], crews, visits.Count > DeskReader.Most));
    }

    private static async Task<IResult> VisitsAsync(HttpContext http, DeskReader desk, ChangeRecord record, TimeProvider time)
    {
        var query = QueryParameters.Of(http);
        var at = query.Past(time.GetUtcNow(), await record.BeginsAsync(http.RequestAborted));
        var ids = query.Text(Ids.Name)?.Split(',').Select(static text => Guid.TryParse(text, out var id) ? id : (Guid?)null).ToList();
        query.Require(Ids.Name, ids is { Count: <= MostIds } && ids.TrueForAll(static id => id is not null), $"must be {Ids.Expected}");
        return query.Refusal is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok(await desk.OfIdsAsync([.. ids!.Select(static id => id!.Value)], at, Caller.Of(http), http.RequestAborted));
    }
}
