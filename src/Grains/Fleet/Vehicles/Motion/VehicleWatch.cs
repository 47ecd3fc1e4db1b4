using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Looks over all vehicles every so often, in their rows: so it needs no fix, no timer a vehicle and no grain in memory, and
/// a host that was away finds at its start what happened meanwhile. Every host looks; the first to write tells.
/// </summary>
internal abstract partial class VehicleWatch(TimeSpan interval, TimeProvider time, ILogger logger) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    protected ILogger Logger { get; } = logger;

    /// <summary>Of how many vehicles there was something to tell or to do.</summary>
    public abstract Task<int> LookAsync(CancellationToken cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException or OverloadedException)
            {
                LogNotLooked(Logger, GetType().Name, interval, fault);
            }
        }
    }

    /// <summary>False where another host was first, by the statement, which says so as <see cref="Commit"/> asks.</summary>
    protected static Task<bool> TellAsync<T>(
        GroupCommit commits, Guid vehicleId, Guid commitId, NpgsqlBatchCommand statement, string type, DateTimeOffset now, T data) =>
        commits.CommitInBackgroundAsync(new StatementCommit<bool>(
            vehicleId, commitId, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new(type, VehicleKind.Rows.Table, now, RowJson.ForClient(Actor.System), RowJson.ForClient(data))
                {
                    Scope = new(null, null, null, vehicleId),
                },
            ],
        });

    [LoggerMessage(LogLevel.Warning, "{Watch} could not look over the vehicles; it looks again in {Interval}")]
    private static partial void LogNotLooked(ILogger logger, string watch, TimeSpan interval, Exception fault);
}
