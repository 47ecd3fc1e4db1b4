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
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about a customer's link."),
    };

    // As the van comes nearer the range becomes narrower, which is no news: only what lies outside of what was told is.
    private static bool Moves(DateTimeOffset from, DateTimeOffset until, TellMoved tell)
    {
        var shift = TimeSpan.FromMinutes(tell.ShiftMinutes);
        return tell.Until - until > shift || from - tell.From > shift;
    }

    private static Outcome<TrackingLink> Told(TrackingLink known, DateTimeOffset? from, DateTimeOffset? until)
    {
        var notices = known.Notices + 1;
        return new(known with { ToldFrom = from, ToldUntil = until, Notices = notices })
        {
            Then = [new DueCommand(known.Id, new SendNotice(known.Id, notices))],
        };
    }
}
