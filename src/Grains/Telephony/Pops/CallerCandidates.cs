namespace ChargeCars.Telephony.Pops;

/// <summary>Somebody who may be calling.</summary>
/// <param name="ContactId">The contact.</param>
/// <param name="OrganizationId">Their organisation.</param>
/// <param name="Name">As it is shown.</param>
/// <param name="IsExact">Whether the number is theirs by the books; else it stands in a signature or a note only.</param>
/// <param name="HasVisitToday">Whether somebody comes to them today.</param>
/// <param name="HasOpenOrder">Whether an order of theirs is under way.</param>
/// <param name="HasOpenThread">Whether a conversation with them is open.</param>
/// <param name="LastContactAt">When they and we spoke or wrote last, UTC.</param>
internal sealed record CallerCandidate(
    Guid ContactId, Guid? OrganizationId, string Name, bool IsExact, bool HasVisitToday = false, bool HasOpenOrder = false, bool HasOpenThread = false,
    DateTimeOffset? LastContactAt = null);

/// <summary>Who a card names as its caller.</summary>
/// <param name="Exact">By the books, the likeliest first; empty where the number is an organisation's.</param>
/// <param name="OrganizationId">The organisation that the number belongs to, where it is that of many contacts.</param>
/// <param name="Maybe">By signatures and notes, to be confirmed by a person.</param>
internal sealed record CallerGuess(IReadOnlyList<CallerCandidate> Exact, Guid? OrganizationId, IReadOnlyList<CallerCandidate> Maybe);

/// <summary>Orders those who may be calling.</summary>
internal static class CallerCandidates
{
    /// <summary>A number of more contacts than this is a switchboard: shown as its organisation.</summary>
    public const int MostOfOneNumber = 5;

    /// <summary>Each contact once, the likeliest first, maybes apart.</summary>
    public static CallerGuess Rank(IEnumerable<CallerCandidate> found)
    {
        var all = found.GroupBy(one => one.ContactId).Select(same => same.OrderByDescending(one => one.IsExact).First())
            .OrderByDescending(one => one.HasVisitToday)
            .ThenByDescending(one => one.HasOpenOrder)
            .ThenByDescending(one => one.HasOpenThread)
            .ThenByDescending(one => one.LastContactAt)
            .ThenBy(one => one.ContactId)
            .ToLookup(one => one.IsExact);
        CallerCandidate[] exact = [.. all[true]];
        // Contacts of many organisations behind one number have none in common: they are listed after all.
        var owner = exact.Length > MostOfOneNumber && exact.Select(one => one.OrganizationId).Distinct().ToArray() is [{ } only] ? only : (Guid?)null;
        return new(owner is null ? exact : [], owner, [.. all[false]]);
    }
}
