using System.Security.Cryptography;
using System.Text;

namespace ChargeCars.Identity.Accounts;

/// <summary>
/// Which password an account has, without saying anything of it: a challenge carries it, so that a password that was changed
/// since voids it. Of the stored hash, which is salted.
/// </summary>
internal static class PasswordMark
{
    private const int Length = 16;

    /// <summary>The mark of the account <c>u</c>, in SQL.</summary>
    public const string Sql = "left(encode(sha256(convert_to(u.password, 'UTF8')), 'hex'), 16)";

    public static string Of(string hash) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash)))[..Length];
}
