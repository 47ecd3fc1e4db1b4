using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.Calls;

/// <summary>What an event does to a call, and what that is called outside. Pure.</summary>
internal static class CallDecider
{
    /// <summary>The call after an event.</summary>
    /// <param name="state">The call; null before its first event.</param>
    /// <param name="said">The event.</param>
    /// <param name="links">Whom its numbers belong to.</param>
    /// <param name="now">UTC.</param>
    public static Outcome<Call> Take(Call? state, CallEvent said, CallLinks links, DateTimeOffset now)
    {
        var merged = CallMerge.Apply(state, said);
        var after = merged with
        {
            // The column keeps whole cents; the evidence has the rest.
            Cost = merged.Cost is { } cost ? Math.Round(cost, 2, MidpointRounding.AwayFromZero) : null,
            BusinessPhoneNumberId = links.BusinessPhoneNumberId,
            BusinessEntity = links.BusinessEntity,
            PhoneNumberId = links.PhoneNumberId,
        };
        return new(state is null ? after with { CreatedAt = now } : after) { Announced = [.. Names(state, after).Select(name => new Announcement<Call>(name))] };
    }

    private static IEnumerable<string> Names(Call? before, Call after)
    {
        if (before is null)
        {
            yield return "created";
        }

        if ((before?.Status ?? CallStatus.Initial) != after.Status)
        {
            yield return after.Status switch
            {
                CallStatus.Initial => "updated",
                CallStatus.Ringing => "ringing",
                CallStatus.Answered => "answered",
                _ when before?.EndedAt is not null => "updated",
                _ => "ended",
            };
        }
        else if (before is not null)
        {
            yield return "updated";
        }
    }
}
