namespace ChargeCars.Drills.Support;

/// <summary>A drill can't go on; the message is for whoever runs it.</summary>
internal sealed class DrillException(string message) : Exception(message);
