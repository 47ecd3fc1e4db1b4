using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>Reads over many vehicles, from their rows.</summary>
public sealed class VehicleQueries(NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options)
{
    /// <summary>A vehicle and its location, which follows the positions by two seconds at most.</summary>
    public static string Columns { get; } = $"{VehicleKind.Rows.ColumnList}, current_location, last_location_update";

    private static readonly string WithRefusal = $"{Columns}, (SELECT to_jsonb(r) FROM vehicle_refusal r WHERE r.vehicle_id = vehicle.id)";

    /// <summary>How many columns the vehicle has: where the location begins.</summary>
    public static int LocationAt { get; } = VehicleKind.Rows.Columns.Count;

    /// <summary>A page of vehicles.</summary>
    public Task<Page<VehicleSnapshot>> ListAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, WithRefusal, "vehicle", Read, cancellation);

    private VehicleSnapshot Read(NpgsqlDataReader row)
    {
        var at = row.OptionalValue<DateTimeOffset>(LocationAt + 1);
        return new(VehicleKind.Rows.Read(row))
        {
            CurrentLocation = row.Optional<string>(LocationAt) is { } json ? JsonSerializer.Deserialize<Location>(json, RowJson.Options) : null,
            LastLocationUpdate = at,
            Freshness = options.Value.FreshnessOf(at, time.GetUtcNow()),
            LastRefusal = row.Optional<string>(LocationAt + 2) is { } refusal ? JsonSerializer.Deserialize<LastRefusal>(refusal, RowJson.Options) : null,
        };
    }
}
