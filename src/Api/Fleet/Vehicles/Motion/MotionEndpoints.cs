using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Motion;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Fleet.Vehicles.Motion;

/// <summary>What a vehicle did: trips, tracks, and the hours in which it is followed at all.</summary>
public static class MotionEndpoints
{
    /// <summary>Maps the motion endpoints.</summary>
    public static void MapMotion(this IEndpointRouteBuilder routes)
    {
        var vehicle = routes.MapGroup("/api/vehicles/{id:guid}").WithTags("Motion").WithinVehicleScope();
        vehicle.MapGet("/trips", VehicleTrips.ListAsync)
            .RequirePermission(Permissions.PositionsRead).TakesQuery(TimeSpanQuery.Parameters).TakesPages().Produces<VehicleTrips.Page>()
            .WithName("ListVehicleTrips").WithSummary("A vehicle's trips and stops in the order of time; by default those of the last 24 hours.");
        vehicle.MapGet("/track.gpx", VehicleTrack.WriteAsync)
            .RequirePermission(Permissions.PositionsRead).TakesQuery(TimeSpanQuery.Parameters)
            .WithName("GetVehicleTrack").WithSummary("A vehicle's fixes as GPX 1.1; by default those of the last 24 hours, at most 31 days.");
        vehicle.MapGet("/working-hours", GetHours)
            .RequirePermission(Permissions.VehiclesRead).Produces<WorkingHours>()
            .WithName("GetWorkingHours").WithSummary("The hours outside which the vehicle's positions are not kept.");
        vehicle.MapPut("/working-hours", PutHours)
            .RequirePermission(Permissions.VehiclesWrite).Produces<WorkingHours>()
            .WithName("PutWorkingHours").WithSummary("Sets the hours outside which the vehicle's positions are not kept (If-Match with the vehicle's version).");
        vehicle.MapDelete("/working-hours", DeleteHours)
            .RequirePermission(Permissions.VehiclesWrite).Produces(204)
            .WithName("DeleteWorkingHours").WithSummary("Keeps the vehicle's positions at all hours (If-Match with the vehicle's version).");
    }

    private static async Task<IResult> GetHours(Guid id, HttpContext http, IGrainFactory grains)
    {
        var vehicle = await grains.GetGrain<IVehicleGrain>(id).GetAsync();
        return !vehicle.Succeeded ? ProblemAnswers.From(vehicle.Error)
            : vehicle.Value.WorkingHours is { } hours ? Ok(http, vehicle.Value, hours)
            : ProblemAnswers.From(new NotFound("working-hours", $"of vehicle {id}: its positions are kept at all hours"));
    }

    private static async Task<IResult> PutHours(Guid id, WorkingHours body, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var result = await SetAsync(id, body, http, grains, time);
        return result.Succeeded ? Ok(http, result.Value, result.Value.WorkingHours) : ProblemAnswers.From(result.Error);
    }

    private static async Task<IResult> DeleteHours(Guid id, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var result = await SetAsync(id, null, http, grains, time);
        return result.Succeeded ? Results.NoContent() : ProblemAnswers.From(result.Error);
    }

    private static async Task<Result<VehicleSnapshot>> SetAsync(
        Guid id, WorkingHours? hours, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        return context.Succeeded
            ? await grains.GetGrain<IVehicleGrain>(id).ExecuteAsync(new SetWorkingHours(hours), context.Value)
            : context.Error;
    }

    private static IResult Ok(HttpContext http, VehicleSnapshot vehicle, WorkingHours? hours)
    {
        http.SetVersion(vehicle.Version);
        return Results.Ok(hours);
    }
}
