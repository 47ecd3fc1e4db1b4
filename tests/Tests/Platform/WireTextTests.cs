using System.Reflection;
using System.Text.Json.Serialization;
using ChargeCars.Orders.Visits;

namespace ChargeCars.Tests.Platform;

public sealed class WireTextTests
{
    [Fact]
    public void Word_OfEveryValueOfEveryEnum_IsReadBack()
    {
        var enums = typeof(WireText).Assembly.GetTypes().Where(type => type.IsEnum && type.GetCustomAttribute<JsonConverterAttribute>() is not null).ToList();

        Assert.True(enums.Count > 30, $"Only {enums.Count} enums were found.");
        foreach (var type in enums)
        {
            typeof(WireTextTests).GetMethod(nameof(ReadBack), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, null);
        }
    }

    [Fact]
    public void Words_OfAnEnum_AreThoseOfTheSchemaInItsOrder() =>
        Assert.Equal(Enum.GetNames<VisitType>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName), WireText.All<VisitType>());

    [Fact]
    public void Word_OfAValueThatIsNone_IsAFault() => Assert.Throws<KeyNotFoundException>(() => WireText.Of((VisitType)999));

    [Fact]
    public void Value_OfAnUnknownWord_IsNone()
    {
        Assert.False(WireText.TryParse<VisitType>("nonsense", out _));
        Assert.Contains("'nonsense' is not one of", Assert.Throws<FormatException>(() => WireText.Parse<VisitType>("nonsense")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enum_WithAGap_IsRefused() =>
        Assert.IsType<NotSupportedException>(Assert.Throws<TypeInitializationException>(() => WireText.All<Gapped>()).InnerException);

    private static void ReadBack<T>() where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            Assert.Equal(value, WireText.Parse<T>(WireText.Of(value)));
        }
    }

    private enum Gapped
    {
        First = 1,
        Second = 2,
    }
}
