using System.Diagnostics;

namespace ChargeCars.Testing;

/// <summary>Bounds what a test waits for: what never comes fails that test by its name, and does not hold up the whole run.</summary>
public static class Patience
{
    /// <summary>Longer than a busy machine takes for anything that a test waits for; no measure of speed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="what">How a failure calls it.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            if (since.Elapsed > Limit)
            {
                throw new TimeoutException($"Not within {Limit}: {what}.");
            }

            await Task.Yield();
        }
    }

    /// <summary>Waits for the end of the process, and kills it where that does not come.</summary>
    public static async Task EndAsync(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The process {process.Id} did not end within {Limit}.");
        }
    }
}
