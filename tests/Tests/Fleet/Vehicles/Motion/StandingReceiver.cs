using System.Globalization;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>
/// A real receiver that stood still, by its errors in the order in which they were recorded; where they are from stands in
/// StandingReceivers.csv. Longer than the recording it begins again.
/// </summary>
internal sealed class StandingReceiver
{
    private readonly SortedList<int, Error> _errors = [];

    /// <param name="name"><c>sirf2</c> (ten minutes), <c>ublox</c> (five) or <c>navisys</c> (one and a half, which loses its fix).</param>
    public StandingReceiver(string name)
    {
        using var lines = new StreamReader(typeof(StandingReceiver).Assembly.GetManifestResourceStream("StandingReceivers.csv")!);
        while (lines.ReadLine() is { } line)
        {
            if (line.Split(',') is [var receiver, var seconds, var north, var east, var accuracy, var speed] && receiver == name)
            {
                _errors.Add(int.Parse(seconds, CultureInfo.InvariantCulture), new(Number(north)!.Value, Number(east)!.Value, Number(accuracy), Number(speed)));
            }
        }
    }

    /// <summary>Its error so long after the beginning; the last one known where it had lost its fix.</summary>
    public Error At(double seconds)
    {
        var second = (int)seconds % (_errors.GetKeyAtIndex(_errors.Count - 1) + 1);
        while (!_errors.ContainsKey(second))
        {
            second--;
        }

        return _errors[second];
    }

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Metres from the true place, the error that it stated itself in metres, and the speed that it saw, km/h.</summary>
    public readonly record struct Error(double North, double East, double? Accuracy, double? SpeedKmh);
}
