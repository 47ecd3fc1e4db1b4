using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Tracking;

/// <summary>What a customer is told and when, decided: pure. Times are UTC.</summary>
internal static class TrackingDecider
{
    /// <summary>What a command does, or why it is refused.</summary>
    public static Result<Outcome<TrackingLink>> Decide(Guid id, TrackingLink? link, TrackingCommand command, DateTimeOffset now) => (link, command) switch
    {
        (_, OpenTrackingLink open) when TrackingLink.IdOf(open.VisitId) != id => Invalid.Field("visitId", $"must be that of {id}"),
        (null, OpenTrackingLink open) => new Outcome<TrackingLink>(new()
        {
            Id = id, CreatedAt = now, VisitId = open.VisitId, BusinessEntity = open.BusinessEntity, TokenHash = open.TokenHash, SealedToken = open.SealedToken,
        }),
        // One that was made goes on: messages with it may be under way.
        ({ } known, OpenTrackingLink) => Outcome.Unchanged(known),
        (null, _) => new NotFound(TrackingKind.Rows.Table, id.ToString()),
        ({ Notices: 0 } known, TellDeparture tell) => Told(known, tell.From, tell.Until),
        ({ } known, TellDeparture) => Outcome.Unchanged(known),
        ({ Notices: > 0, ToldFrom: { } from, ToldUntil: { } until } known, TellMoved tell) when known.Notices < tell.Most && Moves(from, until, tell) =>
            Told(known, tell.From, tell.Until),
        ({ } known, TellMoved) => Outcome.Unchanged(known),
        ({ } known, AskAnotherTime ask) => Ask(known, ask, now),
        ({ WishedAt: null } known, TakeBackWish) => Outcome.Unchanged(known),
        ({ } known, TakeBackWish) => new Outcome<TrackingLink>(known with { WishedAt = null, WishedFrom = null, WishHash = null }),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about a customer's link."),
    };

    // As the van comes nearer the range becomes narrower, which is no news: only what lies outside of what was told is.
    private static bool Moves(DateTimeOffset from, DateTimeOffset until, TellMoved tell)
    {
        var shift = TimeSpan.FromMinutes(tell.ShiftMinutes);
        return tell.Until - until > shift || from - tell.From > shift;
    }

    // A page that heard no answer sends the same again, and one wish is one message.
    private static Result<Outcome<TrackingLink>> Ask(TrackingLink known, AskAnotherTime ask, DateTimeOffset now)
    {
        var hash = HashOf(ask);
        var isSame = known.WishHash is { } former && former.AsSpan().SequenceEqual(hash) && known.WishedFrom == ask.From && !(ask.ConfirmedAt > known.WishedAt);
        return isSame ? Outcome.Unchanged(known)
            : known.Wishes >= ask.Most ? new Conflict("too_many_wishes", $"Another time was asked for {known.Wishes} times already: please call us.")
            : new Outcome<TrackingLink>(known with { WishedAt = now, WishedFrom = ask.From, WishHash = hash, Wishes = known.Wishes + 1 })
            {
                Then = [new DueCommand(known.Id, new RelayWish(known.VisitId, known.Wishes + 1, ask.From, ask.Until, ask.Days, ask.Reason))],
            };
    }

    private static byte[] HashOf(AskAnotherTime ask) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{string.Join(',', ask.Days.Select(day => day.DayNumber))}/{ask.Reason}"));

    private static Outcome<TrackingLink> Told(TrackingLink known, DateTimeOffset? from, DateTimeOffset? until)
    {
        var notices = known.Notices + 1;
        return new(known with { ToldFrom = from, ToldUntil = until, Notices = notices })
        {
            Then = [new DueCommand(known.Id, new SendNotice(known.Id, notices))],
        };
    }
}
