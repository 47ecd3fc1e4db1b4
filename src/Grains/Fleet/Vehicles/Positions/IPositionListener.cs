namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Who shows positions in this very process. It is told as soon as they are on disk; the streams, which other hosts listen
/// to, take several milliseconds and a copy more.
/// </summary>
public interface IPositionListener
{
    /// <summary>Never waits. The same positions may come again by the streams.</summary>
    void Take(PositionsMoved moved);
}
