using System.Globalization;
using ChargeCars.Relations.Places;

namespace ChargeCars.Tests.Relations.Places;

/// <summary>A register of addresses that never was: towns with streets of a hundred houses, in a file as the program reads it.</summary>
internal static class Register
{
    private static readonly string[] Names = ["Neuweg", "Kerkstraat", "1e Jan Steenstraat", "Hoge Naarderweg", "Curaçaostraat", "'s-Gravelandseweg", "Dorpsstraat", "Neuwegje"];

    /// <summary>Addresses of so many towns; each town is a kilometre east of the one before it, and each street a hundred metres north.</summary>
    public static IEnumerable<PlaceRow> Rows(params string[] towns)
    {
        foreach (var (town, i) in towns.Select((town, i) => (town, i)))
        {
            foreach (var (street, j) in Names.Select((street, j) => (street, j)))
            {
                for (var number = 1; number <= 100; number++)
                {
                    yield return new(
                        street, number == 12 ? "12A" : Text(number), $"{1211 + i}{(char)('A' + j)}{(char)('A' + (number / 30))}", town, 52.2 + (j * 0.0009), 5.1 + (i * 0.0146) + (number * 0.0001));
                }
            }
        }
    }

    /// <summary>The same as a file.</summary>
    public static async Task<string> FileAsync(IEnumerable<PlaceRow> rows, params string[] more)
    {
        var path = Path.GetTempFileName();
        await File.WriteAllLinesAsync(path,
        [
            "street,number,postcode,town,lat,lon",
            .. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Street},{row.HouseNumber},{row.PostalCode},{row.Town},{row.Latitude:F6},{row.Longitude:F6}")), .. more,
        ]);
        return path;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
