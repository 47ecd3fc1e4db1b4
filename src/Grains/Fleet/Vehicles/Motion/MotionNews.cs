using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>What a vehicle's motion means to screens and other systems.</summary>
internal sealed class MotionNews(TimeProvider time, MotionOptions options)
{
    /// <summary>The change that tells that a vehicle drives too fast.</summary>
    public const string OverspeedType = "vehicle.overspeed";

    /// <summary>A leg has ended: a trip, or the stop before one; or a stop, and the vehicle was found standing elsewhere.</summary>
    public NewChange Turned(Guid vehicleId, Leg ended, Leg began) => ended switch
    {
        { IsTrip: true, End: { } end } => New(vehicleId, "vehicle.trip_ended", new
        {
            startedAt = ended.Start.Time.UtcDateTime,
            endedAt = end.Time.UtcDateTime,
            durationSeconds = (end.Time - ended.Start.Time).TotalSeconds,
            distanceMeters = Math.Round(end.Meters),
            topSpeedKmh = Math.Round(end.TopKmh, 1),
            latitude = end.Latitude,
            longitude = end.Longitude,
            odometerKm = end.OdometerKm,
        }),
        { End: { } end } => New(vehicleId, began.IsTrip ? "vehicle.trip_started" : "vehicle.stop_moved", new
        {
            startedAt = end.Time.UtcDateTime,
            latitude = end.Latitude,
            longitude = end.Longitude,
            odometerKm = end.OdometerKm,
        }),
        _ => throw new InvalidOperationException("A leg that lasts has no turn."),
    };

    public NewChange Overspeed(Guid vehicleId, in PositionFix fix) => New(vehicleId, OverspeedType, new
    {
        fixTime = fix.FixTime.UtcDateTime,
        speedKmh = fix.SpeedKmh,
        limitKmh = options.OverspeedKmh,
        latitude = fix.Latitude,
        longitude = fix.Longitude,
    });

    /// <summary>Late fixes have changed what was told: whoever shows the trips of this time reads them again.</summary>
    public NewChange Repaired(Guid vehicleId, MotionRepair repair) => New(vehicleId, "vehicle.trips_repaired", new
    {
        from = repair.From.UtcDateTime,
        to = repair.Kept?.Start.Time.UtcDateTime,
    });

    /// <summary>The alert of a vehicle that drove too fast, by the change that tells of it.</summary>
    public static AlertFact AlertOf(Guid vehicleId, NewChange overspeed)
    {
        using var data = JsonDocument.Parse(overspeed.Data.Text);
        return new(AlertType.Overspeed, VehicleKind.Rows.Table, vehicleId, AlertSeverity.High)
        {
            VehicleId = vehicleId,
            FactAt = overspeed.At,
            Detail = new() { SpeedKmh = data.RootElement.GetProperty("speedKmh") is { ValueKind: JsonValueKind.Number } speed ? speed.GetDouble() : null },
        };
    }

    private NewChange New<T>(Guid vehicleId, string type, T data)
    {
        var now = time.GetUtcNow();
        return new(type, VehicleKind.Rows.Table, now, RowJson.ForClient(Actor.System), RowJson.ForClient(data))
        {
            Scope = new(null, null, null, vehicleId),
        };
    }
}
