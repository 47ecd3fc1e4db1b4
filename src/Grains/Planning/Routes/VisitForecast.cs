using System.Text.Json.Serialization;

namespace ChargeCars.Planning.Routes;

/// <summary>Where a van is.</summary>
/// <param name="Place">Its place.</param>
/// <param name="FixTime">When it was there, UTC.</param>
public sealed record LivePosition(MapPoint Place, DateTimeOffset FixTime);

/// <summary>A moment that is not certain, UTC.</summary>
/// <param name="Earliest">Hardly before.</param>
/// <param name="Expected">Most likely.</param>
/// <param name="Latest">Hardly after.</param>
public readonly record struct ExpectedTime(DateTimeOffset Earliest, DateTimeOffset Expected, DateTimeOffset Latest);

/// <summary>Whether a visit keeps what its customer was promised.</summary>
[JsonConverter(typeof(WireEnumConverter<Punctuality>))]
public enum Punctuality
{
    /// <summary>Even the latest expected arrival is in time.</summary>
    OnTime,

    /// <summary>The expected arrival is in time, the latest is not.</summary>
    AtRisk,

    /// <summary>The expected arrival is too late.</summary>
    Late,
}

/// <summary>When a crew is expected at a visit, and when it is done there.</summary>
/// <param name="VisitId">The visit.</param>
/// <param name="Arrival">The arrival; where the crew is there already, when it came.</param>
/// <param name="End">The end of the visit.</param>
/// <param name="Punctuality">Whether that keeps the promise.</param>
/// <param name="LateMinutes">By how much the expected arrival misses it, minutes; 0 where it does not.</param>
public sealed record VisitForecast(Guid VisitId, ExpectedTime Arrival, ExpectedTime End, Punctuality Punctuality, int LateMinutes);
