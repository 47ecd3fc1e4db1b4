using ChargeCars.Api.Identity;
using ChargeCars.Telephony.Missed;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>A caller who is to be called back, and who does.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="ClaimedBy">Who calls them back now; null where nobody does.</param>
/// <param name="ClaimedUntil">When that claim expires, UTC.</param>
public sealed record MissedCallerView(MissedCaller Caller, Guid? ClaimedBy, DateTimeOffset? ClaimedUntil);

/// <summary>Who is to be called back, within what the caller may see.</summary>
internal sealed class MissedCallQueries(MissedCallReader reader, TimeProvider time)
{
    /// <summary>Who is to be called back, the most urgent first; at most so many.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="at">The moment of the past that is asked for, UTC; null for now.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IReadOnlyList<MissedCallerView>> ListAsync(Caller caller, int limit, DateTimeOffset? at, CancellationToken cancellation)
    {
        var now = at ?? time.GetUtcNow();
        return
        [
            .. (await reader.ReadAsync(CallQueries.Visible(caller), now, at is not null, cancellation)).Take(limit).Select(item =>
            {
                var claim = item.CallBack is { ClaimedBy: { } by, ClaimedUntil: { } until } && until > now ? new CallBackClaim(by, until) : null;
                return new MissedCallerView(item.Caller, claim?.By, claim?.Until);
            }),
        ];
    }
}
