namespace ChargeCars.Catalogue.Chargers;

/// <summary>
/// A charger left a van on a visit and hangs on a wall, or came back from there; the program's own command. It follows from the movement,
/// so that neither is without the other.
/// </summary>
/// <param name="ProductId">The product.</param>
/// <param name="SerialNumber">Its number.</param>
/// <param name="VisitId">The visit.</param>
/// <param name="At">When, UTC: the warranty runs from that day.</param>
/// <param name="Hangs">Whether it hangs there now.</param>
[GenerateSerializer, Immutable, Alias("installed_charger.record")]
public sealed record RecordCharger(Guid ProductId, string SerialNumber, Guid VisitId, DateTimeOffset At, bool Hangs);
