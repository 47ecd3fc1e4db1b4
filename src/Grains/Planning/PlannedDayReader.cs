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
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Planning;

/// <summary>Reads a day for the planner, in one round trip.</summary>
public sealed class PlannedDayReader(NpgsqlDataSource source, BusinessCalendars calendars, NightPlaces nights, IOptions<PlanningOptions> options, TimeProvider time)
{
    private const string SelectVisits = """
        SELECT v.id, coalesce(v.number, v.id::text), a.coordinates, v.window_start, v.window_end, v.scheduled_start, v.scheduled_end, v.estimated_minutes,
            v.required_skills, v.team_id, v.vehicle_id, ARRAY (SELECT contact_id FROM visit_assignee s WHERE s.visit_id = v.id), v.status,
            v.en_route_at, v.arrived_at, v.started_at, v.ended_at, v.business_entity, v.visit_type
        FROM visit v LEFT JOIN address a ON a.id = v.address_id
        WHERE (v.scheduled_start < $2 AND v.scheduled_end > $1 AND v.status NOT IN ('cancelled', 'no_show')) OR v.id = $3
            OR ($4 AND v.status IN ('en_route', 'on_site', 'in_progress', 'paused'))
        """;

    private const string FromTeams = """
        SELECT t.id, t.name, t.is_active, t.vehicle_id, m.contact_id, c.first_name || ' ' || c.last_name, m.skills, m.certifications, m.valid_from, m.valid_to, t.business_entity
        FROM team t LEFT JOIN team_member m ON m.team_id = t.id AND m.valid_from <= $1 AND (m.valid_to IS NULL OR m.valid_to >= $1)
            LEFT JOIN contact c ON c.id = m.contact_id
        """;

    private const string FromVehicles = """
        SELECT id, coalesce(vehicle_name, license_plate), operational_status, is_active, is_available, maintenance_due, equipment_list, current_location,
            last_location_update
        FROM vehicle
        """;

    private const string SelectTeams = $"{FromTeams} ORDER BY t.name, t.id";

    private const string SelectVehicles = $"{FromVehicles} ORDER BY license_plate";

    private const string SelectTeam = $"{FromTeams} WHERE t.id = $2 OR t.vehicle_id = $3 ORDER BY t.name, t.id";

    private const string SelectVehicle = $"{FromVehicles} WHERE id = $1 OR id = (SELECT vehicle_id FROM team WHERE id = $2) ORDER BY license_plate";

    // What the order of a visit still needs; what a warehouse keeps for it is loaded before a day to come.
    private const string SelectParts = """
        SELECT r.product_id, p.name, sum(greatest(r.wanted - r.used, 0) - CASE WHEN $2 AND k.place_type = 'warehouse' AND r.state = 'held' THEN r.quantity ELSE 0 END)::int
        FROM stock_reservation r JOIN product p ON p.id = r.product_id LEFT JOIN stock_place k ON k.id = r.place_id
        WHERE r.order_id = (SELECT order_id FROM visit WHERE id = $1 AND visit_type <> 'survey')
            AND r.wanted IS NOT NULL AND r.state IN ('held', 'short')
        GROUP BY r.product_id, p.name
        """;

    // What the vans carry of it that nobody else has reserved.
    private const string SelectCarried = """
        SELECT k.vehicle_id, b.product_id, b.on_hand - b.reserved + coalesce((
                SELECT sum(own.quantity) FROM stock_reservation own
                WHERE own.place_id = k.id AND own.product_id = b.product_id AND own.order_id = o.order_id AND own.state = 'held'), 0)::int
        FROM visit o CROSS JOIN stock_place k LEFT JOIN stock_balance b ON b.place_id = k.id
            AND b.product_id IN (SELECT product_id FROM stock_reservation WHERE order_id = o.order_id)
        WHERE o.id = $1 AND k.vehicle_id IS NOT NULL
        """;

    /// <summary>The day as it is planned.</summary>
    /// <param name="day">The day, in the Netherlands.</param>
    /// <param name="asked">A visit that is among its visits whenever it is, with the parts that it needs; null for none.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="isUnderWay">Whether visits that are under way are among its visits whenever they were planned: work goes on over midnight.</param>
    public async Task<PlannedDay> ReadAsync(DateOnly day, Guid? asked, CancellationToken cancellation, bool isUnderWay = false)
    {
        var places = await nights.BeforeAsync(day, cancellation);
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(SelectVisits)
        {
            Parameters = { Sql.Time(WallClock.StartOf(day)), Sql.Time(WallClock.StartOf(day.AddDays(1))), Sql.Uuid(asked), Sql.Bool(isUnderWay) },
        });
        batch.BatchCommands.Add(new(SelectTeams) { Parameters = { Sql.Date(day) } });
        batch.BatchCommands.Add(new(SelectVehicles));
        if (asked is not null)
        {
            batch.BatchCommands.Add(new(SelectParts) { Parameters = { Sql.Uuid(asked), Sql.Bool(day > WallClock.DateOf(time.GetUtcNow())) } });
            batch.BatchCommands.Add(new(SelectCarried) { Parameters = { Sql.Uuid(asked) } });
        }

        await using var row = await batch.ExecuteReaderAsync(cancellation);
        var visits = new List<RouteVisit>();
        while (await row.ReadAsync(cancellation))
        {
            visits.Add(Visit(row));
        }

        await row.NextResultAsync(cancellation);
        var teams = await ReadTeamsAsync(row, cancellation);
        await row.NextResultAsync(cancellation);
        var (vans, seen) = await ReadVansAsync(row, cancellation);
        if (asked is { } about)
        {
            await ReadPartsAsync(row, about, visits, vans, cancellation);
        }

        return new(day, visits, Crews(day, teams.Values, vans, places), seen)
        {
            Hours = Enum.GetValues<BusinessEntity>().ToDictionary(entity => entity, entity => HoursOf(entity, day)),
        };
    }

    /// <summary>Who would go on a day with this team and van, without what else they do; null where neither is named or there is none such.</summary>
    public async Task<Crew?> CrewAsync(DateOnly day, Guid? team, Guid? vehicle, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(SelectTeam) { Parameters = { Sql.Date(day), Sql.Uuid(team), Sql.Uuid(vehicle) } });
        batch.BatchCommands.Add(new(SelectVehicle) { Parameters = { Sql.Uuid(vehicle), Sql.Uuid(team) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        var teams = await ReadTeamsAsync(row, cancellation);
        await row.NextResultAsync(cancellation);
        var (vans, seen) = await ReadVansAsync(row, cancellation);
        return new PlannedDay(day, [], Crews(day, teams.Values, vans, new Dictionary<Guid, MapPoint>()), seen).CrewOf(team, vehicle, null);
    }

    private static async Task<Dictionary<Guid, (CrewTeam Team, Guid? Van, BusinessEntity? Entity)>> ReadTeamsAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        var teams = new Dictionary<Guid, (CrewTeam Team, Guid? Van, BusinessEntity? Entity)>();
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetGuid(0);
            var entity = row.Optional<string>(10) is { } word ? WireText.Parse<BusinessEntity>(word) : (BusinessEntity?)null;
            var (team, van, _) = teams.GetValueOrDefault(
                id, (new CrewTeam(id, row.GetString(1), row.GetBoolean(2), []) { BusinessEntity = entity }, row.OptionalValue<Guid>(3), entity));
            teams[id] = (row.IsDBNull(4) ? team : team with { Members = [.. team.Members, Member(row)] }, van, entity);
        }

        return teams;
    }

    private static async Task<(Dictionary<Guid, CrewVehicle> Vans, Dictionary<Guid, Routes.LivePosition> Seen)> ReadVansAsync(
        NpgsqlDataReader row, CancellationToken cancellation)
    {
        var vans = new Dictionary<Guid, CrewVehicle>();
        var seen = new Dictionary<Guid, Routes.LivePosition>();
        while (await row.ReadAsync(cancellation))
        {
            var van = Van(row);
            vans[van.Id] = van;
            if (row.Optional<string>(7) is { } json && row.OptionalValue<DateTimeOffset>(8) is { } at)
            {
                var location = JsonSerializer.Deserialize<Location>(json, RowJson.Options)!;
                seen[van.Id] = new(new(location.Latitude, location.Longitude), at);
            }
        }

        return (vans, seen);
    }

    private static async Task ReadPartsAsync(
        NpgsqlDataReader row, Guid asked, List<RouteVisit> visits, Dictionary<Guid, CrewVehicle> vans, CancellationToken cancellation)
    {
        await row.NextResultAsync(cancellation);
        var parts = new List<RequiredPart>();
        while (await row.ReadAsync(cancellation))
        {
            if (row.GetInt32(2) is > 0 and var quantity)
            {
                parts.Add(new(row.GetGuid(0), row.GetString(1), quantity));
            }
        }

        if (visits.FindIndex(visit => visit.Id == asked) is >= 0 and var position)
        {
            visits[position] = visits[position] with { RequiredParts = parts };
        }

        await row.NextResultAsync(cancellation);
        var carried = new Dictionary<Guid, Dictionary<Guid, int>>();
        while (await row.ReadAsync(cancellation))
        {
            var stock = carried.TryGetValue(row.GetGuid(0), out var known) ? known : carried[row.GetGuid(0)] = [];
            if (row.OptionalValue<Guid>(1) is { } product)
            {
                stock[product] = row.GetInt32(2);
            }
        }

        foreach (var (van, stock) in carried)
        {
            vans[van] = vans[van] with { Stock = stock };
        }
    }

    private List<Crew> Crews(
        DateOnly day, IEnumerable<(CrewTeam Team, Guid? Van, BusinessEntity? Entity)> teams, Dictionary<Guid, CrewVehicle> vans,
        IReadOnlyDictionary<Guid, MapPoint> places)
    {
        var crews = teams.Select(team => Crew(team.Team, team.Van is { } van ? vans.GetValueOrDefault(van) : null, team.Entity)).ToList();
        var driven = crews.Select(crew => crew.Vehicle?.Id).ToHashSet();
        crews.AddRange(vans.Values.Where(van => !driven.Contains(van.Id)).Select(van => Crew(null, van, null)));
        return crews;

        Crew Crew(CrewTeam? team, CrewVehicle? van, BusinessEntity? entity)
        {
            var (hours, breaks) = HoursOf(entity, day);
            return new()
            {
                Day = day, Team = team, Vehicle = van, Hours = hours, Breaks = breaks,
                StartPlace = van is not null && places.TryGetValue(van.Id, out var place) ? place : null,
                // The drive from where the van spends the night is the crew's own time, up to a drive that is far.
                EarlyStart = TimeSpan.FromMinutes(options.Value.FarMinutes),
            };
        }
    }

    private WorkingHours HoursOf(BusinessEntity? entity, DateOnly day)
    {
        var calendar = calendars.Of(entity);
        return new(calendar.HoursOn(day), [.. calendar.BreaksOn(day).Select(gap => new CrewBreak(gap.Start, gap.End, (int)gap.Duration.TotalMinutes))]);
    }

    private RouteVisit Visit(NpgsqlDataReader row)
    {
        var status = WireText.Parse<VisitStatus>(row.GetString(12));
        TimeRange? planned = row.OptionalValue<DateTimeOffset>(5) is { } start && row.OptionalValue<DateTimeOffset>(6) is { } end ? new(start, end) : null;
        return new()
        {
            Id = row.GetGuid(0),
            Number = row.GetString(1),
            BusinessEntity = WireText.Parse<BusinessEntity>(row.GetString(17)),
            RequiredEquipment = options.Value.Equipment.GetValueOrDefault(WireText.Parse<VisitType>(row.GetString(18)), []),
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
