using System.Collections.Concurrent;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.DueCommands;

/// <summary>
/// Carries out what follows from commands: at once when this host has committed it, at its time, and after a crash when the lease of
/// the host that died is over. A refusal is on record; a command that fails too often stops, and administrators may try it again.
/// </summary>
internal sealed partial class DueCommandRunner(
    DueCommandStore store, DueCommandRoutes routes, DueSignal signal, IOptions<DueCommandOptions> options, TimeProvider time, ILogger<DueCommandRunner> logger)
    : BackgroundService
{
    // What handlers are at: a mail server may take half a minute, and nobody waits for it.
    private readonly ConcurrentDictionary<Guid, Task> _running = new();

    /// <summary>Takes what is due once, and carries it out to the end. How many there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        var count = await LookAsync(cancellation);
        await Task.WhenAll(_running.Values);
        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var renewed = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await LookAsync(stoppingToken) > 0)
                {
                    // What waited behind one of these may be taken now.
                }

                if (!_running.IsEmpty && time.GetElapsedTime(renewed) > options.Value.Lease / 3)
                {
                    renewed = time.GetTimestamp();
                    await store.RenewAsync([.. _running.Keys], time.GetUtcNow() + options.Value.Lease, stoppingToken);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRun(logger, fault);
            }

            try
            {
                await signal.WaitAsync(options.Value.Sweep, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // Entities' commands are awaited, so that one statement says which are done; handlers go on by themselves.
    private async Task<int> LookAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var taken = await store.TakeAsync(now, now + options.Value.Lease, cancellation);
        foreach (var slow in taken.Where(command => routes.IsHandlers(command.Kind)))
        {
            _running[slow.Id] = Task.CompletedTask;
            _running[slow.Id] = HandAsync(slow, cancellation);
        }

        var quick = taken.Where(command => !routes.IsHandlers(command.Kind)).ToArray();
        var done = await Task.WhenAll(quick.Select(command => CarryOutAsync(command, cancellation)));
        await DoneAsync([.. quick.Where((_, i) => done[i]).Select(command => command.Id)], cancellation);
        return taken.Count;
    }

    private async Task HandAsync(TakenCommand taken, CancellationToken cancellation)
    {
        await Task.Yield();
        try
        {
            if (await CarryOutAsync(taken, cancellation))
            {
                await DoneAsync([taken.Id], cancellation);
                signal.Wake();
            }
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogNotRun(logger, fault);
        }
        finally
        {
            _running.TryRemove(taken.Id, out _);
        }
    }

    private async Task DoneAsync(Guid[] ids, CancellationToken cancellation)
    {
        if (ids.Length > 0)
        {
            await store.DoneAsync(ids, time.GetUtcNow(), cancellation);
        }
    }

    // Whether it has taken effect; what became of it otherwise is in its row.
    private async Task<bool> CarryOutAsync(TakenCommand taken, CancellationToken cancellation)
    {
        try
        {
            switch (await routes.CarryOutAsync(taken.Kind, taken.TargetId, taken.Command, taken.Context, cancellation))
            {
                case null:
                    return true;
                case TryAgain later:
                    await LaterAsync(taken, later.Detail, TimeSpan.FromSeconds(later.AfterSeconds), cancellation);
                    return false;
                case var refusal:
                    LogRefused(logger, taken.Kind, taken.TargetId, refusal.Detail);
                    await store.EndedAsync(taken, refused: true, refusal.Detail, time.GetUtcNow());
                    return false;
            }
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, taken.Kind, taken.TargetId, taken.Attempts, fault);
            await LaterAsync(taken, fault.Message, TimeSpan.Zero, cancellation);
            return false;
        }
    }

    private async Task LaterAsync(TakenCommand taken, string error, TimeSpan atLeast, CancellationToken cancellation)
    {
        if (taken.Attempts >= options.Value.Attempts)
        {
            await store.EndedAsync(taken, refused: false, error, time.GetUtcNow());
            return;
        }

        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, taken.Attempts - 1), options.Value.LongestWait.TotalSeconds));
        await store.TriedAsync(taken.Id, time.GetUtcNow() + (wait > atLeast ? wait : atLeast), error, cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "Due commands could not be looked at; tried again soon")]
    private static partial void LogNotRun(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Information, "{Kind} for {Target} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string kind, Guid target, string reason);

    [LoggerMessage(LogLevel.Warning, "{Kind} for {Target} failed at attempt {Attempt}")]
    private static partial void LogFailed(ILogger logger, string kind, Guid target, int attempt, Exception fault);
}
