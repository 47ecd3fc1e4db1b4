using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>Reads back what vehicles' fixes were.</summary>
public sealed class PositionHistory(NpgsqlDataSource source)
{
    internal const string Fields =
        "fix_time, latitude, longitude, accuracy, speed, heading, altitude, odometer, ignition, source, received_at";

    // Half open, so that adjoining spans neither miss a fix nor have one twice.
    private const string SelectPage = $"""
        SELECT {Fields} FROM vehicle_position
        WHERE vehicle_id = $1 AND fix_time >= $2 AND fix_time < $3 AND (fix_time, source) > ($4, $5)
        ORDER BY fix_time, source LIMIT $6
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

    /// <summary>The <see cref="Fields"/> of a row, from a column on.</summary>
    internal static RecordedFix Read(NpgsqlDataReader row, int first = 0) => new(
        new PositionFix(
            row.GetFieldValue<DateTimeOffset>(first), row.GetDouble(first + 1), row.GetDouble(first + 2), row.OptionalValue<double>(first + 3),
            row.OptionalValue<double>(first + 4), row.OptionalValue<double>(first + 5), row.OptionalValue<double>(first + 6),
            row.OptionalValue<double>(first + 7), row.OptionalValue<bool>(first + 8), row.GetString(first + 9)),
        row.GetFieldValue<DateTimeOffset>(first + 10));
}

/// <summary>A fix as it is on disk.</summary>
/// <param name="Fix">What the tracker sent.</param>
/// <param name="ReceivedAt">When it came in, UTC.</param>
public readonly record struct RecordedFix(PositionFix Fix, DateTimeOffset ReceivedAt);

/// <summary>A fix's identity within its vehicle.</summary>
public readonly record struct FixKey(DateTimeOffset FixTime, string Source);
