using System.Security.Cryptography;
using System.Text;

namespace ChargeCars.Conversations.Providers;

/// <summary>Proofs that a request comes from the provider it claims. Each takes several secrets, for while one is replaced by the next.</summary>
internal static class Signatures
{
    /// <summary>Meta's <c>X-Hub-Signature-256</c>: over the bytes as received, never over a body that was written anew.</summary>
    public static bool IsMetas(string? header, ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        const string Prefix = "sha256=";
        if (header?.Trim() is not { } signature || !signature.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var isOne = false;
        foreach (var secret in secrets)
        {
            var own = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
            isOne |= IsSame(Convert.ToHexStringLower(own), signature[Prefix.Length..].ToLowerInvariant());
        }

        return isOne;
    }

    /// <summary>Mailgun's: over time and token, not over the body.</summary>
    public static bool IsMailguns(string? timestamp, string? token, string? signature, IEnumerable<string> keys)
    {
        if (timestamp is null || token is null || signature is null)
        {
            return false;
        }

        var isOne = false;
        foreach (var key in keys)
        {
            var own = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(timestamp + token));
            isOne |= IsSame(Convert.ToHexStringLower(own), signature.Trim().ToLowerInvariant());
        }

        return isOne;
    }

    /// <summary>Whether two texts are the same, in a time that does not tell how far they are.</summary>
    public static bool IsSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
