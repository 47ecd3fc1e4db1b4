using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Geofences;

/// <summary>
/// The active geofences in this silo's memory. A silo does not hear the changes that API nodes hear, so it asks: one
/// small query tells whether anything changed, and only then are the fences read again.
/// </summary>
internal sealed partial class FenceCatalog(
    NpgsqlDataSource source, TimeProvider time, IOptions<GeofenceOptions> options, ILogger<FenceCatalog> logger) : BackgroundService
{
    private const string SelectStamp = "SELECT count(*), coalesce(sum(version), 0)::bigint, max(updated_at) FROM geofence WHERE is_active";

    private static readonly string SelectActive = $"SELECT {GeofenceKind.Rows.ColumnList} FROM geofence WHERE is_active";

    private readonly SemaphoreSlim _oneReading = new(1);
    private FenceIndex _current = FenceIndex.Empty;
    private (long Count, long Versions, DateTime? Newest)? _stamp;

    /// <summary>The fences as of the last look; one reading of it belongs together.</summary>
    public FenceIndex Current => Volatile.Read(ref _current);

    /// <summary>Reads the fences again where one was made, changed or deleted.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await _oneReading.WaitAsync(cancellation);
        try
        {
            await ReadAsync(cancellation);
        }
        finally
        {
            _oneReading.Release();
        }
    }

    /// <summary>Before the first vehicle wakes the fences are known.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _oneReading.Dispose();
        base.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        (long, long, DateTime?) stamp;
        await using (var ask = new NpgsqlCommand(SelectStamp, connection))
        {
            await using var row = await ask.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            stamp = (row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetDateTime(2));
        }

        if (_stamp == stamp)
        {
            return;
        }

        var active = new List<Geofence>();
        await using (var read = new NpgsqlCommand(SelectActive, connection))
        {
            await using var row = await read.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                active.Add(GeofenceKind.Rows.Read(row));
            }
        }

        Volatile.Write(ref _current, new FenceIndex(active));
        // The older stamp with the newer rows: at worst they are read once more.
        _stamp = stamp;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException)
            {
                LogNotRead(logger, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The geofences can't be read; those known go on to count")]
    private static partial void LogNotRead(ILogger logger, Exception fault);
}
