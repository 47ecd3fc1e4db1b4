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
/// km/h, heading degrees, accuracy metres. The first bad row ends the reading, so that nothing of a bad file is sent.
/// </summary>
internal sealed class CsvTraceReader
{
    private readonly string _file;
    private readonly CsvReader _csv;
    private readonly CsvColumns _columns;
    private bool _decimalComma;
    private readonly Dictionary<string, int> _vehicles = new(StringComparer.OrdinalIgnoreCase);

    private CsvTraceReader(string file, CsvReader csv, CsvColumns columns)
    {
        _file = file;
        _csv = csv;
        _columns = columns;
    }

    /// <param name="vehicle">Whose all rows are; null: each row's vehicle column says.</param>
    /// <param name="otherwise">Whose all rows are when the file has no vehicle column.</param>
    /// <exception cref="TraceReadException">A column is missing or a row can't be read.</exception>
    public static Trace Read(TextReader input, string file, CsvColumns columns, string? vehicle, string otherwise)
    {
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
        };
        using var csv = new CsvReader(input, configuration);
        try
        {
            return new CsvTraceReader(file, csv, columns).Read(vehicle, otherwise);
        }
        catch (CsvHelperException malformed)
        {
            throw new TraceReadException(file, csv.Parser.RawRow, "is not readable as CSV (an unclosed quote?)", malformed);
        }
    }

    private Trace Read(string? vehicle, string otherwise)
    {
        if (!_csv.Read()) throw new TraceReadException(_file, 0, "is empty");
        _csv.ReadHeader();
        _decimalComma = _csv.Parser.Delimiter == ";";
        var latitude = Required(_columns.Latitude, "--latitude-column");
        var longitude = Required(_columns.Longitude, "--longitude-column");
        var time = Required(_columns.Time, "--time-column");
        var plate = _columns.Vehicle == new CsvColumns().Vehicle ? Optional(_columns.Vehicle) : Required(_columns.Vehicle, "--vehicle-column");
        var speed = Optional(_columns.Speed);
        var heading = Optional(_columns.Heading);
        var accuracy = Optional(_columns.Accuracy);

        var fixes = new List<Fix>();
        while (_csv.Read())
        {
            var at = TraceText.TryTimeOrUnix(Text(time), out var parsed) ? parsed : throw Bad(_columns.Time, Text(time));
            var owner = plate < 0 ? otherwise : Text(plate);
            if (owner.Length == 0) throw Bad(_columns.Vehicle, owner);
            fixes.Add(new Fix(
                at,
                TraceText.TryLatitude(Number(latitude), out var north) ? north : throw Bad(_columns.Latitude, Text(latitude)),
                TraceText.TryLongitude(Number(longitude), out var east) ? east : throw Bad(_columns.Longitude, Text(longitude)),
                TraceText.TryMeasure(Number(speed), out var kmh) ? kmh : throw Bad(_columns.Speed, Text(speed)),
                TraceText.TryHeading(Number(heading), out var degrees) ? degrees : throw Bad(_columns.Heading, Text(heading)),
                TraceText.TryMeasure(Number(accuracy), out var meters) ? meters : throw Bad(_columns.Accuracy, Text(accuracy)),
                AltitudeMeters: float.NaN,
                IndexOf(owner)));
        }

        return vehicle is null ? new Trace(_file, [.. _vehicles.Keys], fixes) : new Trace(_file, [Single(vehicle)], fixes);
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

    private TraceReadException Bad(string column, string text) => new(
        _file, _csv.Parser.RawRow, text.Length == 0 ? $"the {column} is missing" : $"\"{text}\" is not a valid {column}");
}
