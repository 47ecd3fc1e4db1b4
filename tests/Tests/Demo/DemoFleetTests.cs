using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Demo;

public sealed class DemoFleetTests
{
    /// <summary>The whole host, twice on one database: the second time the fleet is there and goes on.</summary>
    [Fact]
    public async Task Demo_StartedTwice_MakesItsFleetOnceAndDrivesIt()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("chargecars-demo-").FullName;
        for (var start = 1; start <= 2; start++)
        {
            await using (var host = await ChargeCarsHost.StartAsync(
            [
                "--demo", "--vehicles", "20", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:ChargeCars={database.ConnectionString}",
                $"--ChargeCars:DataDirectory={data}", "--Logging:LogLevel:Default=Warning",
            ]))
            {
                // Two live fixes of one van after the start: it is on the road by the clock.
                var since = DateTimeOffset.UtcNow;
                await TrueAsync(database, $"""
                    SELECT count(*) > 1 FROM vehicle_position WHERE fix_time > '{since:O}' AND ignition
                    """);
            }
        }

        Directory.Delete(data, recursive: true);
        Assert.Equal("20 20 0 demo", await ScalarAsync(database, """
            SELECT count(*) || ' ' || count(*) FILTER (WHERE last_location_update IS NOT NULL) || ' '
                || (SELECT count(*) FROM (SELECT 1 FROM vehicle_position GROUP BY vehicle_id, fix_time HAVING count(*) > 1) AS twice) || ' '
                || (SELECT string_agg(DISTINCT source, ',') FROM vehicle_position)
            FROM vehicle WHERE device_id LIKE 'demo-%'
            """));
        Assert.Equal("driving", await ScalarAsync(database, "SELECT current_status FROM entity_current_status WHERE current_status = 'driving' LIMIT 1"));
        Assert.Equal(
            "maintenance", await ScalarAsync(database, "SELECT operational_status FROM vehicle WHERE device_id = 'demo-00018'"));
        Assert.True(await ScalarAsync(database, "SELECT count(*) > 500 FROM vehicle_position WHERE fix_time < now() - interval '1 hour'") is true);
    }

    private static async Task TrueAsync(TestDatabase database, string sql)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (await ScalarAsync(database, sql) is not true)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), $"Not within two minutes: {sql}");
            await Task.Delay(100);
        }
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
