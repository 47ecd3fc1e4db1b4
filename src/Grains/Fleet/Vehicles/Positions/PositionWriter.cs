using System.Threading.Channels;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Puts the fixes of many vehicles and requests on disk together. A writer takes what waits whenever it is free: at low
/// load that is one fix at once, at high load the groups grow by themselves; there is no timer. Sharded by vehicle, so
/// that one vehicle's fixes never meet in two transactions.
/// </summary>
internal sealed partial class PositionWriter : IHostedService, IAsyncDisposable
{
    /// <summary>Before a transaction is given up, its outcome unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly NpgsqlDataSource _source;
    private readonly WritableDays _days;
    private readonly PositionFollowers _followers;
    private readonly PositionOptions _options;
    private readonly ILogger<PositionWriter> _logger;
    private readonly Shard[] _shards;
    private readonly CancellationTokenSource _abandon = new();
    private Task[] _writers = [];

    public PositionWriter(
        NpgsqlDataSource source, WritableDays days, PositionFollowers followers, IOptions<PositionOptions> options, ILogger<PositionWriter> logger)
    {
        (_source, _days, _followers, _options, _logger) = (source, days, followers, options.Value, logger);
        _shards = [.. Enumerable.Range(0, _options.Writers).Select(index => new Shard(index))];
    }

    /// <summary>
    /// Answers when the fixes are on disk: which of them were there before, null for none. Throws
    /// <see cref="OverloadedException"/> when too many wait, <see cref="NpgsqlException"/> and the like when the outcome
    /// is unknown: sent again, what is on disk comes back as a duplicate.
    /// </summary>
    public Task<bool[]?> WriteAsync(PositionWrite write)
    {
        var shard = _shards[(uint)write.VehicleId.GetHashCode() % _shards.Length];
        if (Interlocked.Add(ref shard.Waiting, write.Fixes.Length) > _options.Capacity || !shard.Queue.Writer.TryWrite(write))
        {
            Interlocked.Add(ref shard.Waiting, -write.Fixes.Length);
            write.Fail(new OverloadedException($"More than {_options.Capacity} positions wait for the database already."));
        }

        return write.Completion;
    }

    private bool _disposed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writers = [.. _shards.Select(shard => Task.Run(() => WriteAsync(shard), CancellationToken.None))];
        return Task.CompletedTask;
    }

    /// <summary>Takes nothing more and commits what waits.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in _shards)
        {
            shard.Queue.Writer.TryComplete();
        }

        await using var _ = cancellationToken.Register(_abandon.Cancel);
        await Task.WhenAll(_writers);
    }

    /// <summary>The container disposes of it twice: as itself and as a hosted service.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await StopAsync(new CancellationToken(true));
            _abandon.Dispose();
        }
    }

    private async Task WriteAsync(Shard shard)
    {
        var group = new List<PositionWrite>();
        while (await shard.Queue.Reader.WaitToReadAsync())
        {
            var fixes = 0;
            while (shard.Queue.Reader.TryPeek(out var next) && (fixes == 0 || fixes + next.Fixes.Length <= _options.GroupSize))
            {
                shard.Queue.Reader.TryRead(out _);
                group.Add(next);
                fixes += next.Fixes.Length;
            }

            await CommitAsync(shard, group);
            Interlocked.Add(ref shard.Waiting, -fixes);
            group.Clear();
        }
    }

    private async Task CommitAsync(Shard shard, List<PositionWrite> group, bool again = false)
    {
        try
        {
            await _days.EnsureAsync(group, _abandon.Token);
            var duplicates = await ExecuteAsync(shard, group);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Complete(duplicates?[i]);
            }

            _followers.Follow(shard.Index, group);
        }
        catch (PostgresException fault) when (!again && IsWithoutPartition(fault))
        {
            // A day that was there is gone: dropped by hand, or by another host.
            _days.Forget(group);
            await CommitAsync(shard, group, again: true);
        }
        catch (PostgresException fault) when (group.Count > 1 && IsOneWritesFault(fault))
        {
            // The transaction is undone; alone, each of the others goes through.
            LogGroupSplit(_logger, group.Count, fault.SqlState, fault.MessageText);
            foreach (var write in group)
            {
                await CommitAsync(shard, [write]);
            }
        }
        // Whatever it was, the writer lives on and the senders hear of it.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogNotWritten(_logger, group.Count, fault);
            foreach (var write in group)
            {
                write.Fail(fault);
            }
        }
    }

    private async Task<bool[]?[]?> ExecuteAsync(Shard shard, List<PositionWrite> group)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token);
        patience.CancelAfter(Patience);
        await using var connection = await _source.OpenConnectionAsync(patience.Token);
        if (!group.Exists(write => write.Suspect))
        {
            try
            {
                await shard.Copy.WriteAsync(connection, group, patience.Token);
                return null;
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                LogUnexpectedDuplicate(_logger, group.Count);
            }
        }

        return await PositionInsert.WriteAsync(connection, group, patience.Token);
    }

    // Integrity (23) and data (22): caused by a member of the group, not by the server's state.
    private static bool IsOneWritesFault(PostgresException fault) =>
        fault.SqlState.StartsWith("23", StringComparison.Ordinal) || fault.SqlState.StartsWith("22", StringComparison.Ordinal);

    // A violated CHECK of the table names its constraint.
    private static bool IsWithoutPartition(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null };

    [LoggerMessage(LogLevel.Information, "A group of {Count} writes of positions is committed one by one: {SqlState} {Message}")]
    private static partial void LogGroupSplit(ILogger logger, int count, string sqlState, string message);

    [LoggerMessage(LogLevel.Warning, "{Count} writes of positions failed; their senders repeat them")]
    private static partial void LogNotWritten(ILogger logger, int count, Exception fault);

    [LoggerMessage(LogLevel.Debug, "Among {Count} writes of positions thought new there is one that is on disk already")]
    private static partial void LogUnexpectedDuplicate(ILogger logger, int count);

    private sealed class Shard(int index)
    {
        public int Waiting;

        public int Index { get; } = index;

        /// <summary>Bounded by <see cref="Waiting"/>, which counts fixes, not writes.</summary>
        public Channel<PositionWrite> Queue { get; } = Channel.CreateUnbounded<PositionWrite>(new() { SingleReader = true });

        public PositionCopy Copy { get; } = new();
    }
}
