using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Catalogue.Stock;

/// <summary>Has the stock checked once a night. Every host looks; the check's id follows from the day, so that one of them keeps it.</summary>
internal sealed partial class StockCheckService(
    StockCheck check, NpgsqlDataSource source, IOptions<StockOptions> options, TimeProvider time, ILogger<StockCheckService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Checks where the night's check is due and was not made. Whether this host made it.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellation)
    {
        var wall = WallClock.Of(time.GetUtcNow());
        var day = DateOnly.FromDateTime(wall);
        var id = NameBasedId.Of($"stock-check/{day:yyyy-MM-dd}");
        if (TimeOnly.FromDateTime(wall) < options.Value.CheckAt || await IsMadeAsync(id, cancellation))
        {
            return false;
        }

        try
        {
            var (result, differences) = await check.RunAsync(id, new CommandContext(NameBasedId.Of($"{id}/command"), Actor.System), cancellation);
            if (differences.Count > 0)
            {
                LogDiffers(logger, differences.Count, result.Balances);
            }

            return true;
        }
        catch (PostgresException twice) when (twice.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false; // another host was quicker
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is NpgsqlException or OverloadedException)
                {
                    LogNotChecked(logger, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task<bool> IsMadeAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT EXISTS (SELECT FROM stock_check WHERE id = $1)");
        command.Parameters.Add(Sql.Uuid(id));
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    [LoggerMessage(LogLevel.Error, "The stock does not agree with its ledger: {Differences} differences in {Balances} balances; see /api/stock/differences")]
    private static partial void LogDiffers(ILogger logger, int differences, long balances);

    [LoggerMessage(LogLevel.Warning, "The stock was not checked; tried again in ten minutes")]
    private static partial void LogNotChecked(ILogger logger, Exception fault);
}
