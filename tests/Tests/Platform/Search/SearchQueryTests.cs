using ChargeCars.Platform.Search;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform.Search;

/// <summary>How text is taken apart, and what is asked for by what was typed.</summary>
public sealed class SearchQueryTests
{
    [Theory]
    [InlineData("Bakkerij De Vries B.V.", "bakkerij de vries bv")]
    [InlineData("Café 't Hoekje", "cafe t hoekje")]
    [InlineData("Müller & Søn", "muller son")]
    [InlineData("A. Jansen", "a jansen")]
    [InlineData("J.P. Coenstraat 14D-1", "jp coenstraat 14d 1")]
    [InlineData("IJsselstein", "ijsselstein")]
    [InlineData("ǅ ﬁets", "dz fiets")]
    [InlineData("%_'\";--", "")]
    public void Words_OfAText_AreFolded(string text, string words) => Assert.Equal(words, string.Join(' ', SearchWords.Of(text)));

    [Theory]
    [InlineData("+31612345678", "0612345678")]
    [InlineData("06 1234 5678", "0612345678")]
    [InlineData("06-12345678", "0612345678")]
    [InlineData("0031 6 12345678", "0612345678")]
    [InlineData("+31 (0)6 12345678", "0612345678")]
    [InlineData("31612345678", "0612345678")]
    [InlineData("(020) 123 45 67", "0201234567")]
    [InlineData("+32 470 12 34 56", "32470123456")]
    [InlineData("0032470123456", "32470123456")]
    [InlineData("no number", "")]
    public void Phone_AsPeopleTypeIt_IsOne(string typed, string digits) => Assert.Equal(digits, SearchWords.Phone(typed));

    [Theory]
    [InlineData("3401 rt", "3401rt")]
    [InlineData("V-196-RP", "v196rp")]
    [InlineData("v 196 rp", "v196rp")]
    [InlineData("CC-ORD-2026-00042", "ccord202600042")]
    [InlineData("612345678", "0612345678")]
    public void Code_AsPeopleTypeIt_IsAskedForWhole(string typed, string code) =>
        Assert.Contains($"'#{code}'", SearchQuery.Parse(typed).Value!.Codes, StringComparison.Ordinal);

    [Fact]
    public void Name_WithAPhoneNumberOfSeveralParts_IsAskedForByBoth() =>
        Assert.Contains("('jansen' & ('0612345678' | '#0612345678'))", SearchQuery.Parse("Jansen 06 1234 5678").Value!.Whole, StringComparison.Ordinal);

    [Fact]
    public void LittleWords_WithOthers_AreNotAskedFor() => Assert.Equal("'vries':*", SearchQuery.Parse("de Vries").Value!.Beginnings);

    [Theory]
    [InlineData("jan vr", "'vr':*", "'jan'")]
    [InlineData("jan peter vr", "'vr':*", "('jan' & 'peter')")]
    [InlineData("jan de vr", "'vr':*", "'jan'")]
    [InlineData("jan vri", "", "")]
    [InlineData("vr jan", "", "")]
    [InlineData("jan v", "", "")]
    [InlineData("jan de", "", "")]
    [InlineData("vr", "", "")]
    [InlineData("de vr", "", "")]
    [InlineData("jan 06", "", "")]
    public void LastWord_OfTwoLetters_IsABeginningAmongWhatTheOthersFind(string typed, string beginning, string others)
    {
        var query = SearchQuery.Parse(typed).Value!;

        Assert.Equal((beginning, others), (query.ShortBeginning, query.Others));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("x")]
    [InlineData("%")]
    [InlineData("' OR 1=1 --", true)]
    [InlineData("\"'\"")]
    [InlineData("bak\u0007ker")]
    [InlineData("bak\0ker")]
    [InlineData("a b c d e f g h i j k l m")]
    public void Text_ThatNothingCanBeLookedForBy_IsRefused(string? typed, bool good = false)
    {
        var query = SearchQuery.Parse(typed);

        Assert.Equal(good, query.Succeeded);
        if (!good)
        {
            Assert.Equal(["q"], Assert.IsType<Invalid>(query.Error).Fields.Keys);
        }
    }

    [Fact]
    public void HalfACharacter_IsRefused() => Assert.IsType<Invalid>(SearchQuery.Parse($"half {'\ud83d'}").Error);

    [Fact]
    public void TenThousandCharacters_AreRefused() => Assert.IsType<Invalid>(SearchQuery.Parse(new string('a', 10_000)).Error);

    [Property(MaxTest = 1_000)]
    public void AnyText_IsReadOrRefused(string? typed)
    {
        var query = SearchQuery.Parse(typed);

        Assert.True(query.Succeeded || query.Error is Invalid);
        SearchEntry.Of(new SearchText(typed ?? "") { Codes = [typed], Phones = [typed], Emails = [typed], Also = [typed], Prose = typed });
        SearchHighlight.Places(typed ?? "", typed ?? "");
    }

    [Theory]
    [InlineData("jansen", "jansen", 0)]
    [InlineData("jasnen", "jansen", 1)]
    [InlineData("janssen", "jansen", 1)]
    [InlineData("jansne", "jansen", 1)]
    [InlineData("ijselstien", "ijsselstein", 2)]
    public void Errors_BetweenTwoWords_AreCounted(string typed, string word, int errors) => Assert.Equal(errors, TypingErrors.Between(typed, word, 2));

    [Theory]
    [InlineData("bakker", "slager")]
    [InlineData("jan", "janneke")]
    public void Errors_ThatAreTooMany_AreNotCountedToTheEnd(string typed, string word) => Assert.True(TypingErrors.Between(typed, word, 2) > 2);

    [Theory]
    [InlineData("Bakkerij de Vries", "vri bak", "[Bak]kerij de [Vri]es")]
    [InlineData("Müller", "mul", "[Mül]ler")]
    [InlineData("+31612345678", "06 1234", "[+31612345678]")]
    [InlineData("V-196-RP", "v196rp", "[V-196-RP]")]
    [InlineData("Jansen", "jasnen", "Jansen")]
    public void Highlight_OfWhatWasTyped_StandsWhereItIs(string shown, string typed, string marked)
    {
        var text = shown;
        foreach (var (start, length) in SearchHighlight.Places(shown, typed).Reverse())
        {
            text = text.Insert(start + length, "]").Insert(start, "[");
        }

        Assert.Equal(marked, text);
    }
}
