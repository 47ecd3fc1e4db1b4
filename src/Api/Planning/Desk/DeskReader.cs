using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Orders.Teams;
using ChargeCars.Api.Relations;
using ChargeCars.Money.Numbering;
using ChargeCars.Orders;
using ChargeCars.Orders.Teams;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Addresses;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Planning.Desk;

/// <summary>
/// Reads what the desk shows, now or at a moment of the past, each part within the scope of the list that it stands in elsewhere. Who sees a
/// visit or a team now sees what it was.
/// </summary>
internal sealed class DeskReader(NpgsqlDataSource source)
{
    /// <summary>So many visits are told of a day at most.</summary>
    public const int Most = 5_000;

    // A visit that is not of a day now was of it then only if its times were others, or it had none yet.
    private const string MayHaveBeenOfADay = "entry.old_values ?| ARRAY['scheduled_start', 'scheduled_end'] OR entry.old_values->>'status' = 'draft'";

    private const string Columns = """
        v.id, v.version, v.number, v.order_id, o.order_number, o.order_status, coalesce(o.priority_level, 'normal'), v.business_entity, v.visit_type, v.status, v.team_id,
        v.vehicle_id, v.window_start, v.window_end, v.scheduled_start, v.scheduled_end, v.estimated_minutes, v.required_skills, v.en_route_at, v.arrived_at,
        v.started_at, v.ended_at, v.reschedule_count, c.name, concat_ws(' ', a.street_address, a.street_number), a.city, a.coordinates
        """;

    /// <summary>The visits of a day and those without a time; one more than <see cref="Most"/> where there are more.</summary>
    public Task<IReadOnlyList<DeskCard>> OfDayAsync(DateTimeOffset from, DateTimeOffset to, DateTimeOffset? at, Caller caller, CancellationToken cancellation) => ReadAsync(
        (text, table) => $"{table}status = 'draft' OR ({table}scheduled_start < {text.Of(Sql.Time(to))} AND {table}scheduled_end > {text.Of(Sql.Time(from))})",
        MayHaveBeenOfADay, at, caller, cancellation);

    /// <summary>Some visits by their ids, those of them that the caller sees.</summary>
    public Task<IReadOnlyList<DeskCard>> OfIdsAsync(Guid[] ids, DateTimeOffset? at, Caller caller, CancellationToken cancellation) =>
        ReadAsync((text, table) => $"{table}id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, ids))})", null, at, caller, cancellation);

    /// <summary>The active teams with who is in them on a day.</summary>
    public async Task<IReadOnlyList<DeskCrew>> CrewsAsync(DateOnly day, DateTimeOffset? at, Caller caller, CancellationToken cancellation)
    {
        if (!caller.Permissions.Contains(Permissions.TeamsRead))
        {
            return [];
        }

        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Date(day));
        var scope = TeamAccess.Visible(caller)?.AddTo(command.Parameters) ?? "true";
        var teams = $"SELECT * FROM team WHERE {scope}";
        if (at is { } moment)
        {
            command.Parameters.Add(Sql.Time(moment));
            teams = RowsThen.Of(TeamKind.Rows, $"${command.Parameters.Count}", scope, null);
        }

        // Who may not see people knows how many there are, and no names.
        var names = caller.Permissions.Contains(Permissions.RelationsRead);
        command.CommandText = $"""
            SELECT t.id, t.name, t.vehicle_id, m.contact_id, concat_ws(' ', c.first_name, c.last_name), coalesce(c.mobile, c.phone), m.skills
            FROM ({teams}) t
                LEFT JOIN team_member m ON m.team_id = t.id AND m.valid_from <= $1 AND (m.valid_to IS NULL OR m.valid_to >= $1)
                LEFT JOIN contact c ON c.id = m.contact_id
            WHERE t.is_active
            ORDER BY t.name, t.id, m.role = 'lead' DESC, m.id
            """;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var crews = new List<DeskCrew>();
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetGuid(0);
            if (crews.Count == 0 || crews[^1].TeamId != id)
            {
                crews.Add(new(id, row.GetString(1), row.OptionalValue<Guid>(2), []));
            }

            if (row.OptionalValue<Guid>(3) is { } contact && names)
            {
                crews[^1] = crews[^1] with { Members = [.. crews[^1].Members, new(contact, row.GetString(4), row.Optional<string>(5), row.GetFieldValue<string[]>(6))] };
            }
        }

        return crews;
    }

    private async Task<IReadOnlyList<DeskCard>> ReadAsync(
        Func<ScopeText, string, string> which, string? mayHaveBeen, DateTimeOffset? at, Caller caller, CancellationToken cancellation)
    {
        var (text, people) = (new ScopeText(), caller.Permissions.Contains(Permissions.RelationsRead));
        var customers = people ? RelationScope.Organizations(text, caller, "c.") ?? "true" : "false";
        var addresses = people ? RelationScope.Addresses(text, caller, "a.") ?? "true" : "false";
        var seen = OrderScope.Visits(text, caller, "it.") ?? "true";
        var (visits, orders) = ($"SELECT * FROM visit it WHERE {seen}", "SELECT * FROM \"order\" it WHERE it.id = v.order_id");
        if (at is { } moment)
        {
            var then = text.Of(Sql.Time(moment));
            (visits, orders) = (
                RowsThen.Of(VisitKind.Rows, then, seen, mayHaveBeen is null ? null : $"{which(text, "it.")} OR {RowsThen.Changed(VisitKind.Rows, then, mayHaveBeen)}", "order_id"),
                RowsThen.Of(OrderKind.Rows, then, "it.id = v.order_id", null));
        }

        var statement = text.Any([$"""
            SELECT {Columns}
            FROM ({visits}) v CROSS JOIN LATERAL ({orders}) o
                LEFT JOIN organization c ON c.id = o.customer_organization_id AND ({customers})
                LEFT JOIN address a ON a.id = coalesce(v.address_id, o.installation_address_id) AND ({addresses})
            WHERE {which(text, "v.")}
            ORDER BY v.scheduled_start NULLS FIRST, v.id LIMIT {Most + 1}
            """])!;
        await using var command = source.CreateCommand();
        command.CommandText = statement.AddAlternativesTo(command.Parameters)[0];
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var cards = new List<DeskCard>();
        while (await row.ReadAsync(cancellation))
        {
            cards.Add(Card(row));
        }

        return cards;
    }

    private static DeskCard Card(NpgsqlDataReader row)
    {
        var place = row.Optional<string>(26) is { } json ? JsonSerializer.Deserialize<Coordinates>(json, RowJson.Options) : null;
        var street = row.Optional<string>(24);
        return new()
        {
            Id = row.GetGuid(0),
            Version = row.GetInt64(1),
            Number = row.Optional<string>(2),
            OrderId = row.GetGuid(3),
            OrderNumber = row.GetString(4),
            OrderStatus = WireText.Parse<OrderStatus>(row.GetString(5)),
            PriorityLevel = WireText.Parse<PriorityLevel>(row.GetString(6)),
            BusinessEntity = WireText.Parse<BusinessEntity>(row.GetString(7)),
            VisitType = WireText.Parse<VisitType>(row.GetString(8)),
            Status = WireText.Parse<VisitStatus>(row.GetString(9)),
            TeamId = row.OptionalValue<Guid>(10),
            VehicleId = row.OptionalValue<Guid>(11),
            WindowStart = row.OptionalValue<DateTimeOffset>(12),
            WindowEnd = row.OptionalValue<DateTimeOffset>(13),
            ScheduledStart = row.OptionalValue<DateTimeOffset>(14),
            ScheduledEnd = row.OptionalValue<DateTimeOffset>(15),
            EstimatedMinutes = row.OptionalValue<int>(16),
            RequiredSkills = row.GetFieldValue<string[]>(17),
            EnRouteAt = row.OptionalValue<DateTimeOffset>(18),
            ArrivedAt = row.OptionalValue<DateTimeOffset>(19),
            StartedAt = row.OptionalValue<DateTimeOffset>(20),
            EndedAt = row.OptionalValue<DateTimeOffset>(21),
            RescheduleCount = row.GetInt32(22),
            CustomerName = row.Optional<string>(23),
            Street = string.IsNullOrEmpty(street) ? null : street,
            City = row.Optional<string>(25),
            Latitude = place?.Latitude,
            Longitude = place?.Longitude,
        };
    }
}
