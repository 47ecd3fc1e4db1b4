using System.Threading.Channels;

namespace ChargeCars.Platform.DueCommands;

/// <summary>Says within this process that something was committed which others must do: its runner looks at once.</summary>
public sealed class DueSignal
{
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something is due, perhaps now. Never waits.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>Returns when something is due, or when <paramref name="patience"/> has passed.</summary>
    internal async Task WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await _woken.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nobody woke us: look all the same.
        }
    }
}
