using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>Reads over many vehicles, from their rows.</summary>
public sealed class VehicleQueries(NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options)
{
    /// <summary>What a list of vehicles offers.</summary>
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

    /// <summary>The columns of <see cref="Read"/>: a vehicle and its location, which follows the positions by two seconds at most.</summary>
    public const string Columns = $"{VehicleTable.Columns}, current_location, last_location_update";

    /// <summary>A page of vehicles.</summary>
    public Task<Page<VehicleSnapshot>> ListAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, Columns, "vehicle", Read, cancellation);

    /// <summary>A vehicle by the row of <see cref="Columns"/>, and how old its position is by now.</summary>
    public VehicleSnapshot Read(NpgsqlDataReader row)
    {
        var at = row.OptionalValue<DateTimeOffset>(VehicleTable.ColumnCount + 1);
        return new(VehicleTable.Read(row))
        {
            CurrentLocation = row.Optional<string>(VehicleTable.ColumnCount) is { } json ? JsonSerializer.Deserialize<Location>(json, RowJson.Options) : null,
            LastLocationUpdate = at,
            Freshness = options.Value.FreshnessOf(at, time.GetUtcNow()),
        };
    }
}
