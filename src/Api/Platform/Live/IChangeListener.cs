using ChargeCars.Platform.Changes;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Follows every committed change on this node, each once and in order. Called on the feed's own thread, one call at a
/// time: it must neither wait nor throw.
/// </summary>
public interface IChangeListener
{
    /// <summary>The changes that follow those of the call before.</summary>
    void OnChanges(IReadOnlyList<ChangeEvent> changes);

    /// <summary>The order of changes was broken (a restored database, a gap older than what is kept): start afresh.</summary>
    void OnReset(string reason)
    {
    }
}
