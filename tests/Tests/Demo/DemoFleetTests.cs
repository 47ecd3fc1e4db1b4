using ChargeCars.Silo.Demo;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Demo;

public sealed class DemoFleetTests
{
    /// <summary>The whole host, twice on one database: the second time the fleet is there and goes on.</summary>
    [Fact]
    public async Task Demo_StartedTwice_MakesItsFleetOnceAndDrivesIt()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("chargecars-demo-").FullName;
        var clock = new WorkingHoursClock();
        for (var start = 1; start <= 2; start++)
        {
            await using var host = await ChargeCarsHost.StartAsync(
                [
                    "--demo", "--vehicles", "20", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:ChargeCars={database.ConnectionString}",
                    $"--ChargeCars:DataDirectory={data}", "--Logging:LogLevel:Default=Warning",
                ],
                services => services.AddSingleton<TimeProvider>(clock));
            await using var positions = await TableSignal.OpenAsync(database, "vehicle_position");
            // Two live fixes of one van after the start: it is on the road by the clock.
            var since = clock.GetUtcNow();
            await positions.UntilAsync(
                async () => await database.ScalarAsync("SELECT count(*) > 1 FROM vehicle_position WHERE fix_time > $1 AND ignition", since) is true,
                Patience);
            // The office has planned the day, and its visits go as the vans do.
            await using var visits = await TableSignal.OpenAsync(database, "visit");
            await visits.UntilAsync(
                async () => await database.ScalarAsync("SELECT count(*) > 10 FROM visit WHERE status = 'completed' AND ended_at < $1", clock.GetUtcNow().AddMinutes(-30)) is true,
                Patience);
            if (start == 2)
            {
                // What the first host had begun when it stopped is there too.
                await visits.UntilAsync(
                    async () => await database.ScalarAsync("SELECT count(*) >= $1 FROM visit WHERE status NOT IN ('draft', 'scheduled')", StopsOf(20, clock.GetUtcNow())) is true,
                    Patience);
                // So is what came in today, one request for each van at work; each that was agreed on has its visit.
                await ChargeCars.Testing.Patience.UntilAsync(
                    async () => await database.ScalarAsync("""
                        SELECT count(*) >= $1 AND count(*) FILTER (WHERE order_status NOT IN ('new', 'quoted')
                            AND NOT EXISTS (SELECT FROM visit v WHERE v.order_id = o.id)) = 0
                        FROM "order" o
                        """, StopsOf(20, clock.GetUtcNow()) + Van.Fleet(1, 20, new RoadMap()).Count(van => van.Shift != Shift.None)) is true,
                    "an order and a visit of each request");
            }
        }

        Directory.Delete(data, recursive: true);
        Assert.Equal("20 20 0 demo", await database.ScalarAsync("""
            SELECT count(*) || ' ' || count(*) FILTER (WHERE last_location_update IS NOT NULL) || ' '
                || (SELECT count(*) FROM (SELECT 1 FROM vehicle_position GROUP BY vehicle_id, fix_time HAVING count(*) > 1) AS twice) || ' '
                || (SELECT string_agg(DISTINCT source, ',') FROM vehicle_position)
            FROM vehicle WHERE device_id LIKE 'demo-%'
            """));
        // Each stop and each request has one customer, one order and, where it was agreed on, one visit, whatever the second start did; work that
        // was rejected has another one. Nothing that followed was refused.
        Assert.Equal("0 0 0 0", await database.ScalarAsync("""
            SELECT (SELECT count(*) FROM visit WHERE sequence = 1) - (SELECT count(*) FROM "order" WHERE order_status NOT IN ('new', 'quoted'))
                || ' ' || (SELECT count(*) FROM "order" o WHERE order_status = 'rework' AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.order_id = o.id AND v.visit_type = 'rework'))
                || ' ' || (SELECT count(*) FROM (SELECT 1 FROM visit GROUP BY number HAVING count(*) > 1) AS twice)
                || ' ' || (SELECT count(*) FROM due_command WHERE state = 'failed')
            """));
        Assert.Equal("driving", await database.ScalarAsync("SELECT current_status FROM entity_current_status WHERE current_status = 'driving' LIMIT 1"));
        Assert.Equal(true, await database.ScalarAsync("SELECT count(*) > 3 FROM visit WHERE status = 'draft' AND window_start > $1", clock.GetUtcNow()));
        Assert.Equal(true, await database.ScalarAsync("SELECT count(*) > 3 FROM visit WHERE visit_type = 'install' AND status = 'completed'"));
        Assert.Equal("maintenance", await database.ScalarAsync("SELECT operational_status FROM vehicle WHERE device_id = 'demo-00018'"));
        Assert.True(
            await database.ScalarAsync("SELECT count(*) > 500 FROM vehicle_position WHERE fix_time < $1", clock.GetUtcNow().AddHours(-1)) is true);
    }

    [Theory]
    [InlineData(null, 90)]
    [InlineData("00:00:40", 40)]
    public void Signal_OfAParkedVanOfTheDemo_IsNotCalledStale_UnlessThatIsAskedFor(string? asked, int seconds)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ChargeCars:Demo:Enabled"] = "true", ["ChargeCars:Positions:StaleAfter"] = asked })
            .Build();
        var services = new ServiceCollection();
        services.AddOptions<PositionOptions>().Bind(configuration.GetSection(PositionOptions.Section));
        services.AddDemo(configuration);

        using var provider = services.BuildServiceProvider();

        Assert.Equal(TimeSpan.FromSeconds(seconds), provider.GetRequiredService<IOptions<PositionOptions>>().Value.StaleAfter);
    }

    // A bound for what never comes, no measure.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Today's and tomorrow's.
    private static long StopsOf(int vans, DateTimeOffset now)
    {
        var (map, today) = (new RoadMap(), VanDay.DateOf(now));
        return Van.Fleet(1, vans, map).Sum(van => VanDay.Of(van, today, map).Stops.Count + VanDay.Of(van, today.AddDays(1), map).Stops.Count);
    }

    /// <summary>Yesterday at eleven, and on from there: whenever the test runs, the day shift is on the road.</summary>
    private sealed class WorkingHoursClock : TimeProvider
    {
        private readonly TimeSpan _shift = DateTimeOffset.UtcNow.Date.AddDays(-1).AddHours(11) - DateTimeOffset.UtcNow.UtcDateTime;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _shift;
    }
}
