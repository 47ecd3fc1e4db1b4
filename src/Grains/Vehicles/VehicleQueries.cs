using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Vehicles;

/// <summary>Reads over many vehicles, from their rows.</summary>
public sealed class VehicleQueries(NpgsqlDataSource source)
{
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

    public Task<Page<VehicleSnapshot>> ListAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, VehicleTable.Columns, "vehicle", row => new VehicleSnapshot(VehicleTable.Read(row)), cancellation);
}
