using Orleans.Runtime;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// Ends the process when the runtime can't go on, above all when the other hosts voted this one out while it was frozen,
/// starved or cut off: others do its work by then. At once and without an orderly stop, which would touch what is theirs.
/// </summary>
internal sealed class EvictedSilo : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        Console.Error.WriteLine(
            "This host leaves: the cluster voted it out, as it did not answer in time, or its runtime failed. What it had acknowledged is in the "
            + $"database and the other hosts go on. It ends now; start it again (a restart policy does). {context}");
        Environment.FailFast("Voted out of the cluster, or a fault of the runtime; see above.", exception);
    }
}
