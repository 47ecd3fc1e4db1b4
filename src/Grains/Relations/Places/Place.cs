namespace ChargeCars.Relations.Places;

/// <summary>A place by its street.</summary>
/// <param name="Street">The street's name.</param>
/// <param name="HouseNumber">The house number; null for the street as a whole.</param>
/// <param name="PostalCode">As it is kept, <c>3435RA</c>; null for the street as a whole.</param>
/// <param name="Town">The town.</param>
/// <param name="Latitude">WGS84, degrees.</param>
/// <param name="Longitude">WGS84, degrees.</param>
/// <param name="Source">Who says so: <c>bag</c>, the extract that was loaded, or <c>pdok</c>.</param>
public sealed record Place(string Street, string? HouseNumber, string? PostalCode, string Town, double Latitude, double Longitude, string Source)
{
    /// <summary>The source of what stands in the extract.</summary>
    public const string OfExtract = "bag";
}
