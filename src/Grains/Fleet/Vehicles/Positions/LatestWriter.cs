using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Writes something of every vehicle behind the commits, only the newest and many in one statement every so often: what is
/// written so is a shadow of what is on disk already, and may wait. A part of the fleet at a time, evenly over the interval:
/// all at once would hold up everybody's commits for a tenth of a second.
/// </summary>
internal abstract partial class LatestWriter<T>(TimeSpan interval, TimeProvider time, ILogger logger) : BackgroundService
    where T : struct
{
    /// <summary>An array of more bytes is nearly a large object, which only a collection of everything takes away.</summary>
    private const int ChunkBytes = 80_000;

    /// <summary>Rows in one statement, whose locks are held for its duration.</summary>
    private static readonly int ChunkSize = Math.Clamp(ChunkBytes / Unsafe.SizeOf<T>(), 1, 500);

    /// <summary>The parts of the fleet, which take turns.</summary>
    internal const int Parts = 10;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _oneFlush = new(1);
    private readonly Dictionary<Guid, T>[] _latest = [.. Enumerable.Range(0, Parts).Select(_ => new Dictionary<Guid, T>())];
    private int _turn;

    /// <summary>Writes what was offered since the last time; what could not be written waits for the next.</summary>
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
            foreach (var chunk in TakeNext())
            {
                try
                {
                    Offer(await WriteAsync(chunk, cancellation));
                }
                catch (Exception fault) when (fault is NpgsqlException or TimeoutException or OperationCanceledException or IOException)
                {
                    LogNotWritten(logger, GetType().Name, chunk.Length, fault);
                    Offer(chunk);
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

    protected abstract Guid VehicleOf(in T one);

    protected abstract bool IsNewer(in T one, in T known);

    /// <summary>One statement. Answers with those that must wait for the next.</summary>
    protected abstract Task<T[]> WriteAsync(T[] chunk, CancellationToken cancellation);

    /// <summary>Remembers the newest of each vehicle for the next flush.</summary>
    protected void Offer(ReadOnlySpan<T> offered)
    {
        lock (_lock)
        {
            foreach (ref readonly var one in offered)
            {
                var vehicle = VehicleOf(one);
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(PartOf(vehicle), vehicle, out var exists);
                if (!exists || IsNewer(one, known))
                {
                    known = one;
                }
            }
        }
    }

    /// <summary>What is being written is waited for; then what waits of a vehicle is given up where it is meant.</summary>
    protected async Task ForgetAsync(Guid vehicle, Predicate<T> isMeant)
    {
        await _oneFlush.WaitAsync();
        try
        {
            lock (_lock)
            {
                if (PartOf(vehicle).TryGetValue(vehicle, out var known) && isMeant(known))
                {
                    PartOf(vehicle).Remove(vehicle);
                }
            }
        }
        finally
        {
            _oneFlush.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval / Parts, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FlushNextAsync(stoppingToken);
        }
    }

    private Dictionary<Guid, T> PartOf(Guid vehicle) => _latest[(uint)vehicle.GetHashCode() % Parts];

    private T[][] TakeNext()
    {
        lock (_lock)
        {
            var part = _latest[_turn];
            _turn = (_turn + 1) % Parts;
            T[][] taken = [.. part.Values.Chunk(ChunkSize)];
            part.Clear();
            return taken;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Writer} could not write {Count} rows yet; the next flush repeats them")]
    private static partial void LogNotWritten(ILogger logger, string writer, int count, Exception fault);
}
