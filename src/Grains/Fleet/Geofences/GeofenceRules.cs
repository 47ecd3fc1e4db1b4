using ChargeCars.Platform.Entities;

namespace ChargeCars.Fleet.Geofences;

/// <summary>What an editor's fields must satisfy.</summary>
public static class GeofenceRules
{
    /// <summary>Beyond this a fence is a region: nearly every vehicle would be in it.</summary>
    private const double LargestRadius = 50_000;

    private const int LargestDwell = 24 * 3600;
    private const double LargestMargin = 10_000;

    /// <summary>Every faulty field by its name; null where all are sound.</summary>
    public static Invalid? Check(GeofenceDetails details)
    {
        var faults = new FieldFaults()
            .Text("name", details.Name, 1..200)
            .Rule("exitMarginMeters", details.ExitMarginMeters is not (>= 0 and <= LargestMargin), $"must be 0 to {LargestMargin} metres")
            .Number("dwellSeconds", details.DwellSeconds, 0, LargestDwell);
        switch (details.Shape)
        {
            case GeofenceShape.Circle:
                return faults
                    .Rule("latitude", details.Latitude is not (>= -90 and <= 90), "is required for a circle: -90 to 90 degrees")
                    .Rule("longitude", details.Longitude is not (>= -180 and <= 180), "is required for a circle: -180 to 180 degrees")
                    .Rule("radiusMeters", details.RadiusMeters is not (>= 5 and <= LargestRadius), $"is required for a circle: 5 to {LargestRadius} metres")
                    .Rule("polygon", details.Polygon is not null, "belongs to the shape 'polygon' only")
                    .Invalid;
            case GeofenceShape.Polygon:
                const string CircleOnly = "belongs to the shape 'circle' only";
                foreach (var (field, fault) in PolygonRules.Faults(details.Polygon))
                {
                    faults.Fault(field, fault);
                }

                return faults
                    .Rule("latitude", details.Latitude is not null, CircleOnly)
                    .Rule("longitude", details.Longitude is not null, CircleOnly)
                    .Rule("radiusMeters", details.RadiusMeters is not null, CircleOnly)
                    .Invalid;
            default:
                return faults.OneOf("shape", details.Shape).Invalid;
        }
    }

    /// <summary>As they are kept: the name tidied, a polygon's first corner not repeated at its end.</summary>
    public static GeofenceDetails Normalized(GeofenceDetails details) => details with
    {
        Name = PlainText.Tidy(details.Name),
        Polygon = details.Polygon is { } corners ? PolygonRules.Opened(corners) : null,
    };
}
