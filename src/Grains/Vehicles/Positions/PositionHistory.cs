using System.Text.Json;
using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Vehicles.Positions;

/// <summary>Reads back what vehicles' fixes were.</summary>
public sealed class PositionHistory(NpgsqlDataSource source)
{
    private const string Fields =
        "fix_time, latitude, longitude, accuracy, speed, heading, altitude, odometer, ignition, source, received_at";

    // Half open, so that adjoining spans neither miss a fix nor have one twice.
    private const string SelectPage = $"""
        SELECT {Fields} FROM vehicle_position
        WHERE vehicle_id = $1 AND fix_time >= $2 AND fix_time < $3 AND (fix_time, source) > ($4, $5)
        ORDER BY fix_time, source LIMIT $6
        """;

    private const string SelectLocation = "SELECT last_location_update, current_location, operational_status FROM vehicle WHERE id = $1";

    // Both bounds are parameters of their own, so that planning opens only the partitions between them.
    private const string SelectNewest = $"""
        SELECT {Fields} FROM vehicle_position
        WHERE vehicle_id = $1 AND fix_time >= $2 AND fix_time <= $3
        ORDER BY fix_time DESC LIMIT 1
        """;

    /// <summary>A page of a vehicle's fixes in the order of fix time and source.</summary>
    /// <param name="vehicleId">The vehicle.</param>
    /// <param name="from">The first fix time, UTC.</param>
    /// <param name="to">The fix time before which it ends, UTC.</param>
    /// <param name="after">The last fix of the page before; null for the first page.</param>
    /// <param name="limit">Fixes at most.</param>
    /// <param name="cancellation"></param>
    public async Task<IReadOnlyList<RecordedFix>> ReadAsync(
        Guid vehicleId, DateTimeOffset from, DateTimeOffset to, FixKey? after, int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectPage);
        command.Parameters.Add(Sql.Uuid(vehicleId));
        command.Parameters.Add(Sql.Time(after is { } last && last.FixTime > from ? last.FixTime : from));
        command.Parameters.Add(Sql.Time(to));
        command.Parameters.Add(Sql.Time(after?.FixTime ?? from));
        command.Parameters.Add(Sql.Text(after?.Source ?? ""));
        command.Parameters.Add(Sql.Integer(limit));
        var fixes = new List<RecordedFix>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            fixes.Add(Read(row));
        }

        return fixes;
    }

    /// <summary>
    /// Where a vehicle was last: the newer of its row, which follows in its own time, and the history since then. A
    /// vehicle whose row has no position yet is looked for among the fixes that could have come, <paramref name="reach"/>.
    /// </summary>
    internal async Task<LivePosition?> NewestAsync(Guid vehicleId, DateTimeOffset now, TimeSpan reach, CancellationToken cancellation)
    {
        LivePosition? located = null;
        var status = VehicleStatus.Parked;
        await using (var find = source.CreateCommand(SelectLocation))
        {
            find.Parameters.Add(Sql.Uuid(vehicleId));
            await using var row = await find.ExecuteReaderAsync(cancellation);
            if (!await row.ReadAsync(cancellation))
            {
                return null;
            }

            status = WireText.Parse<VehicleStatus>(row.GetString(2));
            if (row.OptionalValue<DateTimeOffset>(0) is { } at && row.Optional<string>(1) is { } json
                && JsonSerializer.Deserialize<Location>(json, RowJson.Options) is { } location)
            {
                located = new(
                    vehicleId, at, location.Latitude, location.Longitude, location.SpeedKmh, location.HeadingDegrees,
                    location.AccuracyMeters, location.AltitudeMeters, status);
            }
        }

        await using var newest = source.CreateCommand(SelectNewest);
        newest.Parameters.Add(Sql.Uuid(vehicleId));
        newest.Parameters.Add(Sql.Time(located?.FixTime ?? now - reach));
        newest.Parameters.Add(Sql.Time(now.AddDays(1)));
        await using var found = await newest.ExecuteReaderAsync(cancellation);
        return await found.ReadAsync(cancellation) ? At(vehicleId, Read(found).Fix, status) : located;
    }

    private static LivePosition At(Guid vehicleId, in PositionFix fix, VehicleStatus status) => new(
        vehicleId, fix.FixTime, fix.Latitude, fix.Longitude, fix.SpeedKmh, fix.HeadingDegrees, fix.AccuracyMeters, fix.AltitudeMeters, status);

    private static RecordedFix Read(NpgsqlDataReader row) => new(
        new PositionFix(
            row.GetFieldValue<DateTimeOffset>(0), row.GetDouble(1), row.GetDouble(2), row.OptionalValue<double>(3),
            row.OptionalValue<double>(4), row.OptionalValue<double>(5), row.OptionalValue<double>(6),
            row.OptionalValue<double>(7), row.OptionalValue<bool>(8), row.GetString(9)),
        row.GetFieldValue<DateTimeOffset>(10));
}

/// <summary>A fix as it is on disk.</summary>
/// <param name="Fix">What the tracker sent.</param>
/// <param name="ReceivedAt">When it came in, UTC.</param>
public readonly record struct RecordedFix(PositionFix Fix, DateTimeOffset ReceivedAt);

/// <summary>A fix's identity within its vehicle.</summary>
public readonly record struct FixKey(DateTimeOffset FixTime, string Source);
