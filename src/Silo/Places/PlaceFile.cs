using System.Globalization;
using ChargeCars.Relations.Addresses;
using ChargeCars.Relations.Places;
using CsvHelper;
using CsvHelper.Configuration;

namespace ChargeCars.Silo.Places;

/// <summary>
/// Reads the documented file of the register (docs/operations.md): a header line with <c>street,number,postcode,town,lat,lon</c> in any
/// order, more columns are passed over, separated by commas or semicolons. A line that can't be an address is left out, and told.
/// </summary>
internal sealed class PlaceFile
{
    /// <summary>The columns that there must be.</summary>
    public static readonly IReadOnlyList<string> Columns = ["street", "number", "postcode", "town", "lat", "lon"];

    private const int MostTold = 5;

    private readonly List<string> _faults = [];

    /// <summary>How many lines were left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>What was wrong with the first few of them.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The addresses, one by one as they are read.</summary>
    /// <exception cref="FormatException">A column is missing: it is another file.</exception>
    public IEnumerable<PlaceRow> Read(TextReader input)
    {
        using var csv = new CsvReader(input, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            DetectDelimiterValues = [",", ";", "\t"],
            TrimOptions = TrimOptions.Trim,
            PrepareHeaderForMatch = match => match.Header.Trim().ToUpperInvariant(),
            MissingFieldFound = null,
            BadDataFound = null,
        });
        csv.Read();
        csv.ReadHeader();
        var at = Columns.Select(column => Array.FindIndex(csv.HeaderRecord ?? [], header => header.Trim().Equals(column, StringComparison.OrdinalIgnoreCase))).ToList();
        if (at.FindIndex(index => index < 0) is >= 0 and var missing)
        {
            throw new FormatException($"The column '{Columns[missing]}' is missing; the first line must name {string.Join(", ", Columns)}.");
        }

        while (csv.Read())
        {
            string Field(int column) => csv.GetField(at[column]) ?? "";
            var (latitude, longitude) = (Degrees(Field(4)), Degrees(Field(5)));
            var row = new PlaceRow(Field(0), Field(1), Postcode.Normalized(Field(2)), Field(3), latitude, longitude);
            if (FaultOf(row) is { } fault)
            {
                LeftOut++;
                if (_faults.Count < MostTold)
                {
                    _faults.Add($"line {csv.Parser.RawRow}: {fault}");
                }
            }
            else
            {
                yield return row;
            }
        }
    }

    private static double Degrees(string text) => double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : double.NaN;

    private static string? FaultOf(PlaceRow row) =>
        row.Street.Length is 0 or > 100 ? "street is empty or longer than 100 characters"
        : row.Town.Length is 0 or > 100 ? "town is empty or longer than 100 characters"
        : HouseNumber.Fault(row.HouseNumber) is { } number ? $"number {number}"
        : Postcode.Fault(row.PostalCode) is { } code ? $"postcode {code}"
        // The Netherlands and the waters around it: coordinates that were swapped are not taken for a place.
        : row is { Latitude: >= 50 and <= 54.5, Longitude: >= 2.5 and <= 7.5 } ? null
        : "lat and lon are not degrees within the Netherlands";
}
