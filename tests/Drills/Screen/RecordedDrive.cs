using System.Globalization;
using System.Xml.Linq;

namespace ChargeCars.Drills.Screen;

/// <summary>A point as the file has it; read here anew, not by the product's own reader, which is under test.</summary>
internal readonly record struct RecordedPoint(DateTime Time, double Latitude, double Longitude);

internal static class RecordedDrive
{
    public static List<RecordedPoint> Read(string file) =>
    [
        .. XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "trkpt").Select(point => new RecordedPoint(
            DateTime.Parse(
                point.Elements().First(child => child.Name.LocalName == "time").Value, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
            double.Parse(point.Attribute("lat")!.Value, CultureInfo.InvariantCulture),
            double.Parse(point.Attribute("lon")!.Value, CultureInfo.InvariantCulture))),
    ];
}
