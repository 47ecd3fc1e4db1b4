namespace ChargeCars.Telephony.Pops;

/// <summary>Somebody who may be calling: a contact, or an organisation whose own number it is.</summary>
/// <param name="ContactId">The contact; null where it is the organisation itself.</param>
/// <param name="OrganizationId">Their organisation.</param>
/// <param name="Name">As it is shown.</param>
/// <param name="HasVisitToday">Whether somebody comes to them today.</param>
/// <param name="HasOpenOrder">Whether an order of theirs is under way.</param>
/// <param name="HasOpenThread">Whether a conversation with them is open.</param>
/// <param name="LastContactAt">When they and we spoke or wrote last, UTC.</param>
internal sealed record CallerCandidate(
    Guid? ContactId, Guid? OrganizationId, string Name, bool HasVisitToday = false, bool HasOpenOrder = false, bool HasOpenThread = false,
    DateTimeOffset? LastContactAt = null);

/// <summary>Who a card names as its caller.</summary>
/// <param name="Candidates">The likeliest first; the organisation alone where the number is that of many of its contacts.</param>
/// <param name="OrganizationId">The organisation that the number belongs to, where no contact is named.</param>
internal sealed record CallerGuess(IReadOnlyList<CallerCandidate> Candidates, Guid? OrganizationId);

/// <summary>Orders those who may be calling.</summary>
internal static class CallerCandidates
{
    /// <summary>A number of more contacts than this is a switchboard: shown as its organisation.</summary>
    public const int MostOfOneNumber = 5;

    /// <summary>Each once, the likeliest first. An organisation of which a contact is named stands for nobody else.</summary>
    public static CallerGuess Rank(IEnumerable<CallerCandidate> found)
    {
        CallerCandidate[] all = [.. found.DistinctBy(one => (one.ContactId, one.ContactId is null ? one.OrganizationId : null))
            .OrderByDescending(one => one.HasVisitToday)
            .ThenByDescending(one => one.HasOpenOrder)
            .ThenByDescending(one => one.HasOpenThread)
            .ThenByDescending(one => one.LastContactAt)
            .ThenBy(one => one.ContactId ?? one.OrganizationId)];
        CallerCandidate[] contacts = [.. all.Where(one => one.ContactId is not null)];
        // Contacts of many organisations behind one number have none in common: they are listed after all.
        var owner = contacts.Length > MostOfOneNumber && contacts.Select(one => one.OrganizationId).Distinct().ToArray() is [{ } only] ? only : (Guid?)null;
        CallerCandidate[] named = owner is { } office
            ? [.. all.Where(one => one.ContactId is null && one.OrganizationId == office)]
            : [.. all.Where(one => one.ContactId is not null || !contacts.Any(contact => contact.OrganizationId == one.OrganizationId))];
        return new(named, owner ?? (named is [{ ContactId: null } itself] ? itself.OrganizationId : null));
    }
}
