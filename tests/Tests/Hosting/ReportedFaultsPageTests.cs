using System.Text.RegularExpressions;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Hosting;

/// <summary>What the page of the drills names as proof of a mended fault is there, the screen's tests too.</summary>
public sealed partial class ReportedFaultsPageTests
{
    [Fact]
    public void Test_NamedByThePage_IsInTheSources()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Folder, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var page = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "drills.md"));

        var named = Name().Matches(page[page.IndexOf("## Faults that were reported", StringComparison.Ordinal)..])
            .Where(match => match.Groups[1].Value != nameof(ReportedFaultsPageTests)).ToList();

        Assert.Empty(named.Where(match => !sources[match.Groups[1].Value].Any(source =>
            match.Groups[2].Value is not { Length: > 0 } method || source.Contains($" {method}(", StringComparison.Ordinal))).Select(match => match.Value));
        Assert.True(named.Count > 30, $"only {named.Count} are named");
    }

    [GeneratedRegex(@"`(\w+Tests)(?:\.(\w+))?`")]
    private static partial Regex Name();
}
