namespace ChargeCars.Planning.Routes;

/// <summary>
/// A crew's stops of a day in their order, with what follows from the order. A forward pass gives when each stop begins
/// (arrival = end of the former + travel; start = the later of arrival and <see cref="RouteStop.Earliest"/>), a backward pass
/// when it must begin at the latest for everything after it to be in time. With both, <see cref="Try"/> tells in constant time
/// what an insertion brings. Lateness is carried on, never hidden: a late stop makes the next ones late.
/// </summary>
/// <remarks>Changed in place, by one thread at a time; a change costs one pass over the route.</remarks>
public sealed class Route
{
    private readonly TravelMatrix _travel;

    // The departure is the first node and the return the last, so that every stop has neighbours.
    private Node[] _nodes;
    private int _count;
    private int _firstLate;

    /// <summary>A route with its stops in their order.</summary>
    public Route(TravelMatrix travel, Shift shift, ReadOnlySpan<RouteStop> stops = default)
    {
        (_travel, Shift, _count) = (travel, shift, stops.Length);
        _nodes = new Node[Math.Max(stops.Length, 8) + 2];
        _nodes[0].Stop = new(shift.StartPlace, shift.Start, RouteStop.Unbounded, 0, -1);
        for (var i = 0; i < stops.Length; i++)
        {
            _nodes[i + 1].Stop = stops[i];
        }

        Pass();
    }

    /// <summary>When and where it begins and ends.</summary>
    public Shift Shift { get; }

    /// <summary>How many stops there are.</summary>
    public int Count => _count;

    /// <summary>A stop by its position.</summary>
    public RouteStop this[int position] => At(position).Stop;

    /// <summary>Seconds of driving, from the start to the end.</summary>
    public int Travel { get; private set; }

    /// <summary>Metres of driving.</summary>
    public int Meters { get; private set; }

    /// <summary>When the crew is back.</summary>
    public int Finish => _nodes[_count + 1].Start;

    /// <summary>Whether every stop begins in time and the crew is back in time.</summary>
    public bool IsFeasible => _firstLate > _count + 1;

    /// <summary>When the crew arrives at a stop.</summary>
    public int Arrival(int position) => At(position).Arrival;

    /// <summary>When a stop begins.</summary>
    public int Start(int position) => At(position).Start;

    /// <summary>
    /// When a stop must begin at the latest so that it and all that follows is in time, unless a later one can't be so however
    /// early the crew comes.
    /// </summary>
    public int LatestStart(int position) => At(position).LatestStart;

    /// <summary>Seconds of driving to a stop from the one before it.</summary>
    public int TravelTo(int position) => At(position).Leg;

    /// <summary>What inserting a stop before the one at <paramref name="position"/> brings (at <see cref="Count"/>: after all).</summary>
    public Insertion Try(int position, in RouteStop stop)
    {
        ref readonly var before = ref _nodes[position];
        var place = stop.Place >= 0 ? stop.Place : before.Place;
        var travel = Between(before.Place, place);
        var start = Math.Max(before.End + travel, stop.Earliest);
        var possible = _firstLate > position && start <= stop.Latest;
        var (latest, offset, time, next) = (stop.Latest, stop.Duration, start + stop.Duration, position + 1);
        // Breaks follow the crew: what is inserted before them moves them to its own place.
        while (next <= _count && _nodes[next].Stop.Place < 0)
        {
            ref readonly var pause = ref _nodes[next++].Stop;
            latest = Math.Min(latest, pause.Latest - offset);
            offset += pause.Duration;
            time = Math.Max(time, pause.Earliest);
            possible &= time <= pause.Latest;
            time += pause.Duration;
        }

        ref readonly var after = ref _nodes[next];
        var target = after.Stop.Place >= 0 ? after.Stop.Place : place;
        var onward = Between(place, target);
        possible &= after.IsTailPossible && time + onward <= after.LatestStart;
        latest = Math.Min(latest, after.LatestStart - onward - offset);
        var finish = Math.Max(time + onward + after.TailDuration, after.TailFinish);
        var added = travel + onward - (after.Stop.Place >= 0 ? Between(before.Place, target) : 0);
        return new(possible, travel, added, start, latest - start, finish);
    }

    /// <summary>Inserts a stop before the one at <paramref name="position"/>.</summary>
    public void Insert(int position, in RouteStop stop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)position, (uint)_count);
        if (_count + 2 == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        Array.Copy(_nodes, position + 1, _nodes, position + 2, _count - position);
        _nodes[position + 1].Stop = stop;
        _count++;
        Pass();
    }

    /// <summary>Takes some neighbouring stops out.</summary>
    public void Remove(int position, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position + count, _count);
        Array.Copy(_nodes, position + 1 + count, _nodes, position + 1, _count - position - count);
        _count -= count;
        Pass();
    }

    /// <summary>A copy that changes on its own.</summary>
    public Route Copy() => new(_travel, Shift, Stops());

    /// <summary>
    /// The same route with what is late already allowed to be as late as it is, so that an insertion is judged by what it
    /// brings and not by what was there.
    /// </summary>
    public Route Tolerated()
    {
        var stops = Stops();
        for (var i = 0; i < stops.Length; i++)
        {
            stops[i] = stops[i] with { Latest = Math.Max(stops[i].Latest, Start(i)) };
        }

        return new(_travel, Shift with { End = Math.Max(Shift.End, Finish) }, stops);
    }

    /// <summary>The stops in their order.</summary>
    public RouteStop[] Stops()
    {
        var stops = new RouteStop[_count];
        for (var i = 0; i < _count; i++)
        {
            stops[i] = _nodes[i + 1].Stop;
        }

        return stops;
    }

    private ref readonly Node At(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)_count);
        return ref _nodes[position + 1];
    }

    private int Between(int from, int to) => from < 0 || to < 0 || from == to ? 0 : _travel.Seconds(from, to);

    private void Pass()
    {
        var last = _count + 1;
        _nodes[last].Stop = new(Shift.EndPlace, int.MinValue / 4, Shift.End, 0, -1);
        Forward(last);
        Backward(last);
    }

    private void Forward(int last)
    {
        _nodes[0].Place = _nodes[0].Stop.Place;
        _nodes[0].Start = _nodes[0].End = Shift.Start;
        (Travel, Meters, _firstLate) = (0, 0, last + 1);
        for (var i = 1; i <= last; i++)
        {
            ref readonly var before = ref _nodes[i - 1];
            ref var node = ref _nodes[i];
            node.Place = node.Stop.Place >= 0 ? node.Stop.Place : before.Place;
            node.Leg = Between(before.Place, node.Place);
            node.Arrival = before.End + node.Leg;
            node.Start = Math.Max(node.Arrival, node.Stop.Earliest);
            node.End = node.Start + node.Stop.Duration;
            Travel += node.Leg;
            Meters += before.Place < 0 || node.Place == before.Place ? 0 : _travel.Meters(before.Place, node.Place);
            if (node.Start > node.Stop.Latest && _firstLate > i)
            {
                _firstLate = i;
            }
        }
    }

    private void Backward(int last)
    {
        ref var home = ref _nodes[last];
        (home.LatestStart, home.TailDuration, home.TailFinish, home.IsTailPossible) = (home.Stop.Latest, 0, home.Stop.Earliest, true);
        for (var i = last - 1; i >= 1; i--)
        {
            ref readonly var after = ref _nodes[i + 1];
            ref var node = ref _nodes[i];
            node.LatestStart = Math.Min(node.Stop.Latest, after.LatestStart - after.Leg - node.Stop.Duration);
            node.TailDuration = node.Stop.Duration + after.Leg + after.TailDuration;
            node.TailFinish = Math.Max(node.Stop.Earliest + node.TailDuration, after.TailFinish);
            node.IsTailPossible = after.IsTailPossible && node.Stop.Earliest <= node.LatestStart;
        }
    }

    private struct Node
    {
        public RouteStop Stop;

        /// <summary>Where the crew is: the stop's place or, for a break, that of the stop before it.</summary>
        public int Place;
        public int Leg;
        public int Arrival;
        public int Start;
        public int End;
        public int LatestStart;

        /// <summary>Seconds from this stop's start to the return when nobody waits.</summary>
        public int TailDuration;

        /// <summary>When the crew is back at the earliest, however early it comes here: waiting for later stops decides.</summary>
        public int TailFinish;

        /// <summary>Whether this stop and all after it are in time if only the crew comes here early enough.</summary>
        public bool IsTailPossible;
    }
}
