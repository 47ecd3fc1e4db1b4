namespace ChargeCars.Planning.Routes;

/// <summary>
/// The visits that one van, team or person does one after the other on a day, as a route. A visit may share its van with some
/// and its team with others: it stands in a lane of each.
/// </summary>
internal sealed class Lane
{
    private readonly Crew _crew;
    private readonly TravelTable _travel;
    private readonly RouteClock _clock;
    private readonly PlanningOptions _options;

    public Lane(IEnumerable<RouteVisit> visits, Crew crew, TravelTable travel, PlanningOptions options)
    {
        (_crew, _travel, _options) = (crew, travel, options);
        _clock = RouteClock.Of(crew.Day);
        Visits = [.. visits.Where(visit => visit.Planned is not null).OrderBy(visit => visit.Planned!.Value.Start).ThenBy(visit => visit.Id)];
    }

    /// <summary>In the order of their planned times.</summary>
    public IReadOnlyList<RouteVisit> Visits { get; }

    /// <summary>The hours as a route has them: it may set out before them, and is back by the end of the longest day that is allowed. Without hours nothing is bounded.</summary>
    public Shift Shift => _crew.Hours is { } hours
        ? new(_travel.IndexOf(_crew.StartPlace), _travel.IndexOf(_crew.EndPlace), _clock.At(hours.Start - _crew.EarlyStart), LatestEnd(hours))
        : new(_travel.IndexOf(_crew.StartPlace), _travel.IndexOf(_crew.EndPlace), -RouteStop.Unbounded, RouteStop.Unbounded);

    /// <summary>The route as it is planned: nobody begins before the planned time.</summary>
    public Route Planned() => new(_travel.Matrix, Shift, [.. Visits.Select(Stop)]);

    /// <summary>The route with every planned time kept: only gaps are free.</summary>
    public Route Frozen()
    {
        var stops = Visits.Select(visit => Stop(visit) with { Latest = _clock.At(visit.Planned!.Value.Start) }).ToArray();
        return new Route(_travel.Matrix, Shift, stops).Tolerated();
    }

    /// <summary>
    /// A planned visit as a stop. It must begin within what was promised; without a promise the planned time is what the
    /// customer was told. A plan that breaks its own promise is not late by itself.
    /// </summary>
    public RouteStop Stop(RouteVisit visit)
    {
        var planned = visit.Planned!.Value;
        var start = _clock.At(planned.Start);
        var latest = visit.WindowEnd is { } end ? Math.Max(_clock.At(end), start) : start;
        return new(_travel.IndexOf(visit.Place), start, latest, _clock.At(planned.End) - start);
    }

    /// <summary>A break as a stop.</summary>
    public RouteStop Stop(CrewBreak pause) =>
        new(RouteStop.Anywhere, _clock.At(pause.Earliest), _clock.At(pause.Latest), pause.Minutes * 60);

    /// <summary>Whether all breaks of the crew find room in a route.</summary>
    public bool BreaksFit(Route route)
    {
        if (_crew.Breaks.Count == 0)
        {
            return true;
        }

        var filled = route.Tolerated();
        foreach (var pause in _crew.Breaks.Select(Stop))
        {
            var position = -1;
            for (var i = 0; i <= filled.Count && position < 0; i++)
            {
                position = filled.Try(i, pause).IsFeasible ? i : -1;
            }

            if (position < 0)
            {
                return false;
            }

            filled.Insert(position, pause);
        }

        return true;
    }

    private int LatestEnd(TimeRange hours) => _clock.At(hours.End) + (_options.OvertimeMinutes * 60);
}
