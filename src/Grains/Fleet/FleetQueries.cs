using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet;

/// <summary>The whole fleet at a moment, from rows; one query each.</summary>
public sealed class FleetQueries(NpgsqlDataSource source, IOptions<PositionOptions> positions, IOptions<FleetOptions> options)
{
    /// <summary>
    /// The vehicles that are now, and those that were deleted after <c>$1</c>, as the audit has them: each that ever was has a current
    /// status, so only for those that have no row any more the audit is asked.
    /// </summary>
    internal const string VehiclesThen = """
        (SELECT id, license_plate, vehicle_name, vehicle_type, created_at, last_location_update, current_location FROM vehicle
        UNION ALL
        SELECT known.entity_id, gone.old->>'license_plate', gone.old->>'vehicle_name', gone.old->>'vehicle_type', (gone.old->>'created_at')::timestamptz, NULL, NULL
        FROM entity_current_status known CROSS JOIN LATERAL (
            SELECT old_values AS old FROM audit_log
            WHERE table_name = 'vehicle' AND record_id = known.entity_id AND action = 'DELETE' AND created_at > $1 LIMIT 1) gone
        WHERE known.entity_type = 'vehicle' AND NOT EXISTS (SELECT FROM vehicle WHERE id = known.entity_id))
        """;

    private const string SelectNow = """
        SELECT id, license_plate, vehicle_name, vehicle_type, operational_status, current_visit_id, last_location_update, current_location
        FROM vehicle WHERE $1::uuid[] IS NULL OR id = ANY ($1) ORDER BY license_plate, id
        """;

    // An index look-up a vehicle: the newest partition first, the next only while nothing was found. The bounds are
    // parameters, so that only the partitions between them are opened.
    private const string SelectThen = $"""
        SELECT v.id, v.license_plate, v.vehicle_name, v.vehicle_type, status.to_status, (status.business_context->>'visit_id')::uuid,
            fix.fix_time, fix.latitude, fix.longitude, fix.accuracy, fix.speed, fix.heading, fix.altitude,
            v.last_location_update, CASE WHEN fix.fix_time IS NULL AND v.last_location_update <= $1 THEN v.current_location END
        FROM {VehiclesThen} v
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

    // Before the look-back: the trip or stop of that time says how far back its last fix can be; the one before it too, as after a
    // silence a trip begins before its first fix.
    private const string SelectLongSilent = """
        SELECT silent.id, fix.fix_time, fix.latitude, fix.longitude, fix.accuracy, fix.speed, fix.heading, fix.altitude
        FROM unnest($1::uuid[]) AS silent(id)
        CROSS JOIN LATERAL (
            SELECT min(started_at) AS started_at FROM (
                SELECT started_at FROM vehicle_trip WHERE vehicle_id = silent.id AND started_at <= $2
                ORDER BY started_at DESC LIMIT 2) last) trip
        CROSS JOIN LATERAL (
            SELECT fix_time, latitude, longitude, accuracy, speed, heading, altitude FROM vehicle_position
            WHERE vehicle_id = silent.id AND fix_time >= trip.started_at AND fix_time <= $2
            ORDER BY fix_time DESC LIMIT 1) fix
        """;

    /// <summary>The vehicles named, all where none is, as their rows have them; the positions are two seconds old at most.</summary>
    public async Task<FleetMoment> NowAsync(DateTimeOffset now, IReadOnlyList<Guid>? only, CancellationToken cancellation)
    {
        var command = source.CreateCommand(SelectNow);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, only?.ToArray()));
        return new(now, await ReadAsync(command, row => ReadNow(row, now), cancellation));
    }

    /// <summary>
    /// Every vehicle as it was: its last fix by then, its status by its transitions. One that has not been heard of since is
    /// where its row has it; one that was silent for longer than the look-back, and was heard of again, is looked for by itself.
    /// </summary>
    public async Task<FleetMoment> ThenAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var oldest = at - options.Value.LookBack;
        var command = source.CreateCommand(SelectThen);
        command.Parameters.Add(Sql.Time(at));
        command.Parameters.Add(Sql.Time(oldest));
        var then = await ReadAsync(command, row => ReadThen(row, at), cancellation);
        var silent = then.Where(vehicle => vehicle.CurrentLocation is null).Select(vehicle => vehicle.Id).ToArray();
        if (silent.Length == 0)
        {
            return new(at, then);
        }

        command = source.CreateCommand(SelectLongSilent);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, silent));
        command.Parameters.Add(Sql.Time(oldest));
        var found = (await ReadAsync(command, row => (Id: row.GetGuid(0), Fix: ReadFix(row, 1)!.Value), cancellation))
            .ToDictionary(one => one.Id, one => one.Fix);
        return new(at, [.. then.Select(vehicle => found.TryGetValue(vehicle.Id, out var fix) ? At(vehicle, fix, at) : vehicle)]);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var _ = command;
        var found = new List<T>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            found.Add(read(row));
        }

        return found;
    }

    private FleetVehicle ReadNow(NpgsqlDataReader row, DateTimeOffset at) => At(ReadVehicle(row), ReadRow(row, 6), at);

    private FleetVehicle ReadThen(NpgsqlDataReader row, DateTimeOffset at) => At(ReadVehicle(row), ReadFix(row, 6) ?? ReadRow(row, 13), at);

    private static FleetVehicle ReadVehicle(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.Optional<string>(2), WireText.Parse<VehicleType>(row.GetString(3)),
        row.Optional<string>(4) is { } status ? WireText.Parse<VehicleStatus>(status) : null, row.OptionalValue<Guid>(5), null, null,
        Freshness.Unknown);

    private FleetVehicle At(FleetVehicle vehicle, (DateTimeOffset Time, Location Location)? fix, DateTimeOffset at) => vehicle with
    {
        CurrentLocation = fix?.Location, LastLocationUpdate = fix?.Time, Freshness = positions.Value.FreshnessOf(fix?.Time, at),
    };

    /// <summary>A fix by its columns, the time in the first; null where there is none.</summary>
    private static (DateTimeOffset Time, Location Location)? ReadFix(NpgsqlDataReader row, int first) =>
        row.OptionalValue<DateTimeOffset>(first) is not { } time ? null : (time, new Location(
            row.GetDouble(first + 1), row.GetDouble(first + 2), Whole(row.OptionalValue<double>(first + 3)), row.OptionalValue<double>(first + 4),
            Whole(row.OptionalValue<double>(first + 5)), row.OptionalValue<double>(first + 6)));

    /// <summary>A vehicle's own position, its time in the first column; null where there is none.</summary>
    private static (DateTimeOffset Time, Location Location)? ReadRow(NpgsqlDataReader row, int first) =>
        row.OptionalValue<DateTimeOffset>(first) is { } time && row.Optional<string>(first + 1) is { } json
        && JsonSerializer.Deserialize<Location>(json, RowJson.Options) is { } location
            ? (time, location)
            : null;

    private static int? Whole(double? value) => value is { } number ? (int)Math.Round(number) : null;
}
