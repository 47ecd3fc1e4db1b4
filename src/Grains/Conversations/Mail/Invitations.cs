using System.Globalization;
using ChargeCars.Platform.Reading;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;

namespace ChargeCars.Conversations.Mail;

/// <summary>An invitation in words, for a mail that has no others.</summary>
internal static class Invitations
{
    private const int MaxLength = 200_000;

    /// <summary>Null where it can't be read: the file itself is attached all the same.</summary>
    public static string? Describe(string calendar)
    {
        if (calendar.Length > MaxLength)
        {
            return null;
        }

        try
        {
            return Ical.Net.Calendar.Load(calendar)?.Events.FirstOrDefault() is { } first ? Describe(first) : null;
        }
        // A calendar is foreign text: what the library says of it is any of a dozen exceptions.
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static string? Describe(CalendarEvent first) => CleanText.Of(string.Join('\n', new[]
    {
        first.Summary, When(first.Start, first.End), first.Location, first.Description,
    }.Where(line => !string.IsNullOrWhiteSpace(line))), 10_000);

    // As it stands in the invitation, with its own time zone: whose clock it is meant by, only the sender knows.
    private static string? When(CalDateTime? start, CalDateTime? end) =>
        start is null ? null : end is null ? Moment(start) : $"{Moment(start)} – {Moment(end)}";

    private static string Moment(CalDateTime time)
    {
        var moment = time.Value.ToString(time.HasTime ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return time is { HasTime: true, TzId: { Length: > 0 } zone } ? $"{moment} ({zone})" : moment;
    }
}
