namespace ChargeCars.Fleet.Geofences;

/// <summary>What an editor's fields must satisfy; every fault is named, not only the first.</summary>
public static class GeofenceRules
{
    /// <summary>Beyond this a fence is a region: nearly every vehicle would be in it.</summary>
    private const double LargestRadius = 50_000;

    private const int LargestDwell = 24 * 3600;
    private const double LargestMargin = 10_000;

    /// <summary>Every faulty field by its name; null where all are sound.</summary>
    public static Invalid? Check(GeofenceDetails details)
    {
        var faults = new Dictionary<string, string[]>();
        Rule("name", string.IsNullOrWhiteSpace(details.Name), "is required");
        Rule("name", details.Name.Length > 200, "must be at most 200 characters");
        // PostgreSQL's text cannot hold it.
        Rule("name", details.Name.Contains('\0', StringComparison.Ordinal), "must not contain the character U+0000");
        Rule("exitMarginMeters", details.ExitMarginMeters is not (>= 0 and <= LargestMargin), $"must be 0 to {LargestMargin} metres");
        Rule("dwellSeconds", details.DwellSeconds is < 0 or > LargestDwell, $"must be 0 to {LargestDwell} seconds");
        switch (details.Shape)
        {
            case GeofenceShape.Circle:
                Rule("latitude", details.Latitude is not (>= -90 and <= 90), "is required for a circle: -90 to 90 degrees");
                Rule("longitude", details.Longitude is not (>= -180 and <= 180), "is required for a circle: -180 to 180 degrees");
                Rule("radiusMeters", details.RadiusMeters is not (>= 5 and <= LargestRadius), $"is required for a circle: 5 to {LargestRadius} metres");
                Rule("polygon", details.Polygon is not null, "belongs to the shape 'polygon' only");
                break;
            case GeofenceShape.Polygon:
                const string CircleOnly = "belongs to the shape 'circle' only";
                Rule("latitude", details.Latitude is not null, CircleOnly);
                Rule("longitude", details.Longitude is not null, CircleOnly);
                Rule("radiusMeters", details.RadiusMeters is not null, CircleOnly);
                foreach (var (field, fault) in PolygonRules.Faults(details.Polygon))
                {
                    Rule(field, true, fault);
                }

                break;
            default:
                Rule("shape", true, $"is required: one of {string.Join(", ", WireText.All<GeofenceShape>())}");
                break;
        }

        return faults.Count == 0 ? null : new Invalid(faults);

        void Rule(string field, bool broken, string fault)
        {
            if (broken)
            {
                faults.TryAdd(field, [fault]);
            }
        }
    }

    /// <summary>The same details, with a polygon's first corner not repeated at its end.</summary>
    public static GeofenceDetails Opened(GeofenceDetails details) => details.Polygon is { } corners
        ? details with { Polygon = PolygonRules.Opened(corners) }
        : details;
}
