using ChargeCars.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Vehicles.Positions;

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

    /// <summary>For each write, which of its fixes were there before; null for none.</summary>
    public static async Task<bool[]?[]> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<PositionWrite> writes, CancellationToken cancellation)
    {
        var rows = writes.SelectMany(write => write.Fixes, (write, fix) => (Write: write, Fix: fix)).ToArray();
        await using var command = new NpgsqlCommand(Insert, connection)
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

        var inserted = new HashSet<(Guid, DateTimeOffset, string)>(rows.Length);
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                inserted.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2)));
            }
        }

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
