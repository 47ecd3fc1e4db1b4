using System.Runtime.InteropServices;
using System.Text.Json;
using ChargeCars.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Vehicles.Positions;

/// <summary>
/// Lets <c>vehicle.current_location</c> follow the positions, for each vehicle that moved once every
/// <see cref="PositionOptions.LocationInterval"/>. A part of the fleet at a time, evenly over the interval: all at once
/// would hold up everybody's commits for a tenth of a second. It is the history's shadow: no version, no audit, and never
/// in a command's way.
/// </summary>
internal sealed partial class CurrentLocationWriter(
    NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options, ILogger<CurrentLocationWriter> logger) : BackgroundService
{
    /// <summary>Rows in one statement: their locks are held for its duration.</summary>
    private const int ChunkSize = 1_000;

    /// <summary>The parts of the fleet, which take turns.</summary>
    internal const int Parts = 10;

    /// <summary>
    /// Rows that a command has locked are passed over and answered, to be written next time: waiting for them while
    /// holding others is how deadlocks come about.
    /// </summary>
    private const string Update = """
        WITH moved AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::jsonb[]) AS m(id, at, location)),
        free AS MATERIALIZED (
            SELECT v.id FROM vehicle v WHERE v.id = ANY($1) ORDER BY v.id FOR NO KEY UPDATE SKIP LOCKED),
        updated AS (
            UPDATE vehicle v SET current_location = moved.location, last_location_update = moved.at
            FROM moved JOIN free USING (id)
            WHERE v.id = moved.id AND (v.last_location_update IS NULL OR v.last_location_update < moved.at))
        SELECT v.id FROM vehicle v WHERE v.id = ANY($1) AND NOT EXISTS (SELECT FROM free WHERE free.id = v.id)
        """;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _oneFlush = new(1);
    private readonly Dictionary<Guid, LivePosition>[] _moved = [.. Enumerable.Range(0, Parts).Select(_ => new Dictionary<Guid, LivePosition>())];
    private int _turn;

    /// <summary>Remembers the newest position of each vehicle for the next flush.</summary>
    public void Follow(ReadOnlySpan<LivePosition> positions)
    {
        lock (_lock)
        {
            foreach (var position in positions)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(PartOf(position.VehicleId), position.VehicleId, out _);
                known = known is null || position.FixTime > known.FixTime ? position : known;
            }
        }
    }

    /// <summary>Writes what has moved since the last time; what could not be written waits for the next.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        for (var part = 0; part < Parts; part++)
        {
            await FlushNextAsync(cancellation);
        }
    }

    /// <summary>The same for the part of the fleet whose turn it is.</summary>
    internal async Task FlushNextAsync(CancellationToken cancellation)
    {
        await _oneFlush.WaitAsync(cancellation);
        try
        {
            foreach (var chunk in TakeNext().Chunk(ChunkSize))
            {
                try
                {
                    Follow(await WriteAsync(chunk, cancellation));
                }
                catch (Exception fault) when (fault is NpgsqlException or TimeoutException or OperationCanceledException or IOException)
                {
                    LogNotWritten(logger, chunk.Length, fault);
                    Follow(chunk);
                }
            }
        }
        finally
        {
            _oneFlush.Release();
        }
    }

    /// <summary>Stops after what the writers committed last, so that the rows are right while the program is away.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _oneFlush.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LocationInterval / Parts, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FlushNextAsync(stoppingToken);
        }
    }

    private Dictionary<Guid, LivePosition> PartOf(Guid vehicle) => _moved[(uint)vehicle.GetHashCode() % Parts];

    private LivePosition[] TakeNext()
    {
        lock (_lock)
        {
            var part = _moved[_turn];
            _turn = (_turn + 1) % Parts;
            LivePosition[] taken = [.. part.Values];
            part.Clear();
            return taken;
        }
    }

    /// <returns>Those whose rows were locked.</returns>
    private async Task<LivePosition[]> WriteAsync(LivePosition[] positions, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Update);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(positions, position => position.VehicleId)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(positions, position => position.FixTime)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Jsonb, Array.ConvertAll(
            positions, position => JsonSerializer.Serialize(position.ToLocation(), RowJson.Options))));
        var locked = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            locked.Add(reader.GetGuid(0));
        }

        return locked.Count == 0 ? [] : [.. positions.Where(position => locked.Contains(position.VehicleId))];
    }

    [LoggerMessage(LogLevel.Warning, "The locations of {Count} vehicles are not written yet; the next flush repeats them")]
    private static partial void LogNotWritten(ILogger logger, int count, Exception fault);
}
