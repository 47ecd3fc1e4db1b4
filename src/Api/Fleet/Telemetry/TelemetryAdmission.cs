using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>
/// The door: what comes in beyond what can be worked off soon is sent away at once, at the cost of a header, so that what
/// is inside stays quick.
/// </summary>
internal sealed class TelemetryAdmission(IOptions<TelemetryOptions> options)
{
    /// <summary>Bytes that a position has at least, as our own format writes it.</summary>
    private const int BytesPerPosition = 100;

    private int _requests;
    private int _positions;

    /// <summary>False: full. Otherwise <paramref name="ticket"/> is handed back when the request is answered.</summary>
    /// <param name="bodyLength">As announced; null where it is not.</param>
    /// <param name="ticket">What the request takes up.</param>
    public bool TryEnter(long? bodyLength, out Ticket ticket)
    {
        var estimate = (int)Math.Clamp((bodyLength ?? 0) / BytesPerPosition, 1, PositionBatch.MaxPositions);
        ticket = new Ticket(this, estimate);
        // Both are taken before either is looked at: the ticket gives both back.
        var requests = Interlocked.Increment(ref _requests);
        if (Interlocked.Add(ref _positions, estimate) <= options.Value.MaxPositions && requests <= options.Value.MaxRequests)
        {
            return true;
        }

        ticket.Dispose();
        return false;
    }

    /// <summary>A request's place.</summary>
    internal struct Ticket(TelemetryAdmission door, int positions) : IDisposable
    {
        private int _positions = positions;

        /// <summary>Puts the count in the place of the estimate.</summary>
        public void Counted(int count)
        {
            Interlocked.Add(ref door._positions, count - _positions);
            _positions = count;
        }

        public readonly void Dispose()
        {
            Interlocked.Add(ref door._positions, -_positions);
            Interlocked.Decrement(ref door._requests);
        }
    }
}
