using System.Buffers;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>One position of a body: a fix and whose it is, or what is wrong with it.</summary>
internal struct ParsedPosition
{
    public VehicleKey Key;

    public PositionFix Fix;

    /// <summary>Why it is no fix; null where it is one.</summary>
    public string? Fault;
}

/// <summary>
/// The positions of one body. Pooled, as a full one takes 2 MB; but not the first, which is mostly the only one: hundreds
/// of requests at once would find the pool empty, and its smallest array is sixteen times as large.
/// </summary>
internal sealed class PositionBatch : IDisposable
{
    /// <summary>Positions in one body, at most.</summary>
    public const int MaxPositions = 10_000;

    private const int Unpooled = 1;

    private ParsedPosition[] _positions = new ParsedPosition[Unpooled];

    public int Count { get; private set; }

    public Span<ParsedPosition> Positions => _positions.AsSpan(0, Count);

    /// <summary>False: it is full.</summary>
    public bool TryAdd(in ParsedPosition position)
    {
        if (Count == MaxPositions)
        {
            return false;
        }

        if (Count == _positions.Length)
        {
            var larger = ArrayPool<ParsedPosition>.Shared.Rent(Math.Max(64, _positions.Length * 2));
            Positions.CopyTo(larger);
            Return();
            _positions = larger;
        }

        _positions[Count++] = position;
        return true;
    }

    public void Dispose()
    {
        Return();
        _positions = [];
        Count = 0;
    }

    private void Return()
    {
        if (_positions.Length > Unpooled)
        {
            // Only what was used holds references.
            Positions.Clear();
            ArrayPool<ParsedPosition>.Shared.Return(_positions);
        }
    }
}

/// <summary>Why a body as a whole is refused.</summary>
/// <param name="Field">The field at fault, for <c>errors</c>.</param>
/// <param name="Text">What is wrong with it.</param>
internal sealed record BodyFault(string Field, string Text);
