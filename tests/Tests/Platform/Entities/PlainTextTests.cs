using System.Text;
using ADRaffy.ENSNormalize;
using ChargeCars.Platform.Entities;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform.Entities;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("  Jan  de Vries\t", "Jan  de Vries")]
    [InlineData("Ame\u0301lie", "Amélie")]
    [InlineData("1 \u212B", "1 Å")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("€ 10 – “laadpaal” 👷🏽‍♀️", "€ 10 – “laadpaal” 👷🏽‍♀️")]
    public void Tidy_IsTrimmedAndComposed(string typed, string kept) => Assert.Equal(kept, PlainText.Tidy(typed));

    [Fact]
    public void TidyLines_HasOneKindOfLineBreak() => Assert.Equal("a\nb\n\tc", PlainText.TidyLines("\r\n a\r\nb\r\tc \n"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    [InlineData("\u200B\u2060\uFEFF")]
    [InlineData("\0")]
    public void TidyOrNull_NothingToSee_IsNull(string? typed) => Assert.Null(PlainText.TidyOrNull(typed));

    [Theory]
    [InlineData("a\0b", "U+0000")]
    [InlineData("a\u001Bb", "U+001B")]
    [InlineData("a\u007Fb", "U+007F")]
    [InlineData("a\tb", "U+0009")]
    [InlineData("a\nb", "single line")]
    [InlineData("a\u2028b", "single line")]
    [InlineData("invoice\u202Efdp.exe", "direction")]
    [InlineData("a\u2066b", "direction")]
    [InlineData("a\u200Fb", "direction")]
    public void Fault_DeceivingCharacter_IsNamed(string text, string named) =>
        Assert.Contains(named, PlainText.Fault(text), StringComparison.Ordinal);

    [Fact]
    public void Fault_HalfACharacter_IsNamed()
    {
        // Attributes can't carry lone surrogates.
        Assert.All(["a\uD83D", "\uDC00a", "\uDC00\uD83D", "\uD83D\uD83D\uDE00"], text =>
            Assert.Contains("half of a character", PlainText.Fault(text), StringComparison.Ordinal));
        Assert.Null(PlainText.Fault("\uD83D\uDE00"));
    }

    [Fact]
    public void FaultOfLines_BreaksAndTabs_AreAllowed()
    {
        Assert.Null(PlainText.FaultOfLines("a\r\n\tb"));
        Assert.NotNull(PlainText.FaultOfLines("a\vb"));
        Assert.NotNull(PlainText.FaultOfLines("a\u2029b"));
    }

    [Property]
    public bool Tidy_OfAnything_IsTheSameTheSecondTime(string? text)
    {
        var tidy = PlainText.Tidy(text ?? "");
        return ReferenceEquals(tidy, PlainText.Tidy(tidy)) && tidy == tidy.Trim() && tidy == ENSNormalize.NF.NFC(tidy);
    }

    [Property]
    public bool Length_OfSoundText_CountsCodePoints(string? text) =>
        PlainText.Fault(text ?? "") is not null || PlainText.Length(text ?? "") == (text ?? "").EnumerateRunes().Count();

    /// <summary>What <see cref="PlainText.Tidy"/> does not give to the library, the library would not change.</summary>
    [Fact]
    public void Tidy_EveryCharacterBesideALetter_IsAsTheLibraryComposesIt()
    {
        for (var code = 1; code <= 0x1FFFF; code++)
        {
            if (Rune.TryCreate(code, out var rune) && $"e{rune}o" is var text && PlainText.Tidy(text) != ENSNormalize.NF.NFC(text))
            {
                Assert.Fail($"U+{code:X4}");
            }
        }
    }
}
