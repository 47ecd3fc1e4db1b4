using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Missed;
using ChargeCars.Telephony.Pops;

namespace ChargeCars.Telephony.Calls;

/// <summary>What an event does to a call, and what that is called outside. Pure.</summary>
internal static class CallDecider
{
    /// <summary>How long Aircall may take to write the texts of a call.</summary>
    private static readonly TimeSpan TextsTake = TimeSpan.FromMinutes(15);

    /// <summary>The texts of older calls are not asked for: the first reading may go back half a year.</summary>
    private static readonly TimeSpan TextsWanted = TimeSpan.FromDays(2);

    /// <summary>The call after an event.</summary>
    /// <param name="state">The call; null before its first event.</param>
    /// <param name="said">The event.</param>
    /// <param name="links">Whom its numbers belong to.</param>
    /// <param name="pop">What the event does to the call's card.</param>
    /// <param name="card">The card, where it opens.</param>
    /// <param name="now">UTC.</param>
    /// <param name="showsCards">Whether agents' own phones show who calls.</param>
    public static Outcome<Call> Take(
        Call? state, CallEvent said, CallLinks links, PopChange pop, JsonObject? card, DateTimeOffset now, bool showsCards = false)
    {
        if (state is { ErasedAt: not null })
        {
            return Outcome.Unchanged(state);
        }

        var merged = CallMerge.Apply(state, WithKnownLinks(state, said));
        var after = merged with
        {
            // The column keeps whole cents; the evidence has the rest.
            Cost = merged.Cost is { } cost ? Math.Round(cost, 2, MidpointRounding.AwayFromZero) : null,
            BusinessPhoneNumberId = links.BusinessPhoneNumberId,
            BusinessEntity = links.BusinessEntity,
            PhoneNumberId = links.PhoneNumberId,
        };
        // What is read again only to find it as it was is no news, though it was read at another time.
        if (state is not null && said.Kind == CallEventKind.Snapshot && CallKind.Rows.Same(state, after with { Evidence = state.Evidence }))
        {
            return Outcome.Unchanged(state);
        }

        return new(state is null ? after with { CreatedAt = now } : after)
        {
            // Its history, under names that say more than that the status changed.
            Moved = state?.Status == after.Status ? null : new(state is null ? null : WireText.Of(state.Status), WireText.Of(after.Status)) { HasOwnName = true },
            Announced = [.. Announced(state, after, pop, card)],
            Then = [.. Obliged(state, after, said, pop, now, showsCards)],
        };
    }

    private static IEnumerable<DueCommand> Obliged(Call? before, Call after, CallEvent said, PopChange pop, DateTimeOffset now, bool showsCards)
    {
        // Once: a phone that rings again has it already.
        if (showsCards && pop is { Action: PopAction.Open, Agent: not null } && !Rang(before))
        {
            yield return new(after.Id, new ShowInsightCard(after.Id));
        }

        if (said.Text is { } text)
        {
            yield return new(after.Id, new ReadCallText(text));
        }

        // Where the event of its end was lost, those of its texts were probably lost too.
        if (said.Kind == CallEventKind.Snapshot && IsSpoken(after) && !IsSpoken(before) && now - after.EndedAt < TextsWanted)
        {
            // An outage brings many calls at once, and Aircall answers sixty questions a minute: the calls are spread over an hour.
            var at = now + TextsTake + TimeSpan.FromSeconds((uint)after.Id.GetHashCode() % 3_600);
            foreach (var kind in Enum.GetValues<CallTextKind>().Except(after.Texts))
            {
                yield return new(after.Id, new ReadCallText(kind)) { At = at };
            }
        }
    }

    private static bool IsSpoken(Call? call) => call is { Status: CallStatus.Completed } && MissedCalls.IsAnsweredByPerson(call);

    /// <summary>The call that has a text of what was said. One that was erased has none any more.</summary>
    public static Outcome<Call> Note(Call call, CallTextKind text) => call.ErasedAt is not null || call.Texts.Contains(text)
        ? Outcome.Unchanged(call)
        : Outcome.Of(call with { Texts = [.. call.Texts.Append(text).Order()] }, "updated");

    // Aircall makes a new link to the same recording whenever it is asked.
    private static CallEvent WithKnownLinks(Call? state, CallEvent said) => state is null || said.Kind != CallEventKind.Snapshot ? said : said with
    {
        RecordingUrl = state.RecordingUrl is null ? said.RecordingUrl : null,
        VoicemailUrl = state.VoicemailUrl is null ? said.VoicemailUrl : null,
        Asset = state.Asset is null ? said.Asset : null,
    };

    /// <summary>The call without whom it was with and what was said. <paramref name="now"/> is UTC.</summary>
    public static Outcome<Call> Erase(Call call, DateTimeOffset now) => call.ErasedAt is not null ? Outcome.Unchanged(call) : Outcome.Of(
        call with
        {
            PhoneNumberId = null, RawDigits = null, CallerNumber = null, Comments = [], RecordingUrl = null, VoicemailUrl = null, Asset = null,
            DirectLink = null, Texts = [], ErasedAt = now,
            Evidence = call.Evidence with { RawDigits = null, Comments = [], CommentsLeft = null, RecordingUrl = null, VoicemailUrl = null, Asset = null, DirectLink = null },
        },
        "erased") with
    {
        Then = [new DueCommand(call.Id, new ForgetCallTexts())],
    };

    /// <summary>The call without its links to what was said, and without its text.</summary>
    public static Outcome<Call> Forget(Call call) => Outcome.Of(
        call with
        {
            RecordingUrl = null, VoicemailUrl = null, Asset = null, Texts = [],
            Evidence = call.Evidence with { RecordingUrl = null, VoicemailUrl = null, Asset = null },
        },
        "updated") with
    {
        Then = [new DueCommand(call.Id, new ForgetCallTexts())],
    };

    private static bool Rang(Call? state) => state?.Evidence.Moments.Any(moment => moment.Kind == CallEventKind.RingingOnAgent) is true;

    private static IEnumerable<Announcement<Call>> Announced(Call? before, Call after, PopChange pop, JsonObject? card)
    {
        var names = Names(before, after).ToList();
        if (pop.Action == PopAction.Open && card is not null)
        {
            names.RemoveAll(name => name is "updated" or "ringing");
            foreach (var name in names)
            {
                yield return new(name);
            }

            yield return new("ringing", call => WithCard(call, card));
            yield break;
        }

        if (pop.Action == PopAction.CloseForAgent)
        {
            names.RemoveAll(name => name == "updated");
            yield return new("declined", call => new { call.Id, call.CallId, call.Status, pop.Agent, call.Version });
        }

        foreach (var name in names)
        {
            yield return new(name);
        }
    }

    private static JsonObject WithCard(Call call, JsonObject card)
    {
        var told = JsonSerializer.SerializeToNode(CallKind.Told(call), RowJson.Client)!.AsObject();
        told["card"] = card.DeepClone();
        return told;
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
                // What opens a card is announced with it; a ring that is told late opens none.
                CallStatus.Ringing => "updated",
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
