using ChargeCars.Fleet.Vehicles;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet;

/// <summary>The rows behind <see cref="NearestIndex"/>. Throws what the database throws.</summary>
public sealed class NearestRows(NpgsqlDataSource source)
{
    /// <summary>The statuses of a visit that keep its vehicle busy.</summary>
    internal const string BusyStatuses = "('en_route', 'on_site', 'in_progress', 'paused')";

    private const string SelectVehicles = """
        SELECT id, is_active, is_available, operational_status, last_location_update,
            (current_location->>'latitude')::float8, (current_location->>'longitude')::float8
        FROM vehicle
        """;

    private const string SelectVisits = $"SELECT id, vehicle_id FROM visit WHERE status IN {BusyStatuses} AND vehicle_id IS NOT NULL";

    /// <summary>Every vehicle, or those named, as far as there are.</summary>
    public async Task<List<NearestRow>> VehiclesAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation)
    {
        await using var command = Command(SelectVehicles, " WHERE id = ANY($1)", only);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<NearestRow>();
        while (await row.ReadAsync(cancellation))
        {
            VehiclePlace? place = row.IsDBNull(4) || row.IsDBNull(5) || row.IsDBNull(6)
                ? null
                : new(row.GetFieldValue<DateTimeOffset>(4), row.GetDouble(5), row.GetDouble(6));
            found.Add(new(row.GetGuid(0), row.GetBoolean(1), row.GetBoolean(2), WireText.Parse<VehicleStatus>(row.GetString(3)), place));
        }

        return found;
    }

    /// <summary>Every visit that keeps a vehicle busy, or those of the ones named.</summary>
    public async Task<List<BusyVisit>> VisitsAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation)
    {
        await using var command = Command(SelectVisits, " AND id = ANY($1)", only);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<BusyVisit>();
        while (await row.ReadAsync(cancellation))
        {
            found.Add(new(row.GetGuid(0), row.GetGuid(1)));
        }

        return found;
    }

    private NpgsqlCommand Command(string select, string named, IReadOnlyCollection<Guid>? only)
    {
        if (only is null)
        {
            return source.CreateCommand(select);
        }

        var command = source.CreateCommand(select + named);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, only.ToArray()));
        return command;
    }
}
