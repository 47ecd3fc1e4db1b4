using System.Xml;

namespace ChargeCars.Silo.Replay;

/// <summary>
/// Reads GPX 1.0 and 1.1 as a stream. All tracks and segments of a file are one vehicle's. Elements are told apart by
/// their local name, because files in the wild carry the wrong namespace or none.
/// </summary>
internal sealed class GpxReader
{
    private const float KmhPerMetersPerSecond = 3.6f;

    private readonly string _file;
    private readonly XmlReader _xml;
    private readonly List<Fix> _track = [];
    private readonly List<Fix> _route = [];

    private GpxReader(string file, XmlReader xml)
    {
        _file = file;
        _xml = xml;
    }

    private int Line => ((IXmlLineInfo)_xml).LineNumber;

    /// <exception cref="TraceReadException">Not well-formed, not GPX, or a track point that can't be replayed.</exception>
    public static Trace Read(TextReader input, string file, string vehicle)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var xml = XmlReader.Create(input, settings);
            return new GpxReader(file, xml).Read(vehicle);
        }
        catch (XmlException malformed)
        {
            // The one XML error without a line is the prohibited DTD, which stands before everything else.
            throw new TraceReadException(file, malformed.LineNumber, malformed.Message, malformed);
        }
    }

    private Trace Read(string vehicle)
    {
        _xml.MoveToContent();
        if (_xml.LocalName != "gpx") throw Problem($"is not GPX: it begins with <{_xml.LocalName}>");
        while (_xml.Read())
        {
            if (_xml.NodeType != XmlNodeType.Element) continue;
            if (_xml.LocalName == "trkpt") _track.Add(ReadPoint() ?? throw Problem("a track point without a time can't be replayed"));
            // A planned route beside the recorded track mostly has no times, and was not driven.
            else if (_xml.LocalName == "rtept" && ReadPoint() is { } fix) _route.Add(fix);
        }

        return new Trace(_file, [vehicle], _track.Count > 0 ? _track : _route);
    }

    /// <summary>Reads up to the point's end tag. Null: the point has no time.</summary>
    private Fix? ReadPoint()
    {
        var latitude = Coordinate("lat", TraceText.TryLatitude);
        var longitude = Coordinate("lon", TraceText.TryLongitude);
        if (_xml.IsEmptyElement) return null;

        DateTime? time = null;
        var altitude = float.NaN;
        var (speed, heading, accuracy) = (float.NaN, float.NaN, float.NaN);
        var depth = _xml.Depth;
        _xml.Read();
        while (_xml.NodeType != XmlNodeType.EndElement || _xml.Depth != depth)
        {
            if (_xml.NodeType != XmlNodeType.Element)
            {
                _xml.Read();
                continue;
            }

            // Only a direct child is the point's own time: extensions have a <time> of their own, such as a duration.
            switch (_xml.LocalName)
            {
                case "time" when _xml.Depth == depth + 1: time = Time(); break;
                case "ele" when _xml.Depth == depth + 1: altitude = Measure("elevation", TraceText.TryElevation); break;
                case "speed": speed = Measure("speed", TraceText.TryMeasure) * KmhPerMetersPerSecond; break;
                case "course" or "bearing" or "heading": heading = Measure("course", TraceText.TryHeading); break;
                case "accuracy": accuracy = Measure("accuracy", TraceText.TryMeasure); break;
                default: _xml.Read(); break;
            }
        }

        return time is { } at ? new Fix(at, latitude, longitude, speed, heading, accuracy, altitude, Vehicle: 0) : null;
    }

    private delegate bool Parse<T>(string text, out T value);

    private double Coordinate(string attribute, Parse<double> parse)
    {
        var text = _xml.GetAttribute(attribute) ?? throw Problem($"a point without \"{attribute}\"");
        return parse(text, out var degrees) ? degrees : throw Problem($"\"{text}\" is not a valid \"{attribute}\"");
    }

    private DateTime Time()
    {
        var line = Line;
        var text = _xml.ReadElementContentAsString();
        return TraceText.TryTime(text, out var time) ? time : throw Problem($"\"{text}\" is not a time (ISO 8601)", line);
    }

    private float Measure(string name, Parse<float> parse)
    {
        var line = Line;
        var text = _xml.ReadElementContentAsString();
        return parse(text, out var value) ? value : throw Problem($"\"{text}\" is not a {name}", line);
    }

    private TraceReadException Problem(string problem, int? line = null) => new(_file, line ?? Line, problem);
}
