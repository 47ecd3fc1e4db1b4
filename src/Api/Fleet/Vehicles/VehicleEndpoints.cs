using System.Text.Json;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Vehicles;

/// <summary>Vehicles over HTTP: routes requests to their grains and holds no rule.</summary>
public static class VehicleEndpoints
{
    /// <summary>Maps <c>/api/vehicles</c>.</summary>
    public static void MapVehicles(this IEndpointRouteBuilder routes)
    {
        var vehicles = routes.MapGroup("/api/vehicles").WithTags("Vehicles").WithinVehicleScope();
        vehicles.MapGet("/", List).RequirePermission(Permissions.VehiclesRead).TakesQuery(VehicleKind.List).Produces<Page<VehicleSnapshot>>()
            .WithName("ListVehicles").WithSummary("Vehicles, a page at a time.");
        vehicles.MapPost("/", Create).RequirePermission(Permissions.VehiclesWrite).Repeatable().Produces<VehicleSnapshot>(201)
            .ShowsBody(new VehicleDetails { LicensePlate = "V-123-AB", VehicleType = VehicleType.Van, VehicleName = "Van 12", DeviceId = "865640012345678" })
            .WithName("CreateVehicle").WithSummary("Makes a vehicle.");
        vehicles.MapGet("/{id:guid}", Get).RequirePermission(Permissions.VehiclesRead).Produces<VehicleSnapshot>()
            .WithName("GetVehicle").WithSummary("One vehicle, and where it is.");
        vehicles.MapPatch("/{id:guid}", Patch).RequirePermission(Permissions.VehiclesWrite)
            .Accepts<VehicleDetails>("application/merge-patch+json", "application/json").Produces<VehicleSnapshot>()
            .WithName("ChangeVehicle").WithSummary("Changes a vehicle (JSON merge patch, If-Match).");
        vehicles.MapDelete("/{id:guid}", Delete).RequirePermission(Permissions.VehiclesWrite).Produces(204)
            .WithName("DeleteVehicle").WithSummary("Deletes a vehicle that nothing refers to (If-Match).");
        vehicles.MapGet("/{id:guid}/actions", Actions).RequirePermission(Permissions.VehiclesRead).Produces<ActionOption[]>()
            .WithName("ListVehicleActions").WithSummary("Every action, whether it is allowed now, and what stands in the way.");
        vehicles.MapPost("/{id:guid}/actions/{action}", Act).RequirePermission(Permissions.VehiclesAct).Repeatable().Produces<VehicleSnapshot>()
            .WithName("ActOnVehicle").WithSummary("park, drive, arrive (visitId), maintain or release.");
    }

    private static async Task<IResult> List(HttpContext http, VehicleQueries queries)
    {
        var query = VehicleKind.List.Parse(http);
        if (!query.Succeeded)
        {
            return ProblemAnswers.From(query.Error);
        }

        var caller = Caller.Of(http);
        var page = await queries.ListAsync(query.Value.InScope(caller), http.RequestAborted);
        return Results.Ok(page with { Items = [.. page.Items.Select(vehicle => vehicle.MaskedFor(caller))] });
    }

    private static async Task<IResult> Create(VehicleDetails body, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var id = CommandRequest.NewId(context.Value, time);
        var result = await grains.GetGrain<IVehicleGrain>(id).ExecuteAsync(new Create<Vehicle, VehicleDetails>(body), context.Value);
        return Answer(http, result, vehicle => Results.Created($"/api/vehicles/{vehicle.Id}", vehicle));
    }

    private static async Task<IResult> Get(Guid id, HttpContext http, IGrainFactory grains) =>
        Answer(http, await grains.GetGrain<IVehicleGrain>(id).GetAsync(), Results.Ok);

    private static async Task<IResult> Patch(
        Guid id, JsonElement body, HttpContext http, IGrainFactory grains, TimeProvider time, IOptions<JsonOptions> json)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var grain = grains.GetGrain<IVehicleGrain>(id);
        var current = await grain.GetAsync();
        if (!current.Succeeded)
        {
            return ProblemAnswers.From(current.Error);
        }

        var details = MergePatch.Apply<VehicleDetails>(current.Value, body, json.Value.SerializerOptions);
        return Answer(http, await grain.ExecuteAsync(new Revise<Vehicle, VehicleDetails>(details), context.Value.OnVersion(current.Value.Version)), Results.Ok);
    }

    private static async Task<IResult> Delete(Guid id, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        return context.Succeeded
            ? Answer(null, await grains.GetGrain<IVehicleGrain>(id).ExecuteAsync(new Delete<Vehicle>(), context.Value), _ => Results.NoContent())
            : ProblemAnswers.From(context.Error);
    }

    private static async Task<IResult> Actions(Guid id, IGrainFactory grains)
    {
        var options = await grains.GetGrain<IEntityGrain<Vehicle>>(id).GetActionsAsync();
        return options.Succeeded ? Results.Ok(options.Value) : ProblemAnswers.From(options.Error);
    }

    private static async Task<IResult> Act(
        Guid id, string action, HttpContext http, IGrainFactory grains, VisitScope visits, TimeProvider time, ActionBody? body = null)
    {
        if (!WireText.TryParse<VehicleAction>(action, out var known))
        {
            return ProblemAnswers.Of(404, "not-found", "Not found",
                $"A vehicle has no action '{action}'; it has {string.Join(", ", WireText.All<VehicleAction>())}.");
        }

        if (await visits.RefusalAsync(Caller.Of(http), body?.VisitId, http.RequestAborted) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var context = CommandRequest.Context(http, time);
        return context.Succeeded
            ? Answer(http, await grains.GetGrain<IVehicleGrain>(id).ExecuteAsync(
                new ActOnVehicle(known, body?.VisitId, body?.Reason), context.Value), Results.Ok)
            : ProblemAnswers.From(context.Error);
    }

    private static IResult Answer(HttpContext? http, Result<VehicleSnapshot> result, Func<VehicleSnapshot, IResult> success)
    {
        if (!result.Succeeded)
        {
            return ProblemAnswers.From(result.Error);
        }

        if (http is not null)
        {
            http.SetVersion(result.Value.Version);
        }

        return success(http is null ? result.Value : result.Value.MaskedFor(Caller.Of(http)));
    }

    /// <summary>The body of an action; all of it optional but for what the action demands.</summary>
    /// <param name="VisitId">The visit to arrive at; action <c>arrive</c> only.</param>
    /// <param name="Reason">Why, for the history; at most 500 characters.</param>
    public sealed record ActionBody(Guid? VisitId, string? Reason);
}
