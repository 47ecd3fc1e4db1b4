using ChargeCars.Identity.Accounts;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Identity;

public sealed class CommonPasswordTests
{
    [Theory]
    [InlineData("password1234")]
    [InlineData("Password2026!")]
    [InlineData("p@ssw0rd1234")]
    [InlineData("passwordpassword")]
    [InlineData("welkom123456")]
    [InlineData("W3lk0m2026!!")]
    [InlineData("Zomer2026!!!")]
    [InlineData("wachtwoord12")]
    [InlineData("iloveyou1234")]
    [InlineData("123456789012")]
    [InlineData("098765432109")]
    [InlineData("qwertyuiop12")]
    [InlineData("1q2w3e4r5t6y")]
    [InlineData("qazwsxedcrfv")]
    [InlineData("abcdefghijkl")]
    [InlineData("111122223333")]
    [InlineData("AmsterdamAjax1")]
    [InlineData("football-2026")]
    [InlineData("chargecars2026")]
    [InlineData("administrator1")]
    [InlineData("letmein.letmein")]
    public void Password_ThatPeopleChoose_IsCommon(string password) => Assert.True(CommonPasswords.Contains(password));

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("correct horse battery staple")]
    [InlineData("a new password")]
    [InlineData("groene fiets onder de brug")]
    [InlineData("vJ7#kq2!mPz9")]
    [InlineData("zomer amsterdam fiets")]
    [InlineData("850912004718")]
    public void Password_OfOnesOwn_IsNot(string password) => Assert.False(CommonPasswords.Contains(password));

    /// <summary>There are more ways to cut these into runs than a test has time: whoever sets a password must not hold up a core with it.</summary>
    [Theory]
    [InlineData('1')]
    [InlineData('a')]
    public void Password_OfOneLongRun_IsJudged(char sign)
    {
        Assert.False(CommonPasswords.Contains(new string(sign, 62) + "é"));
        Assert.False(CommonPasswords.Contains(new string(sign, 1_000)));
    }

    [Property]
    public void Password_OfAnyCharacters_IsJudged(string? text) => CommonPasswords.Contains(text ?? "");
}
