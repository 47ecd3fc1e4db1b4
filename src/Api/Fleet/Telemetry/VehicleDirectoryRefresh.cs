using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>
/// Asks again for what <see cref="VehicleDirectory"/> knows, hundreds in a query, before requests would have to ask for one
/// each. While the database does not answer, what is known ends by itself.
/// </summary>
internal sealed partial class VehicleDirectoryRefresh(VehicleDirectory vehicles, TimeProvider time, ILogger<VehicleDirectoryRefresh> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await vehicles.RefreshAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException)
            {
                LogNotRefreshed(logger, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Which vehicles the trackers belong to could not be read again")]
    private static partial void LogNotRefreshed(ILogger logger, Exception fault);
}
