using ChargeCars.Api.Identity;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Conversations.Tracking;

/// <summary>
/// Takes what customers answer by their link. That they are content is the visit's confirmation, by its ordinary command; that they would
/// like another time is a wish, which changes nothing of the visit: people see to it (docs/adr/0074).
/// </summary>
internal sealed class TrackAnswers(IGrainFactory grains, IOptions<TrackingOptions> options, TimeProvider time)
{
    private const int MostTries = 4;

    /// <summary>The time suits them. Said again it has no further effect.</summary>
    /// <param name="link">Their link.</param>
    /// <param name="shown">What their page showed; null where it does not say.</param>
    /// <param name="http">The request.</param>
    public async Task<Error?> ConfirmAsync(OpenLink link, TrackArrival? shown, HttpContext http)
    {
        var grain = grains.GetGrain<IEntityGrain<Visit>>(link.VisitId);
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var visit = await grain.GetAsync();
            if (!visit.Succeeded)
            {
                return visit.Error;
            }

            if (TrackRules.RefuseAnswer(visit.Value, shown, time.GetUtcNow()) is { } refusal)
            {
                return refusal;
            }

            // What they saw is what they confirm: not a time that somebody chooses at the same moment.
            var done = visit.Value.Status == VisitStatus.Confirmed ? visit : await grain.ExecuteAsync(
                new ActOnVisit(VisitAction.Confirm) { Reason = "the customer confirmed it by their link" },
                Context(link, http) with { ExpectedVersion = visit.Value.Version });
            if (done.Succeeded)
            {
                return (await Link(link).ExecuteAsync(new TakeBackWish(), Context(link, http))).Error;
            }

            if (done.Error is not (StaleVersion or TransitionRefused or TryAgain))
            {
                return done.Error;
            }
        }

        return new TryAgain("The appointment is being changed at this moment. Try again.");
    }

    /// <summary>They would like another time. The same said again is one wish.</summary>
    /// <param name="link">Their link.</param>
    /// <param name="shown">What their page showed; null where it does not say.</param>
    /// <param name="days">The days that would suit them.</param>
    /// <param name="reason">In their words; null where they gave none.</param>
    /// <param name="http">The request.</param>
    public async Task<Error?> AskAsync(OpenLink link, TrackArrival? shown, IReadOnlyList<DateOnly> days, string? reason, HttpContext http)
    {
        var now = time.GetUtcNow();
        DateOnly[] asked = [.. days.Distinct().Order()];
        if (TrackRules.Check(asked, reason, WallClock.DateOf(now), options.Value.WishHorizonDays) is { } fault)
        {
            return fault;
        }

        var visit = await grains.GetGrain<IEntityGrain<Visit>>(link.VisitId).GetAsync();
        if (!visit.Succeeded)
        {
            return visit.Error;
        }

        if (TrackRules.RefuseWish(visit.Value, shown, now, options.Value.WishNotice) is { } refusal)
        {
            return refusal;
        }

        var (promised, words) = (TrackRules.Promised(visit.Value)!, PlainText.TidyLinesOrNull(reason));
        return (await Link(link).ExecuteAsync(
            new AskAnotherTime(promised.From, promised.Until, visit.Value.ConfirmedAt, asked, words, options.Value.MostWishes), Context(link, http))).Error;
    }

    private IEntityGrain<TrackingLink> Link(OpenLink link) => grains.GetGrain<IEntityGrain<TrackingLink>>(link.Id);

    private CommandContext Context(OpenLink link, HttpContext http) => RequestOrigin.Context(http, Actor.CustomerBy(link.Id), time);
}
