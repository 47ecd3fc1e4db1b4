using Microsoft.Extensions.Logging;

namespace ChargeCars.Fleet.Geofences;

internal sealed partial class VehicleFences
{
    [LoggerMessage(LogLevel.Warning, "{Count} geofence crossings of the vehicle {Vehicle} are not written yet; its next fix repeats them")]
    private static partial void LogNotWritten(ILogger logger, Guid vehicle, int count, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The fixes of the vehicle {Vehicle} can't be read; its next fix tries again")]
    private static partial void LogNotRead(ILogger logger, Guid vehicle, Exception fault);

    [LoggerMessage(LogLevel.Information, "A crossing of the vehicle {Vehicle} at the geofence {Geofence} is dropped: {Constraint}")]
    private static partial void LogDropped(ILogger logger, Guid vehicle, Guid geofence, string? constraint);
}
