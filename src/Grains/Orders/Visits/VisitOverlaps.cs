using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Orders.Visits;

/// <summary>Finds the visit that has the time that another one wants. The database's constraints decide; this only names.</summary>
internal sealed class VisitOverlaps(NpgsqlDataSource source)
{
    private const string SelectOther = """
        SELECT v.number, v.scheduled_start, v.scheduled_end, v.id FROM visit v
        WHERE v.id <> $1 AND v.status NOT IN ('cancelled', 'no_show')
            AND tstzrange(v.scheduled_start, v.scheduled_end) && tstzrange($5, $6)
            AND (v.vehicle_id = $2 OR v.team_id = $3 OR EXISTS (SELECT FROM visit_assignee a WHERE a.visit_id = v.id AND a.contact_id = ANY ($4)))
        ORDER BY v.scheduled_start LIMIT 1
        """;

    /// <summary>The refusal with the other visit and its time; as it was where that one has just gone.</summary>
    public async Task<Conflict> NamedAsync(
        Conflict taken, Guid visit, Guid? vehicle, Guid? team, Guid[] people, DateTimeOffset from, DateTimeOffset until)
    {
        await using var command = source.CreateCommand(SelectOther);
        command.Parameters.Add(Sql.Uuid(visit));
        command.Parameters.Add(Sql.Uuid(vehicle));
        command.Parameters.Add(Sql.Uuid(team));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, people));
        command.Parameters.Add(Sql.Time(from));
        command.Parameters.Add(Sql.Time(until));
        await using var row = await command.ExecuteReaderAsync();
        if (!await row.ReadAsync())
        {
            return taken;
        }

        var (start, end) = (WallClock.Of(row.GetFieldValue<DateTimeOffset>(1)), WallClock.Of(row.GetFieldValue<DateTimeOffset>(2)));
        return taken with { Detail = $"{taken.Detail} Visit {row.Optional<string>(0) ?? row.GetGuid(3).ToString()} has it from {start:yyyy-MM-dd HH:mm} to {end:HH:mm}." };
    }
}
