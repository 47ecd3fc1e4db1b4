using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>Whether one more connection may be opened.</summary>
internal enum PlaceAnswer
{
    /// <summary>It may, and has its place.</summary>
    Taken,

    /// <summary>This node has as many as it may.</summary>
    NodeIsFull,

    /// <summary>This caller has as many as one caller may.</summary>
    CallerHasItsShare,
}

/// <summary>
/// The places for live connections on this node. One is taken before the handshake and held until the request ends: connections that
/// are only being opened count too, or any number could pass the check at once.
/// </summary>
internal sealed class ConnectionPlaces(IOptions<LiveOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byCaller = [];
    private int _taken;

    public PlaceAnswer Take(string caller)
    {
        lock (_gate)
        {
            var own = _byCaller.GetValueOrDefault(caller);
            if (own >= options.Value.MaximumConnectionsPerCaller)
            {
                return PlaceAnswer.CallerHasItsShare;
            }

            if (_taken >= options.Value.MaximumConnections)
            {
                return PlaceAnswer.NodeIsFull;
            }

            _byCaller[caller] = own + 1;
            _taken++;
            return PlaceAnswer.Taken;
        }
    }

    public void Leave(string caller)
    {
        lock (_gate)
        {
            _taken--;
            if (--_byCaller[caller] == 0)
            {
                _byCaller.Remove(caller);
            }
        }
    }
}
