using System.Security.Cryptography;
using System.Text;

namespace ChargeCars.Conversations.Mail;

/// <summary>
/// The address that we ask answers to: a token in its local part names the thread, or the message that a bounce is of. The token
/// carries its own proof, so that nobody makes one up.
/// </summary>
internal static class ReplyAddress
{
    private const int ProofBytes = 10;

    // RFC 5321, 4.5.3.1.1.
    private const int LongestLocalPart = 64;

    /// <summary>The address for answers in a thread: <c>info+t.…@…</c>.</summary>
    public static string ForThread(string address, Guid threadId, ReadOnlySpan<byte> key) => With(address, 't', threadId, key);

    /// <summary>The envelope sender of a message, which its bounces come to: <c>info+b.…@…</c>.</summary>
    public static string ForMessage(string address, Guid messageId, ReadOnlySpan<byte> key) => With(address, 'b', messageId, key);

    /// <summary>Whether mail servers must take the address: what stands before the @ is not longer than they allow.</summary>
    public static bool IsAllowed(string address) => address.LastIndexOf('@') <= LongestLocalPart;

    /// <summary>The threads that addresses name.</summary>
    public static IReadOnlyList<Guid> Threads(IEnumerable<string?> addresses, byte[] key) => Read(addresses, 't', key);

    /// <summary>The messages whose bounces addresses take.</summary>
    public static IReadOnlyList<Guid> Messages(IEnumerable<string?> addresses, byte[] key) => Read(addresses, 'b', key);

    /// <summary>The address without its token, for comparing it with our mailboxes.</summary>
    public static string Plain(string address)
    {
        var (plus, at) = (address.IndexOf('+', StringComparison.Ordinal), address.LastIndexOf('@'));
        return plus > 0 && at > plus ? $"{address[..plus]}{address[at..]}" : address;
    }

    private static string With(string address, char kind, Guid id, ReadOnlySpan<byte> key)
    {
        var at = address.LastIndexOf('@');
        return at > 0
            ? $"{address[..at]}+{kind}.{id:N}{Proof(kind, id, key)}{address[at..]}"
            : throw new ArgumentException("Must be an email address.", nameof(address));
    }

    private static Guid[] Read(IEnumerable<string?> addresses, char kind, byte[] key) =>
        [.. addresses.Select(address => Read(address, kind, key)).OfType<Guid>().Distinct()];

    // Mail servers may change the case of a local part, hence hexadecimal.
    private static Guid? Read(string? address, char kind, byte[] key)
    {
        const int Length = 2 + 32 + (2 * ProofBytes);
        var at = address?.LastIndexOf('@') ?? -1;
        var plus = at > 0 ? address!.LastIndexOf('+', at) : -1;
        if (plus < 0 || at - plus - 1 != Length)
        {
            return null;
        }

        var token = address![(plus + 1)..at].ToLowerInvariant();
        return token[0] == kind && token[1] == '.' && Guid.TryParseExact(token[2..34], "N", out var id)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token[34..]), Encoding.UTF8.GetBytes(Proof(kind, id, key)))
                ? id
                : null;
    }

    private static string Proof(char kind, Guid id, ReadOnlySpan<byte> key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind}.{id:N}")).AsSpan(0, ProofBytes));
}
