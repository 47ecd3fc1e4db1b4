using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>Fixes of which some may be on disk already: one statement that passes those over and says which they were.</summary>
internal static class PositionInsert
{
    private const string Insert = $"""
        INSERT INTO vehicle_position ({PositionCopy.Columns})
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::float8[], $5::float8[], $6::float8[], $7::float8[],
            $8::float8[], $9::float8[], $10::bool[], $11::float8[], $12::text[])
        ON CONFLICT DO NOTHING
        RETURNING vehicle_id, fix_time, source
        """;

    /// <summary>
    /// The same, where some come after later ones: that their trips need repair is on disk with them. What was there
    /// before is no news and leaves no mark.
    /// </summary>
    private const string InsertLate = $"""
        WITH stored AS ({Insert}),
        marked AS (
            INSERT INTO vehicle_late_fix (vehicle_id, first_fix, last_fix)
            SELECT vehicle_id, min(fix_time), max(fix_time) FROM stored JOIN unnest($13::uuid[], $14::timestamptz[]) AS known(vehicle_id, until) USING (vehicle_id)
            WHERE fix_time <= known.until GROUP BY vehicle_id)
        SELECT vehicle_id, fix_time, source FROM stored
        """;

    /// <summary>For each write, which of its fixes were there before; null for none.</summary>
    public static async Task<bool[]?[]> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<PositionWrite> writes, CancellationToken cancellation)
    {
        var rows = writes.SelectMany(write => write.Fixes, (write, fix) => (Write: write, Fix: fix)).ToArray();
        var late = writes.Where(write => write.LateUntil is not null).GroupBy(write => write.VehicleId, write => write.LateUntil!.Value).ToArray();
        await using var command = new NpgsqlCommand(late.Length > 0 ? InsertLate : Insert, connection)
        {
            Parameters =
            {
                Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(rows, row => row.Write.VehicleId)),
                Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(rows, row => row.Fix.FixTime)),
                Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(rows, row => row.Write.ReceivedAt)),
                Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(rows, row => row.Fix.Latitude)),
                Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(rows, row => row.Fix.Longitude)),
                Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(rows, row => row.Fix.AccuracyMeters)),
                Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(rows, row => row.Fix.SpeedKmh)),
                Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(rows, row => row.Fix.HeadingDegrees)),
                Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(rows, row => row.Fix.AltitudeMeters)),
                Sql.Array(NpgsqlDbType.Boolean, Array.ConvertAll(rows, row => row.Fix.Ignition)),
                Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(rows, row => row.Fix.OdometerKm)),
                Sql.Array(NpgsqlDbType.Text, Array.ConvertAll(rows, row => row.Fix.Source)),
            },
        };

        if (late.Length > 0)
        {
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(late, vehicle => vehicle.Key)));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(late, vehicle => vehicle.Max())));
        }

        var inserted = new HashSet<(Guid, DateTimeOffset, string)>(rows.Length);
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                inserted.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2)));
            }
        }

        Sql.LetGo(command);
        return inserted.Count == rows.Length
            ? new bool[]?[writes.Count]
            : [.. writes.Select(write => Duplicates(write, inserted))];
    }

    // Each row answers for one fix only: of two writes with the same fix in one group, one inserted it.
    private static bool[]? Duplicates(PositionWrite write, HashSet<(Guid, DateTimeOffset, string)> inserted)
    {
        var duplicates = Array.ConvertAll(write.Fixes, fix => !inserted.Remove((write.VehicleId, fix.FixTime, fix.Source)));
        return Array.IndexOf(duplicates, true) < 0 ? null : duplicates;
    }
}
