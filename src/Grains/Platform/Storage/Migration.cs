using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ChargeCars.Platform.Storage;

/// <summary>One numbered SQL file, <c>Migrations/NNNN_name.sql</c>, embedded in this assembly.</summary>
/// <param name="Number">The number that orders it: 1, 2, 3, … without a gap.</param>
/// <param name="Name">The file's name without its ending, as in <c>0001_schema</c>.</param>
/// <param name="Sql">Its text.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private const string ResourcePrefix = "migrations/";
    private const string ResourceEnding = ".sql";

    /// <summary>SHA-256 in hex of the text with LF line ends, so that a checkout on Windows has the same one.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The migrations that this program brings, in order.</summary>
    public static IReadOnlyList<Migration> Embedded()
    {
        var assembly = typeof(Migration).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Select(resource => Read(assembly, resource))
                .OrderBy(migration => migration.Number)
                .ThenBy(migration => migration.Name, StringComparer.Ordinal),
        ];
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        var name = resource[ResourcePrefix.Length..^ResourceEnding.Length];
        if (name.IndexOf('_', StringComparison.Ordinal) is not 4
            || !int.TryParse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new StartupException($"The migration {name}.sql is misnamed: four digits, an underscore and a name.");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return new(number, name, reader.ReadToEnd());
    }
}
