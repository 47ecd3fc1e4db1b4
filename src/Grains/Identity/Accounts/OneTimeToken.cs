using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ChargeCars.Identity.Accounts;

/// <summary>Tokens and recovery codes that are sent or shown once; rows hold their hashes only.</summary>
internal static class OneTimeToken
{
    private const int TokenBytes = 32;
    private const int RecoveryCodes = 10;

    // Without what looks alike; 31 letters, 16 of them: 79 bits.
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>A fast hash: what it hides is random, so that there is nothing to guess through.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static bool Same(string hash, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash), Encoding.UTF8.GetBytes(other));

    /// <summary>Ten codes, <c>xxxx-xxxx-xxxx-xxxx</c>.</summary>
    public static string[] CreateRecoveryCodes() => [.. Enumerable.Range(0, RecoveryCodes).Select(_ =>
        string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4))))];

    /// <summary>A recovery code's hash, however it was typed.</summary>
    public static string HashOfRecoveryCode(string code) =>
        HashOf(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant());
}
