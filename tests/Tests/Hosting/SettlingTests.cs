using System.Globalization;
using System.Net.Http.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ChargeCars.Tests.Hosting;

/// <summary>Settling as the host does it: the owner settles, and the role that the program works as writes meanwhile and after.</summary>
[Collection(HostCollection.Name)]
public sealed class SettlingTests(RunningHost host)
{
    [Fact]
    public async Task Positions_SentWhileTheirDayIsSettledAndAfter_AreStoredAndReadBack()
    {
        using var program = await host.WithKeyAsync("positions.write", "positions.read");
        var van = await host.CreateVehicleAsync();
        var midnight = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-20), TimeSpan.Zero);
        await SendAsync(program, van, midnight.AddHours(9));
        Assert.True(await host.ScalarAsync<bool>("""
            SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND usename LIKE 'chargecars\_app\_%'
            """));
        await using (var run = await OpenAsync())
        {
            var steps = new PositionDaySettling(run, PositionDay.Of(midnight));
            Assert.True(await steps.PrepareAsync(CancellationToken.None));
            await SendAsync(program, van, midnight.AddHours(8));
            await using var reader = await OpenAsync();
            await steps.CopyAsync(reader, CancellationToken.None);
            await SendAsync(program, van, midnight.AddHours(7));
            Assert.Equal(2, await steps.CatchUpAsync(CancellationToken.None));
            Assert.True(await steps.SwapAsync(DateTimeOffset.UtcNow, CancellationToken.None));
        }

        await SendAsync(program, van, midnight.AddHours(6));
        var day = await (await program.GetAsync(string.Create(
            CultureInfo.InvariantCulture, $"/api/vehicles/{van}/positions?from={midnight.UtcDateTime:O}&to={midnight.AddDays(1).UtcDateTime:O}"))).JsonAsync();
        Assert.Equal(
            [6, 7, 8, 9],
            day.GetProperty("items").EnumerateArray().Select(fix => fix.GetProperty("fixTime").GetDateTimeOffset().UtcDateTime.Hour));
    }

    [Fact]
    public async Task Settling_OfTheHost_IsDoneByTheTablesOwner()
    {
        using var program = await host.WithKeyAsync("positions.write");
        var van = await host.CreateVehicleAsync();
        var midnight = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-19), TimeSpan.Zero);
        await SendAsync(program, van, midnight.AddHours(9));

        Assert.True(await host.Services.GetRequiredService<PositionSettling>().SettleAsync(CancellationToken.None) >= 1);

        Assert.True(await host.ScalarAsync<bool>($"""
            SELECT obj_description(c.oid, 'pg_class') LIKE 'settled %' AND c.relowner = p.relowner
            FROM pg_class c, pg_class p WHERE c.relname = '{PositionDay.Of(midnight).Partition}' AND p.oid = 'vehicle_position'::regclass
            """));
        await SendAsync(program, van, midnight.AddHours(10));
    }

    private static async Task SendAsync(HttpClient program, Guid van, DateTimeOffset at)
    {
        using var sent = await program.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = van, fixTime = at, latitude = 52.1, longitude = 5.1 } },
        });
        Assert.Equal(1, (await sent.JsonAsync()).GetProperty("stored").GetInt32());
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(host.Database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
