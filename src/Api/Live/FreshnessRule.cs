using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Configuration;

namespace ChargeCars.Api.Live;

/// <summary>Names the age of a position, by the same keys as the vehicle grain.</summary>
public sealed record FreshnessRule(TimeSpan StaleAfter, TimeSpan OfflineAfter)
{
    /// <summary>From <c>ChargeCars:Positions:StaleAfter</c> (default 2 minutes) and <c>OfflineAfter</c> (default 15 minutes).</summary>
    public static FreshnessRule Of(IConfiguration configuration) => new(
        configuration.GetValue("ChargeCars:Positions:StaleAfter", TimeSpan.FromMinutes(2)),
        configuration.GetValue("ChargeCars:Positions:OfflineAfter", TimeSpan.FromMinutes(15)));

    /// <summary>How old, in words, a position of <paramref name="fixTime"/> is.</summary>
    public Freshness At(DateTimeOffset? fixTime, DateTimeOffset now) =>
        fixTime is not { } time ? Freshness.Unknown
        : now - time >= OfflineAfter ? Freshness.Offline
        : now - time >= StaleAfter ? Freshness.Stale
        : Freshness.Live;
}
