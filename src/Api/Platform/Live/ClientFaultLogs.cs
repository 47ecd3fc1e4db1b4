using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// The hub's log, in which a client's fault is a client's fault: what can't be bound to a method, and what the method refuses by a
/// <see cref="HubException"/>, is a line at Debug. The framework logs both as an error of ours, with the stack.
/// </summary>
internal sealed class ClientFaultLogs(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Downgraded(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    // The inner factory is the host's.
    public void Dispose()
    {
    }

    private sealed class Downgraded(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning && exception is not null && IsClients(exception))
            {
                inner.Log(LogLevel.Debug, eventId, state, null, (told, _) => $"{formatter(told, exception)} {exception.Message}");
            }
            else
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }

        // Thrown by the protocol where arguments are not what the method takes: not JSON of that type, too many, too few.
        private static bool IsClients(Exception fault) =>
            fault is HubException or JsonException or InvalidDataException
            || (fault.InnerException is { } inner && fault is InvalidOperationException && IsClients(inner));
    }
}
