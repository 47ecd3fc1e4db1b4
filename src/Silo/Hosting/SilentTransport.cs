using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// The transport of a silo that is alone: it listens nowhere. Orleans would open a port for other silos all the same, and
/// whoever reached it could call every grain.
/// </summary>
internal sealed class SilentTransport : IConnectionListenerFactory
{
    /// <summary>Puts it in the place of every transport that Orleans would listen with.</summary>
    /// <exception cref="InvalidOperationException">This version of Orleans registers its transports in another way.</exception>
    public static void Use(ISiloBuilder silo)
    {
        var listening = silo.Services.Where(service => service is { IsKeyedService: true } && service.ServiceType == typeof(IConnectionListenerFactory)).ToArray();
        if (listening.Length == 0)
        {
            throw new InvalidOperationException("Orleans registers no keyed IConnectionListenerFactory any more: a lone silo would open its port.");
        }

        foreach (var service in listening)
        {
            silo.Services.Remove(service);
            silo.Services.AddKeyedSingleton<IConnectionListenerFactory, SilentTransport>(service.ServiceKey);
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new Listener(endpoint));

    private sealed class Listener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _nobody = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            new(_nobody.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _nobody.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
