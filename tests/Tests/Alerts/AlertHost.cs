using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Silo.Hosting;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Alerts;

/// <summary>A host that looks at the facts only when a test has it look.</summary>
public sealed class AlertHost : IAsyncLifetime
{
    private static readonly string[] Idle = ["--ChargeCars:Alerts:Interval=1.00:00:00", "--ChargeCars:Alerts:Soon=1.00:00:00"];

    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-host-").FullName;

    public RunningHost Host { get; } = new() { Configuration = Idle };

    public Task InitializeAsync() => Host.InitializeAsync();

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    public Task<int> LookAsync(bool onlyQuick = false) => LookAsync(Host.Services, onlyQuick);

    public static Task<int> LookAsync(IServiceProvider services, bool onlyQuick = false) =>
        services.GetRequiredService<AlertWatch>().LookAsync(onlyQuick, CancellationToken.None);

    /// <summary>Another host on the same database, which knows nothing of the first.</summary>
    public Task<ChargeCarsHost> StartAnotherAsync() => ChargeCarsHost.StartAsync(
    [
        "--urls=http://127.0.0.1:0",
        $"--ConnectionStrings:ChargeCars={Host.Database.ConnectionString}",
        $"--ChargeCars:DataDirectory={_data}",
        $"--ChargeCars:MasterKeyFile={Host.MasterKeyFile}",
        "--Logging:LogLevel:Default=Warning",
        .. Idle,
    ]);

    /// <summary>A visit of today that should have begun so many minutes ago, and whose van is not under way.</summary>
    internal async Task<(Guid Visit, Guid Van, OrderRun Order)> LateVisitAsync(int minutes, bool isSeen = true)
    {
        var (order, van) = (await OrderRun.NewAsync(Host, new { businessEntity = "chargecars" }), await Host.CreateVehicleAsync());
        await order.ActAsync("approve");
        var visit = await order.VisitAsync();
        var start = WorkDay.At(10);
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = van });
        await MoveAsync(visit, -minutes);
        if (isSeen)
        {
            // A van that is seen is expected from where it is, and not from the beginning of its hours.
            await SendAsync(van, DateTimeOffset.UtcNow, 0);
        }

        return (visit, van, order);
    }

    /// <summary>Puts a visit's time to so many minutes from now, as time itself would.</summary>
    public Task MoveAsync(Guid visit, int minutes) => Host.ExecuteAsync(
        $"UPDATE visit SET scheduled_start = now() + interval '{minutes} minutes', scheduled_end = now() + interval '{minutes + 60} minutes' WHERE id = '{visit}'");

    /// <summary>Sends a position of a van, and waits until its row has it.</summary>
    public async Task SendAsync(Guid van, DateTimeOffset at, double speed, double latitude = 52.1)
    {
        await (await Host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = van, fixTime = at, latitude, longitude = 5.1, speedKmh = speed } },
        })).JsonAsync();
        await Host.UntilAsync("vehicle", () => Host.ScalarAsync<bool>(
            $"SELECT coalesce(last_location_update >= '{at.AddSeconds(-1):O}', false) FROM vehicle WHERE id = '{van}'"));
    }

    /// <summary>A call that nobody answered.</summary>
    public async Task<string> MissedCallAsync(string? digits = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        digits ??= $"+31 6 1{Random.Shared.Next(1_000_000, 9_999_999)}";
        var token = (await (await Host.Administrator.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "Of a test", businessEntity = "chargecars" })).JsonAsync(System.Net.HttpStatusCode.Created))
            .GetProperty("token").GetString();
        using var aircall = Host.Anonymous();
        var body = JsonSerializer.Serialize(new
        {
            resource = "call", @event = "call.ended", timestamp = now, token,
            data = new
            {
                id = $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}", direction = "inbound", status = "done", started_at = now - 20, ended_at = now, raw_digits = digits,
                number = new { id = "7", name = "Service", digits = "+31 85 012 3456" },
            },
        });
        (await aircall.PostAsync("/api/telephony/aircall", new StringContent(body, Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        return digits.Replace(" ", "", StringComparison.Ordinal);
    }

    /// <summary>What the administrator sees of an alert; null where there is none.</summary>
    public async Task<JsonElement?> AlertAsync(AlertType type, Guid entity)
    {
        using var answer = await Host.Administrator.GetAsync($"/api/alerts/{Alert.IdOf(type, entity)}");
        return answer.IsSuccessStatusCode ? await answer.JsonAsync() : null;
    }

    public Task<long> ToldAsync(string type, Guid entity) =>
        Host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE type = '{type}' AND entity_id = '{entity}'");
}
