using ChargeCars.Orders.Deadlines;
using ChargeCars.Planning;
using ChargeCars.Planning.Arrivals;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform;
using ChargeCars.Testing;
using ChargeCars.Tests.Identity;
using ChargeCars.Tests.Orders;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Alerts;

/// <summary>What a look costs on a day of fifty vans and three hundred visits, in counts: a machine that is busy changes nothing of them.</summary>
public sealed class AlertCostTests(AlertHost alerts) : IClassFixture<AlertHost>
{
    private const int Vans = 50;
    private const int VisitsOfAVan = 6;

    /// <summary>On a database that nobody else uses, so that every statement is the look's own.</summary>
    [Fact]
    public async Task Reading_OfAFullDay_IsTwoRoundTripsAndOneQuestionACrew()
    {
        var noon = WallClock.MomentOf(WallClock.DateOf(DateTimeOffset.UtcNow), new(12, 0))!.Value;
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using (var fill = database.DataSource.CreateCommand(Day("00000000-0000-7000-8000-000000000001", noon)))
        {
            await fill.ExecuteNonQueryAsync();
        }

        var travel = new CountedTravel(new StraightLineTravelTimes(Options.Create(new TravelOptions())));
        using var calendars = new BusinessCalendars(database.DataSource, TimeProvider.System, NullLogger<BusinessCalendars>.Instance);
        var (planning, nights) = (Options.Create(new PlanningOptions()), new NightPlaces(database.DataSource, TimeProvider.System));
        var days = new PlannedDayReader(database.DataSource, calendars, nights, planning, TimeProvider.System);
        var teller = new ArrivalTeller(database.DataSource, null!, new DayForecaster(days, new(travel, planning)));
        // Asked for once in ten minutes.
        await nights.BeforeAsync(WallClock.DateOf(noon), CancellationToken.None);
        using var statements = new StatementCounter(database.DataSource);

        var day = await teller.ReadAsync(noon, CancellationToken.None);

        Assert.Equal(Vans * VisitsOfAVan, day.Visits.Count);
        Assert.Equal(2, statements.Count);
        Assert.Equal(Vans, travel.Asked);
    }

    [Fact]
    public async Task Look_AtAFullDay_WritesWhatIsNewOnce_AndNothingThatIsSaid()
    {
        var order = await OrderRun.NewAsync(alerts.Host);
        await alerts.Host.ExecuteAsync(Day($"{order.Id}", DateTimeOffset.UtcNow));

        // The first of each van should have begun 25 minutes ago: those are raised, and what follows is counted there.
        Assert.Equal(Vans, await alerts.LookAsync());

        var last = await LastAsync();
        Assert.Equal(Vans, await alerts.Host.ScalarAsync<long>("SELECT count(*) FROM alert WHERE alert_type = 'visit_late' AND status = 'open'"));
        Assert.InRange(await alerts.Host.ScalarAsync<long>("SELECT count(*) FROM change_event WHERE type = 'visit.expected_arrival_changed'"), Vans, Vans * VisitsOfAVan);
        Assert.Equal(0, await alerts.LookAsync());
        Assert.Equal(last, await LastAsync());
    }

    private Task<long> LastAsync() => alerts.Host.ScalarAsync<long>("SELECT max(sequence) FROM change_event");

    private static string Day(string order, DateTimeOffset now) => $$"""
        INSERT INTO "order" (id, order_number, business_entity) VALUES ('{{order}}', 'COST', 'chargecars') ON CONFLICT DO NOTHING;
        INSERT INTO address (id, entity_type, entity_id, address_type, street_address, city, postal_code, coordinates)
        SELECT ('00000000-0000-7000-8000-0000000003' || lpad(n::text, 2, '0'))::uuid, 'order', '{{order}}', 'installation', 'Neuweg', 'Hilversum', '1211LX',
            jsonb_build_object('latitude', 52.2 + n * 0.01, 'longitude', 5.1)
        FROM generate_series(1, {{VisitsOfAVan}}) n;
        INSERT INTO vehicle (id, license_plate, vehicle_type)
        SELECT ('00000000-0000-7000-8000-0000000001' || lpad(van::text, 2, '0'))::uuid, 'COST-' || van, 'van' FROM generate_series(1, {{Vans}}) van;
        INSERT INTO visit (id, number, order_id, sequence, business_entity, visit_type, status, vehicle_id, address_id, scheduled_start, scheduled_end, estimated_minutes)
        SELECT ('00000000-0000-7000-8000-00000002' || lpad(van::text, 2, '0') || lpad(n::text, 2, '0'))::uuid, 'COST-' || van || '-' || n, '{{order}}', van * 100 + n, 'chargecars',
            'service', 'scheduled', ('00000000-0000-7000-8000-0000000001' || lpad(van::text, 2, '0'))::uuid,
            ('00000000-0000-7000-8000-0000000003' || lpad(n::text, 2, '0'))::uuid,
            timestamptz '{{now:O}}' + make_interval(mins => (n - 2) * 25), timestamptz '{{now:O}}' + make_interval(mins => (n - 2) * 25 + 20), 20
        FROM generate_series(1, {{Vans}}) van, generate_series(1, {{VisitsOfAVan}}) n;
        """;

    private sealed class CountedTravel(ITravelTimes travel) : ITravelTimes
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public string Method => travel.Method;

        public ValueTask<TravelMatrix> MatrixAsync(IReadOnlyList<MapPoint> from, IReadOnlyList<MapPoint> to, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _asked);
            return travel.MatrixAsync(from, to, cancellation);
        }
    }
}
