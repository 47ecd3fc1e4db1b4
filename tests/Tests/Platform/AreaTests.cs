using System.Text.RegularExpressions;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Platform;

/// <summary>The areas' map: what stands in them knows other areas by their contracts, and Platform knows no area.</summary>
public sealed partial class AreaTests
{
    private const string Platform = "Platform";

    [Theory]
    [InlineData("Grains.Abstractions")]
    [InlineData("Grains")]
    public void Platform_OfContractsAndGrains_KnowsNoArea(string project)
    {
        var known = Usings(project).Where(use => use.Area == Platform && AreaOf(use.Namespace) is { } area && area != Platform);

        Assert.Empty(known.Select(use => $"{use.File} uses {use.Namespace}"));
    }

    /// <summary>The API's areas share their scopes: who sees an order sees its customer, and what was installed there.</summary>
    [Fact]
    public void Areas_OfGrains_NeedOneAnotherInNoCircle()
    {
        // What the contracts hold may be known by all.
        var own = Namespaces("Grains").Except(Namespaces("Grains.Abstractions")).ToHashSet();
        var edges = Usings("Grains")
            .Where(use => own.Contains(use.Namespace))
            .Select(use => (From: use.Area, To: AreaOf(use.Namespace), use.File))
            .Where(edge => edge.To is not null && edge.To != edge.From)
            .ToList();
        Assert.NotEmpty(edges);

        var left = edges.ToList();
        // Whoever needs nobody that is left is at the bottom, and is taken away; what stays is in a circle.
        while (left.RemoveAll(edge => left.All(other => other.From != edge.To)) > 0)
        {
        }

        Assert.Empty(left.Select(edge => $"{edge.From} needs {edge.To}: {edge.File}"));
    }

    private static IEnumerable<(string File, string Area, string Namespace)> Usings(string project) =>
        from file in Files(project)
        let area = AreaOf(NamespaceOf(file) ?? "")
        where area is not null
        from use in Using().Matches(File.ReadAllText(file))
        select (Path.GetRelativePath(Repository.Folder, file), area, use.Groups["name"].Value);

    private static IEnumerable<string> Namespaces(string project) => Files(project).Select(NamespaceOf).OfType<string>().Distinct();

    private static IEnumerable<string> Files(string project) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Folder, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string? NamespaceOf(string file) => Namespace().Match(File.ReadAllText(file)) is { Success: true } found ? found.Groups["name"].Value : null;

    // ChargeCars.Fleet.Vehicles and ChargeCars.Api.Fleet.Vehicles are of Fleet; ChargeCars itself is of none.
    private static string? AreaOf(string name) => name.Split('.') switch
    {
        ["ChargeCars", "Api", var area, ..] => area,
        ["ChargeCars", "Api"] => null,
        ["ChargeCars", var area, ..] => area,
        _ => null,
    };

    [GeneratedRegex(@"^using (static )?(\w+ = )?(?<name>ChargeCars[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
