using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ChargeCars.Api.Identity;

/// <summary>
/// An API key as its owner holds it: <c>cc_&lt;id, 32 hex digits&gt;_&lt;32 random bytes, base64url&gt;</c>. The id finds the row
/// without a search by secret; the prefix lets secret scanners recognise a key that leaked.
/// </summary>
internal static class KeyText
{
    private const string Prefix = "cc_";
    private const int IdLength = 32;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;

    /// <summary>A new key and what is kept of it.</summary>
    public static (string Key, byte[] Hash) Create(Guid id)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        return ($"{Prefix}{id:n}_{Base64Url.EncodeToString(secret)}", HashOf(secret));
    }

    /// <summary>The id and the hash of a key; what does not look like a key never reaches the database.</summary>
    public static bool TryRead(string key, out Guid id, [NotNullWhen(true)] out byte[]? hash)
    {
        (id, hash) = (Guid.Empty, null);
        if (key.Length != Prefix.Length + IdLength + 1 + SecretLength
            || !key.StartsWith(Prefix, StringComparison.Ordinal)
            || key[Prefix.Length + IdLength] != '_'
            || !Guid.TryParseExact(key.AsSpan(Prefix.Length, IdLength), "N", out id))
        {
            return false;
        }

        Span<byte> secret = stackalloc byte[SecretBytes];
        if (!Base64Url.IsValid(key.AsSpan(key.Length - SecretLength), out var length) || length != SecretBytes
            || !Base64Url.TryDecodeFromChars(key.AsSpan(key.Length - SecretLength), secret, out _))
        {
            return false;
        }

        hash = HashOf(secret);
        return true;
    }

    // A fast hash is right here, unlike for passwords: the secret has 256 random bits, so there is nothing to guess
    // through, and every request pays for this hash.
    private static byte[] HashOf(ReadOnlySpan<byte> secret) => SHA256.HashData(secret);
}
