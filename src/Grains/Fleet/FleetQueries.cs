using System.Text.Json;
using ChargeCars.Storage;
using ChargeCars.Vehicles;
using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet;

/// <summary>The whole fleet at a moment, from rows; one query each.</summary>
public sealed class FleetQueries(NpgsqlDataSource source, IOptions<PositionOptions> positions, IOptions<FleetOptions> options)
{
    private const string SelectNow = """
        SELECT id, license_plate, vehicle_name, vehicle_type, operational_status, current_visit_id, last_location_update, current_location
        FROM vehicle ORDER BY license_plate, id
        """;

    // An index look-up a vehicle: the newest partition first, the next only while nothing was found. The bounds are
    // parameters, so that only the partitions between them are opened.
    private const string SelectThen = """
        SELECT v.id, v.license_plate, v.vehicle_name, v.vehicle_type, status.to_status, (status.business_context->>'visit_id')::uuid,
            fix.fix_time, fix.latitude, fix.longitude, fix.accuracy, fix.speed, fix.heading, fix.altitude
        FROM vehicle v
        LEFT JOIN LATERAL (
            SELECT fix_time, latitude, longitude, accuracy, speed, heading, altitude FROM vehicle_position
            WHERE vehicle_id = v.id AND fix_time <= $1 AND fix_time > $2
            ORDER BY fix_time DESC LIMIT 1) fix ON true
        LEFT JOIN LATERAL (
            SELECT to_status, business_context FROM status_transition
            WHERE entity_type = 'vehicle' AND entity_id = v.id AND created_at <= $1
            ORDER BY created_at DESC LIMIT 1) status ON true
        WHERE v.created_at <= $1 OR fix.fix_time IS NOT NULL
        ORDER BY v.license_plate, v.id
        """;

    /// <summary>Every vehicle as its row has it; the positions are two seconds old at most.</summary>
    public Task<FleetMoment> NowAsync(DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(source.CreateCommand(SelectNow), now, ReadNow, cancellation);

    /// <summary>Every vehicle as it was: its last fix within the look-back, its status by its transitions.</summary>
    public Task<FleetMoment> ThenAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var command = source.CreateCommand(SelectThen);
        command.Parameters.Add(Sql.Time(at));
        command.Parameters.Add(Sql.Time(at - options.Value.LookBack));
        return ReadAsync(command, at, ReadThen, cancellation);
    }

    private static async Task<FleetMoment> ReadAsync(
        NpgsqlCommand command, DateTimeOffset at, Func<NpgsqlDataReader, DateTimeOffset, FleetVehicle> read, CancellationToken cancellation)
    {
        await using var _ = command;
        var vehicles = new List<FleetVehicle>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            vehicles.Add(read(row, at));
        }

        return new(at, vehicles);
    }

    private FleetVehicle ReadNow(NpgsqlDataReader row, DateTimeOffset at) => Vehicle(
        row, at, row.Optional<string>(7) is { } json ? JsonSerializer.Deserialize<Location>(json, RowJson.Options) : null);

    private FleetVehicle ReadThen(NpgsqlDataReader row, DateTimeOffset at) => Vehicle(row, at, row.IsDBNull(7) ? null : new Location(
        row.GetDouble(7), row.GetDouble(8), Whole(row.OptionalValue<double>(9)), row.OptionalValue<double>(10), Whole(row.OptionalValue<double>(11)),
        row.OptionalValue<double>(12)));

    private FleetVehicle Vehicle(NpgsqlDataReader row, DateTimeOffset at, Location? location)
    {
        var fixTime = row.OptionalValue<DateTimeOffset>(6);
        return new(
            row.GetGuid(0), row.GetString(1), row.Optional<string>(2), WireText.Parse<VehicleType>(row.GetString(3)),
            row.Optional<string>(4) is { } status ? WireText.Parse<VehicleStatus>(status) : null, row.OptionalValue<Guid>(5), location, fixTime,
            positions.Value.FreshnessOf(fixTime, at));
    }

    private static int? Whole(double? value) => value is { } number ? (int)Math.Round(number) : null;
}
