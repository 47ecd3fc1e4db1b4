using System.Net.Http.Json;

namespace ChargeCars.Tests.Hosting;

/// <summary>A host that takes fixes of years ago, as when the history of another system is brought in.</summary>
public sealed class OldPositionTests : IAsyncLifetime
{
    private readonly RunningHost _host = new()
    {
        Configuration = ["--ChargeCars:Positions:MaxAge=5000.00:00:00", "--ChargeCars:Positions:Retention=6000.00:00:00"],
    };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Start_WhereFixesMayBeYearsOld_MakesFewDays_AndAnOldFixMakesItsOwn()
    {
        const string Days = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'vehicle_position'::regclass";
        var before = await _host.ScalarAsync<long>(Days);
        using var made = await _host.Administrator.PostAsJsonAsync("/api/vehicles", new { licensePlate = "OLD-1", vehicleType = "van", deviceId = "old-1" });
        var fixTime = DateTimeOffset.UtcNow.AddDays(-4_000);

        using var sent = await _host.Administrator.PostAsJsonAsync(
            "/api/telemetry/positions", new { positions = new[] { new { deviceId = "old-1", fixTime, latitude = 52.09, longitude = 5.12 } } });

        Assert.Equal(1, (await sent.JsonAsync()).GetProperty("stored").GetInt32());
        Assert.InRange(before, 15, 60); // with those that every test's database has
        Assert.Equal(before + 1, await _host.ScalarAsync<long>(Days));
        using var read = await _host.Administrator.GetAsync($"{made.Headers.Location}/positions?from={fixTime.AddHours(-1).UtcDateTime:O}&to={fixTime.AddHours(1).UtcDateTime:O}");
        Assert.Equal(1, (await read.JsonAsync()).GetProperty("items").GetArrayLength());
    }
}
