using System.Diagnostics.Metrics;
using System.Threading.Channels;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// Puts the writes of many commands in one transaction and one round trip. A writer takes what waits whenever it is free:
/// at low load that is one command at once, at high load the groups grow by themselves; there is no timer.
/// Two writers, sharded by entity, so that one entity's commands never meet in two transactions.
/// </summary>
public sealed partial class GroupCommit : IHostedService, IDisposable
{
    private static readonly Histogram<int> GroupSizes =
        new Meter("ChargeCars").CreateHistogram<int>("chargecars.commits.group_size", "{command}", "Commands in one transaction");

    private readonly NpgsqlDataSource _source;
    private readonly ChangePublisher _publisher;
    private readonly DueSignal _due;
    private readonly GroupCommitOptions _options;
    private readonly ILogger<GroupCommit> _logger;
    private readonly Channel<Commit>[] _queues;
    private readonly SemaphoreSlim _background;
    private readonly CancellationTokenSource _abandon = new();
    private Task[] _writers = [];

    /// <summary>Made once a host; it writes once it is started.</summary>
    public GroupCommit(
        NpgsqlDataSource source, ChangePublisher publisher, DueSignal due, IOptions<GroupCommitOptions> options, ILogger<GroupCommit> logger)
    {
        (_source, _publisher, _due, _options, _logger) = (source, publisher, due, options.Value, logger);
        _queues = [.. Enumerable.Range(0, _options.Writers).Select(_ => Channel.CreateBounded<Commit>(
            new BoundedChannelOptions(_options.Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }))];
        _background = new(_options.GroupSize);
    }

    /// <summary>
    /// Commits and answers with what the statement's rows said. Throws <see cref="OverloadedException"/> when the queue is
    /// full, <see cref="PostgresException"/> for what the database refused, <see cref="NpgsqlException"/> when the outcome
    /// is unknown.
    /// </summary>
    public Task<T> CommitAsync<T>(Commit<T> commit)
    {
        var queue = _queues[(uint)commit.EntityId.GetHashCode() % _queues.Length];
        return queue.Writer.TryWrite(commit)
            ? commit.Completion
            : Task.FromException<T>(new OverloadedException($"{_options.Capacity} commands wait for the database already."));
    }

    /// <summary>
    /// The same for what a host finds to tell by itself, which may be thousands at once: no more of it than one group takes waits for the
    /// database, so that it keeps nobody waiting and no command is refused for it.
    /// </summary>
    public async Task<T> CommitInBackgroundAsync<T>(Commit<T> commit)
    {
        await _background.WaitAsync();
        try
        {
            return await CommitAsync(commit);
        }
        finally
        {
            _background.Release();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writers = [.. _queues.Select(queue => Task.Run(() => WriteAsync(queue.Reader), CancellationToken.None))];
        return Task.CompletedTask;
    }

    /// <summary>Takes nothing more and commits what waits.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in _queues)
        {
            queue.Writer.TryComplete();
        }

        await using var _ = cancellationToken.Register(_abandon.Cancel);
        await Task.WhenAll(_writers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _abandon.Dispose();
        _background.Dispose();
    }

    private async Task WriteAsync(ChannelReader<Commit> queue)
    {
        var group = new List<Commit>(_options.GroupSize);
        var entities = new HashSet<Guid>();
        Commit? deferred = null;
        while (deferred is not null || await queue.WaitToReadAsync())
        {
            while (group.Count < _options.GroupSize && (deferred is not null || queue.TryRead(out deferred)))
            {
                // A second command of one entity waits for the next group: it was decided on the first one's outcome.
                if (!entities.Add(deferred!.EntityId))
                {
                    break;
                }

                group.Add(deferred);
                deferred = null;
            }

            await CommitGroupAsync(group);
            group.Clear();
            entities.Clear();
        }
    }

    private async Task CommitGroupAsync(List<Commit> group)
    {
        try
        {
            var changes = await ExecuteAsync(group);
            GroupSizes.Record(group.Count);
            foreach (var commit in group)
            {
                commit.Complete();
            }

            if (changes.Count > 0)
            {
                _publisher.Publish(changes);
            }

            // What is due later is found when its time comes.
            if (group.Exists(static commit => commit.Due.Any(static due => due.DueAt <= due.CreatedAt)))
            {
                _due.Wake();
            }
        }
        catch (PostgresException fault) when (group.Count > 1 && IsOneCommandsFault(fault))
        {
            // The transaction is undone; alone, each of the others goes through.
            LogGroupSplit(_logger, group.Count, fault.SqlState, fault.MessageText);
            foreach (var commit in group)
            {
                commit.Renew();
                await CommitGroupAsync([commit]);
            }
        }
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // Whatever it is, it is the callers': a writer that ended would leave every later command waiting for ever.
            foreach (var commit in group)
            {
                commit.Fail(fault);
            }
        }
    }

    private async Task<IReadOnlyList<ChangeEvent>> ExecuteAsync(List<Commit> group)
    {
        await using var connection = await _source.OpenConnectionAsync(_abandon.Token);
        // Without an explicit BEGIN a batch is one implicit transaction: it commits with its last statement, in one round trip.
        await using var batch = new NpgsqlBatch(connection) { Timeout = _options.TimeoutSeconds };
        foreach (var commit in group.Where(commit => commit.Statement is not null))
        {
            batch.BatchCommands.Add(commit.Statement!);
        }

        var statements = new GroupStatements(group);
        statements.AppendTo(batch);
        await using var reader = await batch.ExecuteReaderAsync(_abandon.Token);
        foreach (var commit in group.Where(commit => commit.Statement is not null))
        {
            await commit.ReadAsync(reader, _abandon.Token);
            await reader.NextResultAsync(_abandon.Token);
        }

        await statements.ReadRowsAsync(reader, _abandon.Token);
        var changes = await statements.ReadChangesAsync(reader, _abandon.Token);
        while (await reader.NextResultAsync(_abandon.Token))
        {
            // A fault of the commit itself surfaces here.
        }

        return changes;
    }

    // Integrity (23), data (22), deadlock and serialisation (40), a value that no index or row takes (54): caused by a member of the group, not by the server's state.
    private static bool IsOneCommandsFault(PostgresException fault) =>
        fault.SqlState.StartsWith("23", StringComparison.Ordinal)
        || fault.SqlState.StartsWith("22", StringComparison.Ordinal)
        || fault.SqlState.StartsWith("40", StringComparison.Ordinal)
        || fault.SqlState.StartsWith("54", StringComparison.Ordinal);

    [LoggerMessage(LogLevel.Information, "A group of {Count} commands is committed one by one: {SqlState} {Message}")]
    private static partial void LogGroupSplit(ILogger logger, int count, string sqlState, string message);
}
