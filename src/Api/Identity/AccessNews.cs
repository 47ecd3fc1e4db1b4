using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Makes a change of access count on every node before it is answered: this node forgets what it knew, and all others are
/// told and say so (docs/adr/0028). Whoever is not reached follows by the feed of changes, within a second.
/// </summary>
internal sealed partial class AccessNews(
    IGrainFactory grains, SessionDirectory sessions, UserDirectory users, ApiKeyDirectory keys, TimeProvider time, ILogger<AccessNews> logger)
    : BackgroundService, IAccessNode
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>More than the grain takes for a node that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private IAccessNode? _self;
    private bool _joined;

    /// <summary>Called after this node forgot something; for connections that outlive their request, and for others who keep what access rests on.</summary>
    public event Action? Forgotten;

    private IAccessBoardGrain Board => grains.GetGrain<IAccessBoardGrain>(0);

    /// <summary>To be called when the change is committed, and before it is answered.</summary>
    public Task TellAsync(AccessKind kind, Guid id) => TellAsync([new(kind, id)]);

    /// <inheritdoc cref="TellAsync(AccessKind, Guid)"/>
    public async Task TellAsync(AccessChange[] changes)
    {
        Forget(changes);
        try
        {
            await Board.TellAsync(changes).WaitAsync(Patience, time);
        }
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // What is committed is committed: a cluster that does not answer makes it no less true.
            LogNotTold(logger, fault);
        }
    }

    public Task ForgetAsync(AccessChange[] changes)
    {
        Forget(changes);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await JoinAsync().WaitAsync(stoppingToken);
                _joined = true;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                if (_joined)
                {
                    LogNotJoined(logger, fault);
                }

                _joined = false;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task JoinAsync()
    {
        _self ??= grains.CreateObjectReference<IAccessNode>(this);
        if (!await Board.JoinAsync(_self))
        {
            // It was not known there: what was told meanwhile, nobody told us.
            sessions.ForgetAll();
            users.ForgetAll();
            keys.ForgetAll();
            Forgotten?.Invoke();
        }
    }

    private void Forget(AccessChange[] changes)
    {
        foreach (var change in changes)
        {
            switch (change.Kind)
            {
                case AccessKind.Session:
                    sessions.Forget(change.Id);
                    break;
                case AccessKind.Account:
                    users.Forget(change.Id);
                    break;
                case AccessKind.Role:
                    users.ForgetAll();
                    break;
                case AccessKind.ApiKey:
                    keys.Forget(change.Id);
                    break;
                case AccessKind.TelephonyToken:
                    // Whoever keeps them listens.
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(changes), change.Kind, "Nothing is kept of this kind.");
            }
        }

        Forgotten?.Invoke();
    }

    [LoggerMessage(LogLevel.Warning, "The other nodes could not be told of a change of access; they follow by the feed of changes")]
    private static partial void LogNotTold(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The cluster does not answer for news of access; tried again every five seconds")]
    private static partial void LogNotJoined(ILogger logger, Exception fault);
}
