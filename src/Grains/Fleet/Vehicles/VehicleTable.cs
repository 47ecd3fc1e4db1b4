using System.Text.Json;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>The table <c>vehicle</c>. <c>current_location</c> is not written here: it follows the positions, without a version.</summary>
public sealed class VehicleTable : IEntityTable<Vehicle>
{
    /// <summary>The columns of <see cref="Read"/>, for every query that reads vehicles.</summary>
    public const string Columns = """
        id, version, created_at, updated_at, license_plate, vehicle_name, vehicle_type, brand_model, year, ulu_vehicle_id,
        device_id, equipment_list, mileage_km, insurance_expiry, maintenance_due, last_maintenance_date, is_active, is_available,
        operational_status, current_visit_id, working_hours
        """;

    /// <summary>How many they are: where a query's own columns begin.</summary>
    public const int ColumnCount = 21;

    private const string InsertRow = $"""
        INSERT INTO vehicle ({Columns})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """;

    private const string UpdateRow = """
        UPDATE vehicle SET version = $2, updated_at = $3, license_plate = $4, vehicle_name = $5, vehicle_type = $6,
            brand_model = $7, year = $8, ulu_vehicle_id = $9, device_id = $10, equipment_list = $11, mileage_km = $12,
            insurance_expiry = $13, maintenance_due = $14, last_maintenance_date = $15, is_active = $16, is_available = $17,
            operational_status = $18, current_visit_id = $19, working_hours = $20
        WHERE id = $1 AND version = $21
        """;

    /// <inheritdoc/>
    public static string Name => "vehicle";

    /// <inheritdoc/>
    public static string Select => $"SELECT {Columns} FROM vehicle WHERE id = $1";

    /// <inheritdoc/>
    public static Vehicle Read(NpgsqlDataReader row) => new()
    {
        LicensePlate = row.GetString(4),
        VehicleName = row.Optional<string>(5),
        VehicleType = WireText.Parse<VehicleType>(row.GetString(6)),
        BrandModel = row.Optional<string>(7),
        Year = row.OptionalValue<int>(8),
        UluVehicleId = row.Optional<string>(9),
        DeviceId = row.Optional<string>(10),
        EquipmentList = row.Optional<string>(11) is { } json ? JsonSerializer.Deserialize<EquipmentList>(json, RowJson.Options) : null,
        MileageKm = row.OptionalValue<int>(12),
        InsuranceExpiry = row.OptionalValue<DateOnly>(13),
        MaintenanceDue = row.OptionalValue<DateOnly>(14),
        LastMaintenanceDate = row.OptionalValue<DateOnly>(15),
        IsActive = row.GetBoolean(16),
        IsAvailable = row.GetBoolean(17),
        Id = row.GetGuid(0),
        Version = row.GetInt64(1),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(2),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(3),
        OperationalStatus = WireText.Parse<VehicleStatus>(row.GetString(18)),
        CurrentVisitId = row.OptionalValue<Guid>(19),
        WorkingHours = row.Optional<string>(20) is { } hours ? JsonSerializer.Deserialize<WorkingHours>(hours, RowJson.Options) : null,
    };

    /// <inheritdoc/>
    public static NpgsqlBatchCommand Insert(Vehicle state) => new(InsertRow)
    {
        Parameters =
        {
            Sql.Uuid(state.Id), Sql.Bigint(state.Version), Sql.Time(state.CreatedAt), Sql.Time(state.UpdatedAt),
            Sql.Text(state.LicensePlate), Sql.Text(state.VehicleName), Sql.Word(state.VehicleType), Sql.Text(state.BrandModel),
            Sql.Integer(state.Year), Sql.Text(state.UluVehicleId), Sql.Text(state.DeviceId), Equipment(state),
            Sql.Integer(state.MileageKm), Sql.Date(state.InsuranceExpiry), Sql.Date(state.MaintenanceDue),
            Sql.Date(state.LastMaintenanceDate), Sql.Bool(state.IsActive), Sql.Bool(state.IsAvailable),
            Sql.Word<VehicleStatus>(state.OperationalStatus), Sql.Uuid(state.CurrentVisitId), Hours(state),
        },
    };

    /// <inheritdoc/>
    public static NpgsqlBatchCommand Update(Vehicle state, long expectedVersion) => new(UpdateRow)
    {
        Parameters =
        {
            Sql.Uuid(state.Id), Sql.Bigint(state.Version), Sql.Time(state.UpdatedAt), Sql.Text(state.LicensePlate),
            Sql.Text(state.VehicleName), Sql.Word(state.VehicleType), Sql.Text(state.BrandModel), Sql.Integer(state.Year),
            Sql.Text(state.UluVehicleId), Sql.Text(state.DeviceId), Equipment(state), Sql.Integer(state.MileageKm),
            Sql.Date(state.InsuranceExpiry), Sql.Date(state.MaintenanceDue), Sql.Date(state.LastMaintenanceDate),
            Sql.Bool(state.IsActive), Sql.Bool(state.IsAvailable), Sql.Word<VehicleStatus>(state.OperationalStatus),
            Sql.Uuid(state.CurrentVisitId), Hours(state), Sql.Bigint(expectedVersion),
        },
    };

    /// <inheritdoc/>
    public static NpgsqlBatchCommand Delete(Guid id, long expectedVersion) => new("DELETE FROM vehicle WHERE id = $1 AND version = $2")
    {
        Parameters = { Sql.Uuid(id), Sql.Bigint(expectedVersion) },
    };

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

    private static NpgsqlParameter Equipment(Vehicle state) =>
        Sql.Jsonb(state.EquipmentList is { } list ? JsonSerializer.Serialize(list, RowJson.Options) : null);

    private static NpgsqlParameter Hours(Vehicle state) =>
        Sql.Jsonb(state.WorkingHours is { } hours ? JsonSerializer.Serialize(hours, RowJson.Options) : null);
}
