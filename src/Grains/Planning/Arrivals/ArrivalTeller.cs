using ChargeCars.Planning.Routes;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Planning.Arrivals;

/// <summary>
/// Tells when a crew is expected at a visit, as <c>visit.expected_arrival_changed</c>, as it moves. What was told last is a row, so that a
/// restart and another host tell nothing twice.
/// </summary>
internal sealed class ArrivalTeller(NpgsqlDataSource source, GroupCommit commits, DayForecaster forecaster)
{
    /// <summary>The change that tells it.</summary>
    public const string ChangeType = "visit.expected_arrival_changed";

    private const string SelectAhead = """
        SELECT v.id, v.order_id, v.business_entity, e.planned_start, e.earliest, e.expected, e.latest, e.punctuality, e.told_at
        FROM visit v LEFT JOIN visit_expectation e ON e.visit_id = v.id WHERE v.id = ANY ($1)
        """;

    // Of two hosts that look at once the second finds another row than it has read, and tells nothing.
    private static readonly string Tell = $"""
        WITH told AS (
            INSERT INTO visit_expectation (visit_id, planned_start, earliest, expected, latest, punctuality, told_at) VALUES ($2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (visit_id) DO UPDATE SET planned_start = excluded.planned_start, earliest = excluded.earliest, expected = excluded.expected,
                latest = excluded.latest, punctuality = excluded.punctuality, told_at = excluded.told_at
            WHERE visit_expectation.told_at = $9
            RETURNING 1)
        SELECT {Commit.SayApplied("$1")} FROM told
        """;

    /// <summary>What lies ahead of today, from where the vans are: two round trips, however many visits there are.</summary>
    public async Task<DayAhead> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var (day, crews) = await forecaster.ReadAsync(now, isLive: true, cancellation);
        var ids = crews.SelectMany(crew => crew.Forecasts).Select(forecast => forecast.VisitId).ToArray();
        if (ids.Length == 0)
        {
            return new(day, []);
        }

        var rows = new Dictionary<Guid, (Guid Order, BusinessEntity Entity, ToldArrival? Told)>();
        await using var command = source.CreateCommand(SelectAhead);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, ids));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            rows[row.GetGuid(0)] = (row.GetGuid(1), WireText.Parse<BusinessEntity>(row.GetString(2)), Told(row));
        }

        return new(day,
        [
            .. from crew in crews
               let visits = crew.Visits.ToDictionary(visit => visit.Id)
               from forecast in crew.Forecasts
               where rows.ContainsKey(forecast.VisitId)
               let known = rows[forecast.VisitId]
               select new AheadVisit(visits[forecast.VisitId], crew.Crew, forecast, known.Order, known.Entity, known.Told),
        ]);
    }

    /// <summary>Tells of those that have moved. How many were told.</summary>
    public async Task<int> TellAsync(IReadOnlyList<AheadVisit> visits, DateTimeOffset now)
    {
        var moved = visits.Where(ahead => ArrivalNews.IsNews(ahead.Visit, ahead.Forecast, ahead.Told, now));
        return (await Task.WhenAll(moved.Select(ahead => TellAsync(ahead, now)))).Count(told => told);
    }

    private static ToldArrival? Told(NpgsqlDataReader row) => row.OptionalValue<DateTimeOffset>(8) is not { } toldAt ? null : new(
        row.OptionalValue<DateTimeOffset>(3),
        new(row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6)),
        WireText.Parse<Punctuality>(row.GetString(7)), toldAt);

    private Task<bool> TellAsync(AheadVisit ahead, DateTimeOffset now)
    {
        var ((earliest, expected, latest), visit) = (ahead.Forecast.Arrival, ahead.Visit);
        var id = NameBasedId.Of($"expected-arrival/{visit.Id}/{ahead.Told?.ToldAt.UtcTicks}/{now.UtcTicks}");
        var statement = new NpgsqlBatchCommand(Tell)
        {
            Parameters =
            {
                Sql.Uuid(id), Sql.Uuid(visit.Id), Sql.Time(visit.Planned?.Start), Sql.Time(earliest), Sql.Time(expected), Sql.Time(latest),
                Sql.Word<Punctuality>(ahead.Forecast.Punctuality), Sql.Time(now), Sql.Time(ahead.Told?.ToldAt),
            },
        };
        var data = new
        {
            number = visit.Number,
            orderId = ahead.OrderId,
            vehicleId = ahead.VehicleId,
            expectedArrival = new { earliest = earliest.UtcDateTime, expected = expected.UtcDateTime, latest = latest.UtcDateTime },
            punctuality = ahead.Forecast.Punctuality,
            lateMinutes = ahead.Forecast.LateMinutes,
        };
        return commits.CommitInBackgroundAsync(new StatementCommit<bool>(
            visit.Id, id, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new(ChangeType, "visit", now, RowJson.ForClient(Actor.System), RowJson.ForClient(data))
                {
                    Scope = new(WireText.Of(ahead.BusinessEntity), null, null, visit.VehicleId),
                },
            ],
        });
    }
}
