namespace ChargeCars.Silo.Demo;

/// <summary>
/// The last piece to a customer: streets of no map, at right angles, in the direction that a town's streets have.
/// </summary>
internal static class Streets
{
    private const double Limit = 45;
    private const double Corner = 18;

    // So short that a van that pulls up is seen to brake.
    private const double PieceMeters = 40;

    /// <summary>From the centre to the door.</summary>
    public static Track To(Town town, Dice customer) => Draw(Corners(town, customer), customer, isArrival: true);

    /// <summary>From the door to the centre.</summary>
    public static Track From(Town town, Dice customer)
    {
        var corners = Corners(town, customer);
        corners.Reverse();
        return Draw(corners, customer.For(7), isArrival: false);
    }

    private static List<Place> Corners(Town town, Dice customer)
    {
        var direction = Dice.Of(town.Index).Between(1, 0, Math.PI / 2) + (customer.Pick(1, 4) * Math.PI / 2);
        List<Place> corners = [town.Centre];
        double[] lengths =
        [
            customer.Between(2, 400, 2_200), customer.Between(3, 150, 900), customer.Between(4, 80, 500), customer.Between(5, 30, 120),
        ];
        for (var i = 0; i < lengths.Length; i++)
        {
            var (north, east) = (Math.Cos(direction) * lengths[i], Math.Sin(direction) * lengths[i]);
            corners.Add(corners[^1].Moved(north, east));
            direction += customer.Throw(10 + i) < 0.5 ? Math.PI / 2 : -Math.PI / 2;
        }

        return corners;
    }

    private static Track Draw(List<Place> corners, Dice lights, bool isArrival)
    {
        var (points, limits) = (new List<Place>(), new List<double>());
        for (var i = 0; i < corners.Count - 1; i++)
        {
            var pieces = Math.Max(2, (int)(corners[i].MetersTo(corners[i + 1]) / PieceMeters));
            for (var piece = 0; piece < pieces; piece++)
            {
                points.Add(corners[i].Towards(corners[i + 1], (double)piece / pieces));
                // At some corners the light is red.
                limits.Add(piece > 0 ? Limit : lights.Throw(20 + i) < 0.25 ? 0 : Corner);
            }
        }

        points.Add(corners[^1]);
        limits.Add(Limit);
        limits[0] = isArrival ? RoadMap.TownSpeed : 0;
        limits[^1] = isArrival ? 0 : RoadMap.TownSpeed;
        return new(points, limits);
    }
}
