namespace ChargeCars.Planning.Routes;

/// <summary>
/// When a crew arrives at and ends each of its visits of today, from where its van is and what is under way. Pure. The day is
/// run through three times, with everything as short, as long as expected and as long as may be, so that the range widens with
/// every drive and every visit before it.
/// </summary>
public static class ArrivalForecast
{
    /// <summary>One forecast for each visit that is not over, in the order in which the crew does them.</summary>
    /// <param name="crew">The crew.</param>
    /// <param name="visits">Its visits of today, those that are over too: where the last of them was may be where the crew is.</param>
    /// <param name="live">Where its van was last seen; null where it was not.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="travel">The drives among all places, the live one too.</param>
    /// <param name="options">How uncertain drives and visits are.</param>
    public static IReadOnlyList<VisitForecast> Expect(
        Crew crew, IReadOnlyList<RouteVisit> visits, LivePosition? live, DateTimeOffset now, TravelTable travel, PlanningOptions options)
    {
        // The one at which the crew is comes first, then the one that it drives to.
        List<RouteVisit> ahead =
        [
            .. visits.Where(visit => visit.Progress is VisitProgress.EnRoute or VisitProgress.OnSite
                    || (visit.Progress == VisitProgress.Planned && visit.Planned is not null))
                .OrderByDescending(visit => visit.Progress).ThenBy(visit => visit.Planned?.Start).ThenBy(visit => visit.Id),
        ];
        if (ahead.Count == 0)
        {
            return [];
        }

        var isSeen = live is not null && now - live.FixTime <= options.PositionMaxAge;
        var departure = Departure(crew, visits, ahead[0], live, isSeen, now, travel);
        // Who has not been seen may be anywhere: its drives are twice as uncertain.
        var drive = Math.Min(0.9, options.TravelSpread * (isSeen ? 1 : 2));
        var day = new DayAhead(crew, ahead, PausesBefore(crew, ahead, now), departure, now, travel, options);
        var shortest = day.Run(1 - drive, 1 - options.DurationSpread, TimeSpan.Zero, Pace.Shortest);
        var usual = day.Run(1, 1, TimeSpan.FromMinutes(options.OverrunMinutes), Pace.Usual);
        var longest = day.Run(1 + drive, 1 + options.DurationSpread, TimeSpan.FromMinutes(2 * options.OverrunMinutes), Pace.Longest);
        return [.. ahead.Select((visit, i) => Judge(visit, shortest[i], usual[i], longest[i], options))];
    }

    private static VisitForecast Judge(RouteVisit visit, Stay shortest, Stay usual, Stay longest, PlanningOptions options)
    {
        var promise = visit.WindowEnd ?? visit.Planned?.Start.AddMinutes(options.LateAfterMinutes);
        var late = promise is { } end ? (int)Math.Ceiling((usual.Arrival - end).TotalMinutes) : 0;
        return new(
            visit.Id,
            new(shortest.Arrival, usual.Arrival, longest.Arrival),
            new(shortest.End, usual.End, longest.End),
            late > 0 ? Punctuality.Late : longest.Arrival > promise ? Punctuality.AtRisk : Punctuality.OnTime,
            Math.Max(0, late));
    }

    /// <summary>
    /// From where and when the crew goes on: where its van was seen, else where it is known to have been last, at a visit or by a fix that
    /// is old by now, else where its day begins.
    /// </summary>
    private static (MapPoint? Place, DateTimeOffset Time) Departure(
        Crew crew, IReadOnlyList<RouteVisit> visits, RouteVisit first, LivePosition? live, bool isSeen, DateTimeOffset now, TravelTable travel)
    {
        var underWay = first.Progress == VisitProgress.EnRoute;
        if (isSeen)
        {
            // A van under way has driven on since its fix; a tracker's clock may be ahead of ours.
            return (live!.Place, underWay && live.FixTime < now ? live.FixTime : now);
        }

        var since = underWay && first.EnRouteAt < now ? first.EnRouteAt.Value : now;
        if (visits.Where(visit => visit.Progress == VisitProgress.Over && visit.ArrivedAt is not null && visit.EndedAt is not null)
            .MaxBy(visit => visit.EndedAt) is { } last && !(live?.FixTime > last.EndedAt))
        {
            return (last.Place, since);
        }

        var place = live?.Place ?? crew.StartPlace;
        return (place, !underWay && DayBegin(crew, place, first, travel) is { } begin && begin > now ? begin : since);
    }

    /// <summary>When the crew sets out: with its hours, or earlier where its first visit is planned before what they allow.</summary>
    private static DateTimeOffset? DayBegin(Crew crew, MapPoint? place, RouteVisit first, TravelTable travel)
    {
        var needed = first.Planned?.Start.AddSeconds(-travel.Seconds(place, first.Place));
        return needed < crew.Hours?.Start ? needed : crew.Hours?.Start;
    }

    /// <summary>Each break before the first visit that would last beyond its latest beginning; those of before now are over.</summary>
    private static List<CrewBreak>[] PausesBefore(Crew crew, List<RouteVisit> ahead, DateTimeOffset now)
    {
        var before = new List<CrewBreak>[ahead.Count];
        for (var i = 0; i < before.Length; i++)
        {
            before[i] = [];
        }

        foreach (var pause in crew.Breaks.Where(pause => pause.Latest > now).OrderBy(pause => pause.Earliest))
        {
            var position = ahead.FindIndex(visit => visit.Progress == VisitProgress.Planned && visit.Planned!.Value.End > pause.Latest);
            if (position >= 0)
            {
                before[position].Add(pause);
            }
        }

        return before;
    }

    private enum Pace
    {
        Shortest,
        Usual,
        Longest,
    }

    private readonly record struct Stay(DateTimeOffset Arrival, DateTimeOffset End);

    private sealed record DayAhead(
        Crew Crew, List<RouteVisit> Visits, List<CrewBreak>[] Pauses, (MapPoint? Place, DateTimeOffset Time) Departure, DateTimeOffset Now,
        TravelTable Travel, PlanningOptions Options)
    {
        /// <summary>Runs through the day.</summary>
        public Stay[] Run(double drive, double work, TimeSpan overrun, Pace pace)
        {
            var stays = new Stay[Visits.Count];
            var (place, time) = Departure;
            for (var i = 0; i < stays.Length; i++)
            {
                var visit = Visits[i];
                foreach (var pause in Pauses[i])
                {
                    time = Later(time, pause.Earliest).AddMinutes(pause.Minutes);
                }

                var lasts = (visit.Planned?.Duration ?? Crew.DurationOf(visit)) * work;
                stays[i] = visit.Progress == VisitProgress.OnSite
                    ? Present(visit, lasts, overrun)
                    : Coming(visit, time.AddSeconds(Travel.Seconds(place, visit.Place) * drive), lasts, pace, isFromSomewhere: place is not null);
                (place, time) = (visit.Place ?? place, stays[i].End);
            }

            return stays;
        }

        private Stay Present(RouteVisit visit, TimeSpan lasts, TimeSpan overrun) =>
            new(visit.ArrivedAt ?? visit.StartedAt ?? Now, Later((visit.StartedAt ?? Now) + lasts, Now + overrun));

        private Stay Coming(RouteVisit visit, DateTimeOffset arrival, TimeSpan lasts, Pace pace, bool isFromSomewhere)
        {
            arrival = Later(arrival, Now);
            var agreed = visit.Planned?.Start ?? arrival;
            var welcome = visit.WindowStart < agreed ? visit.WindowStart.Value : agreed;
            // The crew may come as soon as the customer expects somebody. Where nobody knows from where it comes, what was agreed is all there is.
            if (visit.Progress == VisitProgress.Planned || !isFromSomewhere)
            {
                arrival = Later(arrival, pace == Pace.Shortest ? welcome : agreed);
            }

            if (!isFromSomewhere && visit.Progress == VisitProgress.EnRoute && pace == Pace.Longest)
            {
                arrival = Later(arrival, visit.WindowEnd ?? agreed.AddMinutes(Options.LateAfterMinutes));
            }

            return new(arrival, Later(arrival, welcome) + lasts);
        }

        private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
    }
}
