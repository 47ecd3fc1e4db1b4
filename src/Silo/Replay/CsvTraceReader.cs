using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace ChargeCars.Silo.Replay;

/// <summary>The names of a CSV file's columns; upper and lower case are the same.</summary>
internal sealed record CsvColumns(
    string Latitude = "latitude",
    string Longitude = "longitude",
    string Time = "time",
    string Vehicle = "vehicle",
    string Speed = "speed",
    string Heading = "heading",
    string Accuracy = "accuracy");

/// <summary>
/// Reads a table of positions with a header line, separated by commas or semicolons, of one or more vehicles. Speed is
/// km/h, heading degrees, accuracy metres. Rows that can't be read are left out, and told.
/// </summary>
internal sealed class CsvTraceReader
{
    private const string Unreadable = "is not readable as CSV (an unclosed quote?)";

    private readonly string _file;
    private readonly TraceFaults _faults;
    private readonly CsvReader _csv;
    private readonly CsvColumns _columns;
    private readonly List<string> _lost = [];
    private bool _decimalComma;
    private string? _problem;
    private readonly Dictionary<string, int> _vehicles = new(StringComparer.OrdinalIgnoreCase);

    private CsvTraceReader(string file, CsvReader csv, CsvColumns columns)
    {
        _file = file;
        _faults = new(file);
        _csv = csv;
        _columns = columns;
    }

    /// <param name="vehicle">Whose all rows are; null: each row's vehicle column says.</param>
    /// <param name="otherwise">Whose all rows are when the file has no vehicle column.</param>
    /// <exception cref="TraceReadException">A column is missing, or no row can be read.</exception>
    public static Trace Read(TextReader input, string file, CsvColumns columns, string? vehicle, string otherwise)
    {
        var isBadRow = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            // The header alone decides; the library's own guess counts the decimal commas of the rows as well.
            GetDelimiter = start => HeaderOf(start.Text) is var header
                && header.Count(c => c == ';') > header.Count(c => c == ',') ? ";" : ",",
            TrimOptions = TrimOptions.Trim,
            PrepareHeaderForMatch = match => match.Header.Trim().ToUpperInvariant(),
            // Asked for by name below, with an error that says which option to use.
            MissingFieldFound = null,
            BadDataFound = _ => isBadRow = true,
        };
        using var csv = new CsvReader(input, configuration);
        return new CsvTraceReader(file, csv, columns).Read(vehicle, otherwise, () =>
        {
            var was = isBadRow;
            isBadRow = false;
            return was;
        });
    }

    private Trace Read(string? vehicle, string otherwise, Func<bool> wasBad)
    {
        ReadHeader();
        _decimalComma = _csv.Parser.Delimiter == ";";
        var latitude = Required(_columns.Latitude, "--latitude-column");
        var longitude = Required(_columns.Longitude, "--longitude-column");
        var time = Required(_columns.Time, "--time-column");
        var plate = _columns.Vehicle == new CsvColumns().Vehicle ? Optional(_columns.Vehicle) : Required(_columns.Vehicle, "--vehicle-column");
        var speed = Optional(_columns.Speed);
        var heading = Optional(_columns.Heading);
        var accuracy = Optional(_columns.Accuracy);

        var fixes = new List<Fix>();
        while (ReadRow())
        {
            _problem = null;
            _lost.Clear();
            var at = Must(_columns.Time, time, TraceText.TryTimeOrUnix(Text(time), out var parsed), parsed);
            var north = Must(_columns.Latitude, latitude, TraceText.TryLatitude(Number(latitude), out var degreesNorth), degreesNorth);
            var east = Must(_columns.Longitude, longitude, TraceText.TryLongitude(Number(longitude), out var degreesEast), degreesEast);
            var owner = plate < 0 ? otherwise : Must(_columns.Vehicle, plate, Text(plate).Length > 0, Text(plate));
            var kmh = Unless(_columns.Speed, speed, TraceText.TryMeasure(Number(speed), out var measured), measured);
            var degrees = Unless(_columns.Heading, heading, TraceText.TryHeading(Number(heading), out var course), course);
            var meters = Unless(_columns.Accuracy, accuracy, TraceText.TryMeasure(Number(accuracy), out var radius), radius);
            if (wasBad()) _problem = Unreadable; // Found out when a field is asked for.
            if (_problem is not null)
            {
                _faults.Add(_csv.Parser.RawRow, _problem);
                continue;
            }

            fixes.Add(new Fix(at, north, east, kmh, degrees, meters, AltitudeMeters: float.NaN, IndexOf(owner), _csv.Parser.RawRow));
            _lost.ForEach(problem => _faults.Add(_csv.Parser.RawRow, $"{problem}: the row is taken without it"));
        }

        return vehicle is null || fixes.Count == 0
            ? new Trace(_file, [.. _vehicles.Keys], fixes, _faults)
            : new Trace(_file, [Single(vehicle)], fixes, _faults);
    }

    private void ReadHeader()
    {
        try
        {
            if (!_csv.Read()) throw new TraceReadException(_file, 0, "is empty");
            _csv.ReadHeader();
        }
        catch (CsvHelperException malformed)
        {
            throw new TraceReadException(_file, 1, Unreadable, malformed);
        }
    }

    private bool ReadRow()
    {
        try
        {
            return _csv.Read();
        }
        catch (CsvHelperException)
        {
            _faults.Add(_csv.Parser.RawRow, $"{Unreadable}; what follows is left out");
            return false;
        }
    }

    private static string HeaderOf(string start) => start.TrimStart().Split('\n', 2)[0];

    /// <summary>Several vehicles under one plate would be one vehicle in several places at once.</summary>
    private string Single(string vehicle) => _vehicles.Count <= 1
        ? vehicle
        : throw new TraceReadException(_file, 0, $"holds {_vehicles.Count} vehicles; leave --vehicle away to keep them apart");

    private int IndexOf(string plate)
    {
        if (!_vehicles.TryGetValue(plate, out var index)) _vehicles.Add(plate, index = _vehicles.Count);
        return index;
    }

    private int Optional(string column) => _csv.GetFieldIndex(column, isTryGet: true);

    private int Required(string column, string option) => Optional(column) is >= 0 and var index
        ? index
        : throw new TraceReadException(
            _file, 1, $"there is no column \"{column}\" (there are: {string.Join(", ", _csv.HeaderRecord!)}); name it with {option}");

    private string Text(int column) => column < 0 ? "" : _csv.GetField(column) ?? "";

    // Where the semicolon separates, it does so because the comma is the decimal sign.
    private string Number(int column) => _decimalComma ? Text(column).Replace(',', '.') : Text(column);

    private T Must<T>(string column, int index, bool isGood, T value)
    {
        if (!isGood) _problem ??= Text(index).Length == 0 ? $"the {column} is missing" : $"\"{Text(index)}\" is not a valid {column}";
        return value;
    }

    private float Unless(string column, int index, bool isGood, float value)
    {
        if (isGood) return value;
        _lost.Add($"\"{Text(index)}\" is not a valid {column}");
        return float.NaN;
    }
}
