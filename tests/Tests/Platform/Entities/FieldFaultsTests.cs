using ChargeCars.Platform.Entities;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform.Entities;

public sealed class FieldFaultsTests
{
    [Fact]
    public void Invalid_NothingWrong_IsNull() => Assert.Null(new FieldFaults()
        .Text("name", "Jan", 1..200).Text("phone", null, ..20).Lines("notes", "a\nb", ..10).OneOf<BusinessEntity>("businessEntity", BusinessEntity.Ratioshop)
        .Money("price", 12.50m).Date("from", new DateOnly(2026, 1, 1)).Number("quantity", 3, 1, 10).Required("id", Guid.NewGuid()).Invalid);

    [Fact]
    public void Invalid_SeveralFaults_NamesTheFirstOfEachField()
    {
        var invalid = new FieldFaults().Text("name", "", 1..200).Money("price", -1.001m).Rule("name", true, "must rhyme").Invalid;

        Assert.Equal(["name", "price"], invalid!.Fields.Keys.Order());
        Assert.Equal(["is required"], invalid.Fields["name"]);
    }

    [Theory]
    [InlineData(null, "is required")]
    [InlineData("\u200B ", "is required")]
    [InlineData("a", "must be at least 2 characters, not 1")]
    [InlineData("  abc  ", null)]
    [InlineData("abcdef", "must be at most 5 characters, not 6")]
    [InlineData("👷👷👷👷👷", null)]
    [InlineData("ab\u202Ecd", "must not contain U+202E, which changes the direction of writing")]
    public void Text_Required_IsJudgedAsItWillBeKept(string? value, string? fault) => Assert.Equal(fault, Fault(faults => faults.Text("x", value, 2..5)));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("\0", "must not contain the control character U+0000")]
    public void Text_Optional_MayBeEmptyButNotUnfitToKeep(string? value, string? fault) => Assert.Equal(fault, Fault(faults => faults.Text("x", value, ..5)));

    [Fact]
    public void Text_WithoutAGreatestLength_IsAMistakeOfTheProgrammer() =>
        Assert.Throws<ArgumentException>(() => new FieldFaults().Text("x", "a", 1..));

    [Theory]
    [InlineData("99999999.99", null)]
    [InlineData("0.10000", null)]
    [InlineData("0", null)]
    [InlineData("0.001", "must have at most 2 decimals")]
    [InlineData("-0.01", "must be 0 to 99999999.99")]
    [InlineData("100000000", "must be 0 to 99999999.99")]
    [InlineData("79228162514264337593543950335", "must be 0 to 99999999.99")]
    public void Money_MustFitTheColumn(string amount, string? fault) =>
        Assert.Equal(fault, Fault(faults => faults.Money("x", decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void Money_MayBeNegativeWhereTheFieldSaysSo() => Assert.Null(Fault(faults => faults.Money("x", -5m, least: -10m)));

    [Theory]
    [InlineData(1, false)]
    [InlineData(1899, false)]
    [InlineData(1900, true)]
    [InlineData(2200, true)]
    [InlineData(2201, false)]
    [InlineData(9999, false)]
    public void Date_OutsideTheYears_IsRefused(int year, bool sound)
    {
        Assert.Equal(sound, Fault(faults => faults.Date("x", new DateOnly(year, 12, 31))) is null);
        Assert.Equal(sound, Fault(faults => faults.Time("x", new DateTimeOffset(year, 12, 31, 12, 0, 0, TimeSpan.Zero))) is null);
    }

    /// <summary>Half past eleven at night by UTC is the next day in Amsterdam.</summary>
    [Theory]
    [InlineData("1900-01-01", true)]
    [InlineData("2026-12-02", true)]
    [InlineData("2026-12-03", false)]
    [InlineData("2099-01-01", false)]
    public void DayPast_MoreThanADayAheadInAmsterdam_IsRefused(string day, bool sound)
    {
        var now = new DateTimeOffset(2026, 11, 30, 23, 30, 0, TimeSpan.Zero);

        Assert.Equal(sound, Fault(faults => faults.DayPast("x", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), now)) is null);
    }

    [Fact]
    public void Time_IsJudgedInUtc() => Assert.NotNull(Fault(faults => faults.Time("x", new DateTimeOffset(1900, 1, 1, 0, 30, 0, TimeSpan.FromHours(1)))));

    [Fact]
    public void NotBefore_EqualEndsAreSound()
    {
        var day = new DateOnly(2026, 3, 1);
        Assert.Null(Fault(faults => faults.NotBefore<DateOnly>("x", day, "from", day)));
        Assert.Null(Fault(faults => faults.NotBefore("x", null, "from", (DateOnly?)day)));
        Assert.Equal("must not be before from", Fault(faults => faults.NotBefore<DateOnly>("x", day.AddDays(-1), "from", day)));
    }

    [Fact]
    public void Number_NotANumber_IsRefused() => Assert.NotNull(Fault(faults => faults.Number<double>("x", double.NaN, -90, 90)));

    [Fact]
    public void OneOf_NamesTheWords()
    {
        Assert.Equal("is required: one of system, user, key, feed, customer", Fault(faults => faults.OneOf<ActorKind>("x", null)));
        Assert.NotNull(Fault(faults => faults.OneOf<ActorKind>("x", (ActorKind)99)));
        Assert.Equal("must be one of a, b", Fault(faults => faults.OneOf("x", "c", ["a", "b"])));
    }

    [Fact]
    public void Required_EmptyId_IsMissing() => Assert.Equal("is required", Fault(faults => faults.Required<Guid?>("x", Guid.Empty)));

    [Fact]
    public void Each_NamesTheItemAndItsField()
    {
        string[] items = ["sound", "", null!];

        var invalid = new FieldFaults().Each("lines", items, most: 3, (faults, item) => faults.Part("product", item, (part, name) => part.Text("name", name, 1..9))).Invalid;

        Assert.Equal(["lines[1].product.name", "lines[2]"], invalid!.Fields.Keys.Order());
        Assert.Equal("must hold at most 2, not 3", Fault(faults => faults.Each("x", items, most: 2, (item, _) => item.Fault("y", "unread"))));
    }

    [Property]
    public bool Money_AnyAmountThatPasses_IsStoredUnchanged(decimal amount) =>
        Fault(faults => faults.Money("x", amount, -MoneyAmount.Largest)) is null == MoneyAmount.Fits(amount);

    private static string? Fault(Func<FieldFaults, FieldFaults> check) =>
        check(new FieldFaults()).Invalid is { } invalid ? Assert.Single(invalid.Fields["x"]) : null;
}
