using ChargeCars.Platform.Entities;
using ChargeCars.Relations.PhoneNumbers;
using ChargeCars.Telephony.Lines;

namespace ChargeCars.Telephony.BusinessNumbers;

/// <summary>
/// What Aircall's events say of a number. The newest one counts, in whatever order they come; its name is what colleagues call it, so
/// only a row that an event makes takes Aircall's. Pure; times are UTC.
/// </summary>
internal static class LineMerge
{
    private const int LongestName = 100;
    private const int LongestDigits = 40;

    /// <summary>The number after an event.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="state">The number; null where there is none.</param>
    /// <param name="said">The event.</param>
    /// <param name="now">UTC.</param>
    public static Outcome<BusinessPhoneNumber> Take(Guid id, BusinessPhoneNumber? state, LineEvent said, DateTimeOffset now)
    {
        var digits = said.Line.Digits is { } written ? StorableText.Cut(PhoneNumberRules.Read(written).E164 ?? written, LongestDigits) : null;
        var known = state ?? new()
        {
            Id = id, CreatedAt = now, AircallId = said.Line.Id, Name = StorableText.Cut(said.Line.Name ?? digits ?? said.Line.Id, LongestName),
            Digits = digits ?? "",
        };
        if (known.LastSynced > said.At)
        {
            return Outcome.Unchanged(known);
        }

        return Outcome.Of(
            known with
            {
                Digits = digits ?? known.Digits,
                LastSynced = said.At,
                IsRemoved = said.Kind == LineEventKind.Deleted,
                IsOpen = said.Kind switch
                {
                    LineEventKind.Opened => true,
                    LineEventKind.Closed or LineEventKind.Deleted => false,
                    _ => known.IsOpen,
                },
            },
            state is null ? "created" : "updated");
    }
}
