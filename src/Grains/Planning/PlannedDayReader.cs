using System.Text.Json;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Orders.Teams;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Addresses;
using Npgsql;

namespace ChargeCars.Planning;

/// <summary>Reads a day for the planner, in one round trip.</summary>
public sealed class PlannedDayReader(NpgsqlDataSource source, BusinessCalendars calendars)
{
    private const string SelectVisits = """
        SELECT v.id, coalesce(v.number, v.id::text), a.coordinates, v.window_start, v.window_end, v.scheduled_start, v.scheduled_end, v.estimated_minutes,
            v.required_skills, v.team_id, v.vehicle_id, ARRAY (SELECT contact_id FROM visit_assignee s WHERE s.visit_id = v.id), v.status,
            v.en_route_at, v.arrived_at, v.started_at, v.ended_at
        FROM visit v LEFT JOIN address a ON a.id = v.address_id
        WHERE (v.scheduled_start < $2 AND v.scheduled_end > $1 AND v.status NOT IN ('cancelled', 'no_show')) OR v.id = $3
        """;

    private const string SelectTeams = """
        SELECT t.id, t.name, t.is_active, t.vehicle_id, m.contact_id, c.first_name || ' ' || c.last_name, m.skills, m.certifications, m.valid_from, m.valid_to, t.business_entity
        FROM team t LEFT JOIN team_member m ON m.team_id = t.id AND m.valid_from <= $1 AND (m.valid_to IS NULL OR m.valid_to >= $1)
            LEFT JOIN contact c ON c.id = m.contact_id
        ORDER BY t.name, t.id
        """;

    private const string SelectVehicles = """
        SELECT id, coalesce(vehicle_name, license_plate), operational_status, is_active, is_available, maintenance_due, equipment_list, current_location,
            last_location_update
        FROM vehicle ORDER BY license_plate
        """;

    /// <summary>The day; a visit that is asked about is among its visits whenever it is.</summary>
    public async Task<PlannedDay> ReadAsync(DateOnly day, Guid? asked, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(SelectVisits)
        {
            Parameters = { Sql.Time(WallClock.StartOf(day)), Sql.Time(WallClock.StartOf(day.AddDays(1))), Sql.Uuid(asked) },
        });
        batch.BatchCommands.Add(new(SelectTeams) { Parameters = { Sql.Date(day) } });
        batch.BatchCommands.Add(new(SelectVehicles));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        var visits = new List<RouteVisit>();
        while (await row.ReadAsync(cancellation))
        {
            visits.Add(Visit(row));
        }

        await row.NextResultAsync(cancellation);
        var teams = new Dictionary<Guid, (CrewTeam Team, Guid? Van, BusinessEntity? Entity)>();
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetGuid(0);
            var entity = row.Optional<string>(10) is { } word ? WireText.Parse<BusinessEntity>(word) : (BusinessEntity?)null;
            var (team, van, _) = teams.GetValueOrDefault(id, (new CrewTeam(id, row.GetString(1), row.GetBoolean(2), []), row.OptionalValue<Guid>(3), entity));
            teams[id] = (row.IsDBNull(4) ? team : team with { Members = [.. team.Members, Member(row)] }, van, entity);
        }

        await row.NextResultAsync(cancellation);
        var vans = new Dictionary<Guid, CrewVehicle>();
        var places = new Dictionary<Guid, Routes.LivePosition>();
        while (await row.ReadAsync(cancellation))
        {
            var van = Van(row);
            vans[van.Id] = van;
            if (row.Optional<string>(7) is { } json && row.OptionalValue<DateTimeOffset>(8) is { } at)
            {
                var location = JsonSerializer.Deserialize<Location>(json, RowJson.Options)!;
                places[van.Id] = new(new(location.Latitude, location.Longitude), at);
            }
        }

        return new(day, visits, Crews(day, teams.Values, vans), places);
    }

    private List<Crew> Crews(DateOnly day, IEnumerable<(CrewTeam Team, Guid? Van, BusinessEntity? Entity)> teams, Dictionary<Guid, CrewVehicle> vans)
    {
        var crews = teams.Select(team => new Crew
        {
            Day = day, Team = team.Team, Vehicle = team.Van is { } van ? vans.GetValueOrDefault(van) : null,
            Hours = calendars.Of(team.Entity).HoursOn(day),
        }).ToList();
        var driven = crews.Select(crew => crew.Vehicle?.Id).ToHashSet();
        crews.AddRange(vans.Values.Where(van => !driven.Contains(van.Id)).Select(van => new Crew { Day = day, Vehicle = van, Hours = calendars.Of(null).HoursOn(day) }));
        return crews;
    }

    private static RouteVisit Visit(NpgsqlDataReader row)
    {
        var status = WireText.Parse<VisitStatus>(row.GetString(12));
        TimeRange? planned = row.OptionalValue<DateTimeOffset>(5) is { } start && row.OptionalValue<DateTimeOffset>(6) is { } end ? new(start, end) : null;
        return new()
        {
            Id = row.GetGuid(0),
            Number = row.GetString(1),
            Place = row.Optional<string>(2) is { } json && JsonSerializer.Deserialize<Coordinates>(json, RowJson.Options) is { } place
                ? new((double)place.Latitude, (double)place.Longitude)
                : null,
            WindowStart = row.OptionalValue<DateTimeOffset>(3),
            WindowEnd = row.OptionalValue<DateTimeOffset>(4),
            Planned = planned,
            EstimatedMinutes = row.OptionalValue<int>(7) ?? (int)(planned?.Duration.TotalMinutes ?? 60),
            RequiredSkills = row.GetFieldValue<string[]>(8),
            TeamId = row.OptionalValue<Guid>(9),
            VehicleId = row.OptionalValue<Guid>(10),
            AssigneeIds = row.GetFieldValue<Guid[]>(11),
            Progress = status switch
            {
                VisitStatus.EnRoute => VisitProgress.EnRoute,
                VisitStatus.OnSite or VisitStatus.InProgress or VisitStatus.Paused => VisitProgress.OnSite,
                _ => status.IsOpen() ? VisitProgress.Planned : VisitProgress.Over,
            },
            EnRouteAt = row.OptionalValue<DateTimeOffset>(13),
            ArrivedAt = row.OptionalValue<DateTimeOffset>(14),
            StartedAt = row.OptionalValue<DateTimeOffset>(15),
            EndedAt = row.OptionalValue<DateTimeOffset>(16),
        };
    }

    private static CrewMember Member(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(4),
        Name = row.GetString(5),
        Skills = row.GetFieldValue<string[]>(6),
        Certifications = JsonSerializer.Deserialize<Certification[]>(row.GetString(7), RowJson.Options)!,
        ValidFrom = row.GetFieldValue<DateOnly>(8),
        ValidTo = row.OptionalValue<DateOnly>(9),
    };

    private static CrewVehicle Van(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Name = row.GetString(1),
        Status = WireText.Parse<VehicleStatus>(row.GetString(2)),
        IsActive = row.GetBoolean(3),
        IsAvailable = row.GetBoolean(4),
        MaintenanceDue = row.OptionalValue<DateOnly>(5),
        Equipment = row.Optional<string>(6) is { } json ? JsonSerializer.Deserialize<EquipmentList>(json, RowJson.Options)!.Equipment : null,
    };
}
