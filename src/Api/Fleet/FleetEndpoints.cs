using System.Globalization;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Fleet;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet;

/// <summary>Reads over the whole fleet: now, then, for a while, and who is near.</summary>
public static class FleetEndpoints
{
    private const double LongestStep = 300;
    private const int DefaultNear = 10;
    private const int MostNear = 100;
    private const int MostNamed = 100;

    /// <summary>Maps <c>/api/fleet</c>, <c>/api/fleet/track</c> and <c>/api/vehicles/nearest</c>.</summary>
    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        var fleet = routes.MapGroup("/api/fleet").WithTags("Fleet").RequirePermission(Permissions.VehiclesRead).RequirePermission(Permissions.PositionsRead);
        fleet.MapGet("/", Moment).Produces<FleetMoment>().WithName("GetFleet")
            .TakesQuery(
                new QueryParameter("at", $"a moment of the past: {WireTime.Expected}"),
                new QueryParameter("vehicleIds", $"of the fleet of now only these: at most {MostNamed} ids with commas between"))
            .WithSummary("Every vehicle as it was at a moment; without at: now.")
            .WithDescription("Of a past moment: the last fix before it (looked back for ChargeCars:Fleet:LookBack) and the status by the history of transitions. Plate and name are today's; a vehicle that was deleted since is in it, as it was when it was deleted.");
        fleet.MapGet("/track", Track).Produces<FleetTrack>().WithName("GetFleetTrack")
            .TakesQuery(
                new QueryParameter("from", $"required: {WireTime.Expected}"), new QueryParameter("to", $"required: {WireTime.Expected}"),
                new QueryParameter("step", "seconds, 1 to 300"), new QueryParameter("area", "south,west,north,east in degrees"))
            .WithSummary("How the fleet moved for a while, for a smooth replay.")
            .WithDescription("from and to, at most ChargeCars:Fleet:LongestTrack apart; step in seconds (default 10): one position a vehicle and step, its first; area as south,west,north,east. points are [seconds since from, latitude, longitude, speedKmh, headingDegrees]; statuses are told of every vehicle, heard of or not. stepSeconds says what the step became where there would be too many points.");
        routes.MapGet("/api/vehicles/nearest", Nearest).RequirePermission(Permissions.VehiclesRead).RequirePermission(Permissions.PositionsRead)
            .TakesQuery(
                new QueryParameter("latitude", "required: degrees, -90 to 90"), new QueryParameter("longitude", "required: degrees, -180 to 180"),
                new QueryParameter("limit", $"a whole number from 1 to {MostNear}; {DefaultNear} where it is left out"))
            .Produces<NearestAnswer>().WithTags("Fleet").WithName("FindNearestVehicles")
            .WithSummary("The vehicles nearest to a place: those that can take a job by their arrival, then the others with the reasons.")
            .WithDescription("distanceMeters is the great circle, roadMeters and etaSeconds are estimated as method says (ChargeCars:Routing).");
    }

    private static async Task<IResult> Moment(
        HttpContext http, FleetQueries queries, TimeProvider time, IOptions<PositionOptions> positions)
    {
        var parameters = QueryParameters.Of(http);
        var (now, at, only) = (time.GetUtcNow(), parameters.Time("at"), VehiclesOf(parameters));
        CheckPast(parameters, "at", at, now, positions.Value);
        parameters.Require("vehicleIds", only is null || at is null, "can't be given together with at");
        return parameters.Refusal is { } refusal ? ProblemAnswers.From(refusal)
            : Results.Ok(InScope(Caller.Of(http), at is { } then
                ? await queries.ThenAsync(then, http.RequestAborted)
                : await queries.NowAsync(now, only, http.RequestAborted)));
    }

    private static async Task<IResult> Track(
        HttpContext http, FleetTracks tracks, TimeProvider time, IOptions<PositionOptions> positions, IOptions<FleetOptions> options)
    {
        var parameters = QueryParameters.Of(http);
        var (now, longest) = (time.GetUtcNow(), options.Value.LongestTrack);
        var (from, to) = (parameters.RequiredTime("from"), parameters.RequiredTime("to"));
        var step = parameters.Number("step", 1, LongestStep) ?? 10;
        var area = AreaOf(parameters);
        CheckPast(parameters, "from", from, now, positions.Value);
        parameters.Require("to", to > from, "must be after from");
        parameters.Require("to", to - from <= longest, $"must be at most {longest.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes after from");
        return parameters.Refusal is { } refusal
            ? ProblemAnswers.From(refusal)
            : Results.Ok(InScope(Caller.Of(http), await tracks.ReadAsync(from!.Value, to!.Value, TimeSpan.FromSeconds(step), area, http.RequestAborted)));
    }

    private static FleetMoment InScope(Caller caller, FleetMoment moment) => caller.VisibleVehicles() is null ? moment
        : moment with { Items = [.. moment.Items.Where(vehicle => caller.SeesVehicle(vehicle.Id))] };

    private static FleetTrack InScope(Caller caller, FleetTrack track) => caller.VisibleVehicles() is null ? track
        : track with { Items = [.. track.Items.Where(vehicle => caller.SeesVehicle(vehicle.VehicleId))] };

    private static async Task<IResult> Nearest(HttpContext http, NearestVehicles vehicles, TimeProvider time)
    {
        var parameters = QueryParameters.Of(http);
        var (latitude, longitude) = (parameters.RequiredNumber("latitude", -90, 90), parameters.RequiredNumber("longitude", -180, 180));
        var limit = parameters.Whole("limit", 1, MostNear) ?? DefaultNear;
        if (parameters.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var found = await vehicles.FindAsync(
            new(latitude!.Value, longitude!.Value), limit, Caller.Of(http).SeesVehicle, time.GetUtcNow(), http.RequestAborted);
        return Results.Ok(new NearestAnswer(vehicles.Method, found));
    }

    private static void CheckPast(QueryParameters parameters, string name, DateTimeOffset? time, DateTimeOffset now, PositionOptions positions)
    {
        parameters.RequirePast(name, time, now);
        parameters.Require(
            name, time is null || time >= now - positions.Retention,
            $"must not be more than {positions.Retention.TotalDays.ToString("0.##", CultureInfo.InvariantCulture)} days ago: positions are not kept longer");
    }

    private static Guid[]? VehiclesOf(QueryParameters parameters)
    {
        if (parameters.Text("vehicleIds") is not { } text)
        {
            return null;
        }

        var parts = text.Split(',', MostNamed + 1);
        var ids = parts.Select(part => Guid.TryParse(part, out var id) ? id : Guid.Empty).ToArray();
        parameters.Require("vehicleIds", ids.Length <= MostNamed && !ids.Contains(Guid.Empty), $"must be at most {MostNamed} ids of vehicles with commas between");
        return ids;
    }

    private static MapArea? AreaOf(QueryParameters parameters)
    {
        if (parameters.Text("area") is not { } text)
        {
            return null;
        }

        var sides = new double[4];
        var parts = text.Split(',');
        var sound = parts.Length == 4 && parts.Select((part, i) =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out sides[i]) && Math.Abs(sides[i]) <= (i % 2 == 0 ? 90 : 180)).All(good => good);
        parameters.Require("area", sound && sides[0] <= sides[2], "must be south,west,north,east in degrees, south not more than north");
        return new(sides[0], sides[1], sides[2], sides[3]);
    }

    /// <summary>Who is near.</summary>
    /// <param name="Method">How the estimates come about.</param>
    /// <param name="Items">The vehicles, the best first.</param>
    public sealed record NearestAnswer(string Method, IReadOnlyList<NearbyVehicle> Items);
}
