using ChargeCars.Relations;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Relations;

public sealed class ContactPointTests
{
    [Theory]
    [InlineData("jan@example.nl")]
    [InlineData("  Jan.de-Vries+laadpaal@mail.example.co.uk ")]
    [InlineData("o'brien@example.ie")]
    [InlineData("info@lådan.se")]
    [InlineData("info@xn--ldan-qoa.xn--p1ai")]
    public void Email_AsPeopleHaveThem_IsGood(string text) => Assert.Null(EmailAddress.Fault(text));

    [Theory]
    [InlineData("jan")]
    [InlineData("@example.nl")]
    [InlineData("jan@")]
    [InlineData("jan@example")]
    [InlineData("jan@@example.nl")]
    [InlineData("jan@example..nl")]
    [InlineData("jan@-example.nl")]
    [InlineData("jan@example.nl.")]
    [InlineData("jan@127.0.0.1")]
    [InlineData(".jan@example.nl")]
    [InlineData("jan..vries@example.nl")]
    [InlineData("jan vries@example.nl")]
    [InlineData("\"jan\"@example.nl")]
    [InlineData("jan@example.nl, piet@example.nl")]
    [InlineData("jan@example.nl\nbcc: all@example.nl")]
    [InlineData("jan\u202E@example.nl")]
    [InlineData("")]
    public void Email_AnythingElse_IsRefused(string text) => Assert.Equal("must be an email address, such as jan@example.nl", EmailAddress.Fault(text));

    [Fact]
    public void Email_LongerThanMailAllows_IsRefused()
    {
        Assert.Null(EmailAddress.Fault(new string('a', 64) + "@example.nl"));
        Assert.NotNull(EmailAddress.Fault(new string('a', 65) + "@example.nl"));
        Assert.NotNull(EmailAddress.Fault("a@" + string.Concat(Enumerable.Repeat("abcdefghij.", 23)) + "nl"));
        Assert.NotNull(EmailAddress.Fault("a@" + new string('a', 64) + ".nl"));
    }

    [Fact]
    public void Email_IsKeptWithItsDomainInLowerCase() => Assert.Equal("Jan@example.nl", EmailAddress.Normalized(" Jan@Example.NL"));

    [Theory]
    [InlineData("https://www.example.nl/laadpalen?x=1#y")]
    [InlineData("example.nl")]
    [InlineData("http://example.nl:8080")]
    [InlineData("HTTPS://café.example.nl")]
    public void Website_AsPeopleTypeIt_IsGood(string text) => Assert.Null(WebsiteAddress.Fault(text));

    [Theory]
    [InlineData("ftp://example.nl")]
    [InlineData("javascript:alert(1)")]
    [InlineData("javascript://example.nl/%0Aalert(1)")]
    [InlineData("https://jan:geheim@example.nl")]
    [InlineData("http://localhost")]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://[::1]/")]
    [InlineData("https://exa mple.nl")]
    [InlineData("https://")]
    [InlineData("")]
    public void Website_AnythingElse_IsRefused(string text) =>
        Assert.Equal("must be the address of a web site, such as https://www.example.nl", WebsiteAddress.Fault(text));

    [Fact]
    public void Website_IsKeptWithItsScheme()
    {
        Assert.Equal("https://example.nl", WebsiteAddress.Normalized(" example.nl "));
        Assert.Equal("http://example.nl", WebsiteAddress.Normalized("http://example.nl"));
    }

    [Property]
    public bool Fault_OfAnyText_IsAnAnswer(string? text) =>
        (EmailAddress.Fault(text ?? ""), WebsiteAddress.Fault(text ?? "")) is (null or { Length: > 0 }, null or { Length: > 0 });
}
