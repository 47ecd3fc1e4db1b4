using System.Reflection;
using System.Text.RegularExpressions;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Hosting;

/// <summary>What the security page names as proof is there.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Test_NamedByThePage_IsATestOfThisAssembly()
    {
        var classes = typeof(SecurityPageTests).Assembly.GetTypes().Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal)).ToLookup(type => type.Name);

        var named = Name().Matches(File.ReadAllText(Path.Combine(Repository.Folder, "docs", "security.md"))).ToList();
        var missing = named.Where(match => !classes[match.Groups[1].Value].Any(type => match.Groups[2].Value is not { Length: > 0 } method
            || type.GetMethod(method) is { } found && found.GetCustomAttributes().Any(attribute => attribute is FactAttribute)));

        Assert.Empty(missing.Select(match => match.Value));
        Assert.True(named.Count > 30, $"only {named.Count} are named");
    }

    [Fact]
    public void Item_OfTheOwaspList_NamesATest()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "security.md"));
        foreach (var number in Enumerable.Range(1, 10))
        {
            var row = Assert.Single(page.Split('\n'), line => line.StartsWith($"| API{number} ", StringComparison.Ordinal));
            Assert.True(Name().IsMatch(row), row);
        }
    }

    [GeneratedRegex(@"`(\w+Tests)(?:\.(\w+))?`")]
    private static partial Regex Name();
}
