using ChargeCars.Planning.Routes;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Planning.Routes;

public sealed class RouteTests
{
    [Property(MaxTest = 1_000)]
    public void Route_OfAnyStops_IsThePlainOne(int seed)
    {
        var (travel, shift, stops) = PlainRoute.Any(new Random(seed));

        var route = new Route(travel, shift, [.. stops]);

        AssertSame(PlainRoute.Run(travel, shift, stops), route);
        Assert.Equal(stops, route.Stops());
    }

    [Property(MaxTest = 2_000)]
    public void Try_AnyInsertion_TellsWhatTheWholeRouteWouldBe(int seed)
    {
        var random = new Random(seed);
        var (travel, shift, stops) = PlainRoute.Any(random);
        var route = new Route(travel, shift, [.. stops]);
        var (stop, position) = (PlainRoute.AnyStop(random, travel.From), random.Next(stops.Count + 1));

        var insertion = route.Try(position, stop);

        var travelBefore = route.Travel;
        stops.Insert(position, stop);
        var whole = PlainRoute.Run(travel, shift, stops);
        Assert.Equal(
            (whole.IsFeasible, whole.Starts[position], whole.Finish, whole.Travel - travelBefore),
            (insertion.IsFeasible, insertion.Start, insertion.Finish, insertion.AddedTravel));
        if (whole.IsFeasible)
        {
            Assert.Equal(PlainRoute.Slack(travel, shift, stops, position), insertion.Slack);
        }

        route.Insert(position, stop);
        AssertSame(whole, route);
        Assert.Equal(insertion.Travel, route.TravelTo(position));
        Assert.Equal(insertion.Slack, route.LatestStart(position) - route.Start(position));
    }

    [Property(MaxTest = 500)]
    public void LatestStart_OfARouteInTime_IsTheLastSecondThatKeepsItInTime(int seed)
    {
        var (travel, shift, stops) = PlainRoute.Any(new Random(seed), most: 5);
        var route = new Route(travel, shift with { End = RouteStop.Unbounded }, [.. stops.Select(stop => stop with { Latest = stop.Latest + 30_000 })]);

        if (!route.IsFeasible)
        {
            Assert.Contains(Enumerable.Range(0, route.Count), i => route.Start(i) > route[i].Latest);
            return;
        }

        for (var i = 0; i < route.Count; i++)
        {
            var late = route.LatestStart(i) - route.Start(i);
            Assert.True(late >= 0);
            Assert.True(PlainRoute.Run(travel, route.Shift, route.Stops(), i, late).IsFeasible);
            Assert.False(late < RouteStop.Unbounded / 2 && PlainRoute.Run(travel, route.Shift, route.Stops(), i, late + 1).IsFeasible);
        }
    }

    [Property(MaxTest = 300)]
    public void Route_AfterAnyChanges_IsAsIfMadeOfItsStops(int seed)
    {
        var random = new Random(seed);
        var (travel, shift, stops) = PlainRoute.Any(random);
        var route = new Route(travel, shift, [.. stops]);
        for (var step = 0; step < 30; step++)
        {
            if (stops.Count > 0 && random.Next(2) == 0)
            {
                var (from, count) = (random.Next(stops.Count), 1);
                count += random.Next(stops.Count - from);
                stops.RemoveRange(from, count);
                route.Remove(from, count);
            }
            else
            {
                var (position, stop) = (random.Next(stops.Count + 1), PlainRoute.AnyStop(random, travel.From));
                stops.Insert(position, stop);
                route.Insert(position, stop);
            }
        }

        AssertSame(PlainRoute.Run(travel, shift, stops), route);
        AssertSame(PlainRoute.Run(travel, shift, stops), route.Copy());
    }

    [Property(MaxTest = 300)]
    public void Tolerated_AnyRoute_IsInTimeWithTheSameTimes(int seed)
    {
        var (travel, shift, stops) = PlainRoute.Any(new Random(seed));
        var route = new Route(travel, shift, [.. stops]);

        var tolerated = route.Tolerated();

        Assert.True(tolerated.IsFeasible);
        Assert.Equal(Enumerable.Range(0, route.Count).Select(route.Start), Enumerable.Range(0, route.Count).Select(tolerated.Start));
        Assert.Equal((route.Finish, route.Travel), (tolerated.Finish, tolerated.Travel));
    }

    /// <summary>All orders of a few visits: the best by insertions judged in constant time is the best by whole evaluation.</summary>
    [Property(MaxTest = 60)]
    public void Try_OverAllOrdersOfAFewVisits_FindsTheShortestThatPlainEvaluationFinds(int seed)
    {
        var random = new Random(seed);
        var (travel, shift, _) = PlainRoute.Any(random);
        var stops = Enumerable.Range(0, 4).Select(_ => PlainRoute.AnyStop(random, travel.From)).ToList();

        var plain = Orders(stops).Select(order => PlainRoute.Run(travel, shift, order)).Where(route => route.IsFeasible).Min(route => (int?)route.Travel);
        var tried = Orders([.. stops.Take(3)])
            .Select(order => new Route(travel, shift, [.. order]))
            .SelectMany(route => Enumerable.Range(0, 4).Select(position => (route.Travel, Insertion: route.Try(position, stops[3]))))
            .Where(pair => pair.Insertion.IsFeasible)
            .Min(pair => (int?)(pair.Travel + pair.Insertion.AddedTravel));

        Assert.Equal(plain, tried);
    }

    [Fact]
    public void Try_WhereThereIsNoRoad_IsNotFeasible()
    {
        var travel = new TravelMatrix(2, 2, [0, TravelMatrix.Unreachable, TravelMatrix.Unreachable, 0], [0, 0, 0, 0]);
        var route = new Route(travel, new Shift(0, 0, 0, 86_400));

        Assert.False(route.Try(0, new RouteStop(1, 0, 86_400, 60)).IsFeasible);
        Assert.True(route.Try(0, new RouteStop(0, 0, 86_400, 60)).IsFeasible);
    }

    private static void AssertSame(PlainRoute expected, Route route)
    {
        Assert.Equal(expected.Starts, Enumerable.Range(0, route.Count).Select(route.Start));
        Assert.Equal((expected.Finish, expected.Travel, expected.IsFeasible), (route.Finish, route.Travel, route.IsFeasible));
        Assert.Equal(expected.Travel, route.Meters); // The matrix has the same numbers for both.
    }

    private static IEnumerable<List<RouteStop>> Orders(List<RouteStop> stops) => stops.Count <= 1
        ? [stops]
        : stops.SelectMany((first, i) => Orders([.. stops.Where((_, j) => j != i)]).Select(rest => (List<RouteStop>)[first, .. rest]));
}
