using System.Text;
using System.Xml;

namespace ChargeCars.Silo.Replay;

/// <summary>
/// Reads GPX 1.0 and 1.1 as a stream, and takes what is good of it. All tracks and segments of a file are one vehicle's. Elements are told apart by
/// their local name, because files in the wild carry the wrong namespace or none.
/// </summary>
internal sealed class GpxReader
{
    private const float KmhPerMetersPerSecond = 3.6f;

    private readonly XmlReader _xml;
    private readonly TraceFaults _faults;
    private readonly TraceFaults _routeFaults;
    private readonly List<Fix> _track = [];
    private readonly List<Fix> _route = [];

    private GpxReader(string file, XmlReader xml)
    {
        _xml = xml;
        _faults = new(file);
        _routeFaults = new(file);
    }

    private int Line => ((IXmlLineInfo)_xml).LineNumber;

    /// <exception cref="TraceReadException">Not GPX, or without a point that can be replayed.</exception>
    public static Trace Read(TextReader input, string file, string vehicle)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var xml = XmlReader.Create(input, settings);
        var reader = new GpxReader(file, xml);
        try
        {
            xml.MoveToContent();
        }
        catch (XmlException malformed)
        {
            // The one XML error without a line is the prohibited DTD, which stands before everything else.
            throw new TraceReadException(file, malformed.LineNumber, malformed.Message, malformed);
        }

        return reader.Read(vehicle);
    }

    private Trace Read(string vehicle)
    {
        if (_xml.LocalName != "gpx") throw new TraceReadException(_faults.File, Line, $"is not GPX: it begins with <{_xml.LocalName}>");
        try
        {
            while (_xml.Read())
            {
                if (_xml.NodeType != XmlNodeType.Element) continue;
                if (_xml.LocalName == "trkpt") ReadPoint(_track, _faults, isRoute: false);
                // A planned route beside the recorded track mostly has no times, and was not driven.
                else if (_xml.LocalName == "rtept") ReadPoint(_route, _routeFaults, isRoute: true);
            }
        }
        catch (XmlException malformed)
        {
            // Mostly a recording that was cut off. What stands before is good.
            (_track.Count > 0 || _route.Count == 0 ? _faults : _routeFaults).Add(
                malformed.LineNumber, $"{malformed.Message} What begins or follows there can't be read.");
        }

        return _track.Count > 0 || (_route.Count == 0 && _faults.Count > 0)
            ? new Trace(_faults.File, [vehicle], _track, _faults)
            : new Trace(_faults.File, [vehicle], _route, _routeFaults);
    }

    /// <summary>Reads up to the point's end tag, and takes the point if its place and time are good.</summary>
    private void ReadPoint(List<Fix> fixes, TraceFaults faults, bool isRoute)
    {
        var line = Line;
        string? problem = null;
        var latitude = Coordinate("lat", TraceText.TryLatitude, ref problem);
        var longitude = Coordinate("lon", TraceText.TryLongitude, ref problem);
        var lost = new List<(int Line, string Problem)>();
        DateTime? time = null;
        var (speed, heading, accuracy, altitude) = (float.NaN, float.NaN, float.NaN, float.NaN);
        if (!_xml.IsEmptyElement)
        {
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
                    case "time" when _xml.Depth == depth + 1: time = Time(ref line, ref problem); break;
                    case "ele" when _xml.Depth == depth + 1: altitude = Measure("elevation", TraceText.TryElevation, lost); break;
                    case "speed": speed = Measure("speed", TraceText.TryMeasure, lost) * KmhPerMetersPerSecond; break;
                    case "course" or "bearing" or "heading": heading = Measure("course", TraceText.TryHeading, lost); break;
                    case "accuracy": accuracy = Measure("accuracy", TraceText.TryMeasure, lost); break;
                    default: _xml.Read(); break;
                }
            }
        }

        if (problem is null && time is null)
        {
            problem = isRoute ? "" : "a track point without a time can't be replayed";
        }

        if (problem is null)
        {
            fixes.Add(new Fix(time!.Value, latitude, longitude, speed, heading, accuracy, altitude, Vehicle: 0, line));
            lost.ForEach(one => faults.Add(one.Line, $"{one.Problem}: the point is taken without it"));
        }
        else if (problem.Length > 0)
        {
            faults.Add(line, problem);
        }
    }

    private delegate bool Parse<T>(string text, out T value);

    private double Coordinate(string attribute, Parse<double> parse, ref string? problem)
    {
        var text = _xml.GetAttribute(attribute);
        if (text is not null && parse(text, out var degrees)) return degrees;
        problem ??= text is null ? $"a point without \"{attribute}\"" : $"\"{text}\" is not a valid \"{attribute}\"";
        return double.NaN;
    }

    private DateTime? Time(ref int line, ref string? problem)
    {
        var at = Line;
        var text = Text();
        if (TraceText.TryTime(text, out var time)) return time;
        if (problem is null) (line, problem) = (at, $"\"{text}\" is not a time (ISO 8601)");
        return null;
    }

    private float Measure(string name, Parse<float> parse, List<(int, string)> lost)
    {
        var line = Line;
        var text = Text();
        if (parse(text, out var value)) return value;
        lost.Add((line, $"\"{text}\" is not a valid {name}"));
        return float.NaN;
    }

    /// <summary>The element's text, whatever else is in it; the reader stands behind the element then.</summary>
    private string Text()
    {
        if (_xml.IsEmptyElement)
        {
            _xml.Read();
            return "";
        }

        var (text, depth) = (new StringBuilder(), _xml.Depth);
        _xml.Read();
        while (_xml.NodeType != XmlNodeType.EndElement || _xml.Depth != depth)
        {
            if (_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text.Append(_xml.Value);
            _xml.Read();
        }

        _xml.Read();
        return text.ToString();
    }
}
