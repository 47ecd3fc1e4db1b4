namespace ChargeCars.Planning.Routes;

/// <summary>One stop as the clock sees it. Times are whole seconds since an origin that all stops of a route share.</summary>
/// <param name="Place">Its row in the travel matrix; <see cref="Anywhere"/> for a break, which is taken wherever the crew is.</param>
/// <param name="Earliest">The first second at which it may begin; a crew that comes before waits.</param>
/// <param name="Latest">The last second at which it may begin.</param>
/// <param name="Duration">How long it lasts, seconds.</param>
/// <param name="Key">What the caller knows it by.</param>
public readonly record struct RouteStop(int Place, int Earliest, int Latest, int Duration, int Key = 0)
{
    /// <summary>The place of a stop that needs no driving to.</summary>
    public const int Anywhere = -1;

    /// <summary>A <see cref="Latest"/> that binds nothing, with room to add a day's seconds to.</summary>
    public const int Unbounded = int.MaxValue / 4;
}

/// <summary>When and where a crew's day begins and ends.</summary>
/// <param name="StartPlace">Where it sets out; <see cref="RouteStop.Anywhere"/> where the drive to the first stop is not counted.</param>
/// <param name="EndPlace">Where it must be back; <see cref="RouteStop.Anywhere"/> where the drive back is not counted.</param>
/// <param name="Start">When it sets out at the earliest, seconds.</param>
/// <param name="End">When it must be back at the latest, seconds.</param>
public readonly record struct Shift(int StartPlace, int EndPlace, int Start, int End);

/// <summary>What becomes of a route with one stop more.</summary>
/// <param name="IsFeasible">Whether every stop begins in time and the crew is back in time.</param>
/// <param name="Travel">Seconds of driving to the new stop.</param>
/// <param name="AddedTravel">Seconds of driving that the route gains; negative where the detour is faster than the direct way.</param>
/// <param name="Start">When the new stop begins.</param>
/// <param name="Slack">Where it is feasible: by how many seconds it may begin later with everything still in time.</param>
/// <param name="Finish">When the crew is back.</param>
public readonly record struct Insertion(bool IsFeasible, int Travel, int AddedTravel, int Start, int Slack, int Finish);
