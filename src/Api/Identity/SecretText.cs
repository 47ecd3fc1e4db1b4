using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ChargeCars.Api.Identity;

/// <summary>
/// A secret as its owner holds it: <c>&lt;prefix&gt;&lt;id, 32 hex digits&gt;_&lt;32 random bytes, base64url&gt;</c>. The id finds the
/// row without a search by secret; the prefix lets secret scanners recognise one that leaked.
/// </summary>
internal sealed class SecretText(string prefix)
{
    /// <summary>API keys.</summary>
    public static readonly SecretText ApiKey = new("cc_");

    /// <summary>Refresh tokens.</summary>
    public static readonly SecretText RefreshToken = new("cr_");

    private const int IdLength = 32;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;

    /// <summary>A new one and what is kept of it.</summary>
    public (string Text, byte[] Hash) Create(Guid id)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        return (Write(id, secret), HashOf(secret));
    }

    /// <summary>The text of a secret.</summary>
    public string Write(Guid id, ReadOnlySpan<byte> secret) => $"{prefix}{id:n}_{Base64Url.EncodeToString(secret)}";

    /// <summary>The id and the secret of a text; what does not look like one never reaches the database.</summary>
    public bool TryRead(string text, out Guid id, [NotNullWhen(true)] out byte[]? secret)
    {
        (id, secret) = (Guid.Empty, null);
        if (text.Length != prefix.Length + IdLength + 1 + SecretLength
            || !text.StartsWith(prefix, StringComparison.Ordinal)
            || text[prefix.Length + IdLength] != '_'
            || !Guid.TryParseExact(text.AsSpan(prefix.Length, IdLength), "N", out id))
        {
            return false;
        }

        var end = text.AsSpan(text.Length - SecretLength);
        var bytes = new byte[SecretBytes];
        if (!Base64Url.IsValid(end, out var length) || length != SecretBytes || !Base64Url.TryDecodeFromChars(end, bytes, out _))
        {
            return false;
        }

        secret = bytes;
        return true;
    }

    // A fast hash is right here, unlike for passwords: the secret has 256 random bits, so there is nothing to guess
    // through, and every request pays for this hash.
    public static byte[] HashOf(ReadOnlySpan<byte> secret) => SHA256.HashData(secret);
}
