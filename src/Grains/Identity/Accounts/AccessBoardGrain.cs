using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChargeCars.Identity.Accounts;

/// <inheritdoc cref="IAccessBoardGrain"/>
/// <remarks>Reentrant, as a node that hangs must not hold up what others are told: its only state is who is there.</remarks>
[Reentrant]
internal sealed partial class AccessBoardGrain(TimeProvider time, ILogger<AccessBoardGrain> logger) : Grain, IAccessBoardGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A node that did not join for so long is gone.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly Dictionary<IAccessNode, DateTimeOffset> _nodes = [];

    public Task<bool> JoinAsync(IAccessNode node)
    {
        var known = _nodes.ContainsKey(node);
        _nodes[node] = time.GetUtcNow();
        return Task.FromResult(known);
    }

    public Task TellAsync(AccessChange[] changes)
    {
        var gone = time.GetUtcNow() - Memory;
        foreach (var (node, joined) in _nodes)
        {
            if (joined < gone)
            {
                _nodes.Remove(node);
            }
        }

        return Task.WhenAll(_nodes.Keys.ToArray().Select(node => TellAsync(node, changes)));
    }

    private async Task TellAsync(IAccessNode node, AccessChange[] changes)
    {
        try
        {
            await node.ForgetAsync(changes).WaitAsync(Patience, time);
        }
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // It reads the change from the feed if it lives, and forgets everything when it joins again.
            _nodes.Remove(node);
            LogNotTold(logger, fault);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A node did not say that it knows of a change of access; it follows by the feed of changes")]
    private static partial void LogNotTold(ILogger logger, Exception fault);
}
