using ChargeCars.Planning.Routes;

namespace ChargeCars.Tests.Planning.Routes;

/// <summary>A route worked out the plainest way, stop by stop, to hold <see cref="Route"/> against.</summary>
internal sealed record PlainRoute(int[] Starts, int Finish, int Travel, bool IsFeasible)
{
    /// <summary>Runs through the stops; one of them may be made to begin later than it could.</summary>
    public static PlainRoute Run(TravelMatrix travel, Shift shift, IReadOnlyList<RouteStop> stops, int delayed = -1, int delay = 0)
    {
        var (place, time, driven, inTime) = (shift.StartPlace, shift.Start, 0, true);
        var starts = new int[stops.Count];
        for (var i = 0; i < stops.Count; i++)
        {
            time += Drive(stops[i].Place);
            time = Math.Max(time, stops[i].Earliest) + (i == delayed ? delay : 0);
            inTime &= time <= stops[i].Latest;
            starts[i] = time;
            time += stops[i].Duration;
        }

        time += Drive(shift.EndPlace);
        return new(starts, time, driven, inTime && time <= shift.End);

        int Drive(int to)
        {
            if (to < 0)
            {
                return 0;
            }

            var seconds = place < 0 ? 0 : travel.Seconds(place, to);
            (driven, place) = (driven + seconds, to);
            return seconds;
        }
    }

    /// <summary>By how many seconds a stop of a route that is in time may begin later; found by trying.</summary>
    public static int Slack(TravelMatrix travel, Shift shift, IReadOnlyList<RouteStop> stops, int position)
    {
        var (possible, impossible) = (0, RouteStop.Unbounded);
        while (impossible - possible > 1)
        {
            var middle = possible + ((impossible - possible) / 2);
            if (Run(travel, shift, stops, position, middle).IsFeasible)
            {
                possible = middle;
            }
            else
            {
                impossible = middle;
            }
        }

        return possible;
    }

    /// <summary>Any matrix, also one in which a detour is faster, and any stops: breaks, tight and open windows.</summary>
    public static (TravelMatrix Travel, Shift Shift, List<RouteStop> Stops) Any(Random random, int most = 8)
    {
        var places = random.Next(1, 7);
        var seconds = Enumerable.Range(0, places * places).Select(cell => cell % (places + 1) == 0 ? 0 : random.Next(0, 4_000)).ToArray();
        var shift = new Shift(random.Next(-1, places), random.Next(-1, places), random.Next(0, 3_600), random.Next(10_000, 60_000));
        var stops = Enumerable.Range(0, random.Next(0, most + 1)).Select(_ => AnyStop(random, places)).ToList();
        return (new(places, places, seconds, seconds), shift, stops);
    }

    public static RouteStop AnyStop(Random random, int places)
    {
        var earliest = random.Next(3) == 0 ? 0 : random.Next(0, 30_000);
        var latest = random.Next(3) == 0 ? RouteStop.Unbounded : earliest + random.Next(0, 20_000);
        return new(random.Next(6) == 0 ? RouteStop.Anywhere : random.Next(places), earliest, latest, random.Next(0, 5_000));
    }
}
