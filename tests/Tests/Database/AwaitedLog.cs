using Microsoft.Extensions.Logging;

namespace ChargeCars.Tests.Database;

/// <summary>A log that a test waits on: the end of a recovery is said there.</summary>
internal sealed class AwaitedLog(string awaited) : ILogger
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Seen => _seen.Task;

    /// <summary>Waits for it, as long as a recovery takes on a machine that has other things to do.</summary>
    public Task SeesAsync() => _seen.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (formatter(state, exception).Contains(awaited, StringComparison.Ordinal))
            _seen.TrySetResult();
    }
}
