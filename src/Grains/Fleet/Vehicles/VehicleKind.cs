using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>Vehicles. Where one is follows its positions, without a version, and is not written here.</summary>
public sealed class VehicleKind : IEntityKind<Vehicle, VehicleDetails>
{
    /// <inheritdoc/>
    public static RowMapping<Vehicle> Rows { get; } = new("vehicle");

    /// <inheritdoc/>
    public static IReadOnlyList<string> ColumnsOfOthers => ["current_location", "last_location_update"];

    /// <inheritdoc/>
    public static Func<Vehicle, SearchText> Findable { get; } = static vehicle => new(LicensePlate.Shown(vehicle.LicensePlate))
    {
        Subtitle = vehicle.VehicleName,
        Also = [vehicle.BrandModel],
        Codes = [vehicle.LicensePlate, vehicle.DeviceId, vehicle.UluVehicleId],
    };

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["licensePlate"] = ListFilter.Text("license_plate"),
            ["vehicleType"] = ListFilter.Word<VehicleType>("vehicle_type"),
            ["operationalStatus"] = ListFilter.Word<VehicleStatus>("operational_status"),
            ["deviceId"] = ListFilter.Text("device_id"),
            ["uluVehicleId"] = ListFilter.Text("ulu_vehicle_id"),
            ["currentVisitId"] = ListFilter.Uuid("current_visit_id"),
            ["year"] = ListFilter.Integer("year"),
            ["isActive"] = ListFilter.Boolean("is_active"),
            ["isAvailable"] = ListFilter.Boolean("is_available"),
        },
        new Dictionary<string, ListSort>
        {
            ["createdAt"] = new("created_at", "timestamptz"),
            ["licensePlate"] = new("license_plate", "text"),
        },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(VehicleDetails details, DateTimeOffset now) => VehicleRules.Check(details, now);

    /// <inheritdoc/>
    public static VehicleDetails Normalized(VehicleDetails details) => VehicleRules.Normalized(details);

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Vehicle state) => new(null, null, null, state.Id);

    /// <inheritdoc/>
    public static object Label(Vehicle state) => new { state.LicensePlate };

    /// <inheritdoc/>
    public static Result<Outcome<Vehicle>> Created(Vehicle made, DateTimeOffset now) => Outcome.Of(made, "created") with
    {
        Moved = new(null, WireText.Of(made.OperationalStatus)),
    };

    /// <inheritdoc/>
    public static Error? RefuseDeletion(Vehicle state, DateTimeOffset now) => state.OperationalStatus == VehicleStatus.OnSite
        ? new Conflict("on_site", "The vehicle is at a visit: park it or let it drive before it is deleted.")
        : null;

    /// <inheritdoc/>
    public static Result<Outcome<Vehicle>> Decide(Vehicle state, EntityCommand<Vehicle> command, DateTimeOffset now) =>
        VehicleDecider.Decide(state, command);

    /// <inheritdoc/>
    public static ActionOption[] Options(Vehicle state, DateTimeOffset now) => VehicleTransitions.Table.Options(state);

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Vehicle? state) => violation.ConstraintName switch
    {
        "uq_vehicle_license_plate" => new Conflict("license_plate_taken", $"Another vehicle has the plate {state?.LicensePlate}.", "licensePlate"),
        "uq_vehicle_device_id" => new Conflict("device_taken", $"Another vehicle has the device {state?.DeviceId}.", "deviceId"),
        "uq_vehicle_ulu_vehicle_id" => new Conflict("ulu_vehicle_taken", $"Another vehicle has the ULU id {state?.UluVehicleId}.", "uluVehicleId"),
        "vehicle_current_visit_id_fkey" => Invalid.Field("visitId", $"there is no visit {state?.CurrentVisitId}"),
        _ when violation.SqlState == PostgresErrorCodes.ForeignKeyViolation && state is null =>
            new Conflict("in_use", $"The vehicle is still named by {violation.TableName}: set isActive to false instead."),
        _ => null,
    };
}
