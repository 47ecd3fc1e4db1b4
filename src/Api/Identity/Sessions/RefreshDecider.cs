using System.Security.Cryptography;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>What a refresh token that was presented leads to.</summary>
internal enum RefreshDecision
{
    /// <summary>The current token: it is replaced.</summary>
    Rotate,

    /// <summary>Replaced a moment ago, by a request whose answer may have got lost: its successor is given again.</summary>
    Repeat,

    /// <summary>Replaced long ago, so somebody has a copy: the session ends.</summary>
    Replayed,

    /// <summary>Not one of ours, or its session or account is over.</summary>
    Refused,
}

/// <summary>What is on record of a session and of the token that was presented for it.</summary>
/// <param name="Session">The session.</param>
/// <param name="AccountOpen">Whether its account and role are active.</param>
/// <param name="CurrentHash">The current token's hash.</param>
/// <param name="Salt">With the presented token it makes its successor; null where that was never replaced.</param>
/// <param name="ReplacedAt">When the presented token was replaced; null where it never was.</param>
internal sealed record PresentedToken(
    Session Session, bool AccountOpen, string CurrentHash, byte[]? Salt, DateTimeOffset? ReplacedAt);

/// <summary>The rule of refreshing: pure.</summary>
internal static class RefreshDecider
{
    public static RefreshDecision Decide(PresentedToken token, ReadOnlySpan<byte> secret, SessionOptions options, DateTimeOffset now)
    {
        var session = token.Session;
        if (session.Revoked || !token.AccountOpen || session.ExpiresAt <= now
            || (session.LastActivity ?? session.CreatedAt) + options.IdleLifetime <= now)
        {
            return RefreshDecision.Refused;
        }

        if (SameHash(token.CurrentHash, HashOf(secret)))
        {
            return RefreshDecision.Rotate;
        }

        if (token.ReplacedAt is not { } replacedAt || token.Salt is null)
        {
            return RefreshDecision.Refused;
        }

        return now - replacedAt < options.RefreshGrace && SameHash(token.CurrentHash, HashOf(Successor(secret, token.Salt)))
            ? RefreshDecision.Repeat
            : RefreshDecision.Replayed;
    }

    /// <summary>Known only to who has both: the former token is its owner's, the salt the database's.</summary>
    public static byte[] Successor(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt) => HMACSHA256.HashData(secret, salt);

    /// <summary>A token's hash as <c>user_session.token_hash</c> holds it.</summary>
    public static string HashOf(ReadOnlySpan<byte> secret) => Convert.ToHexStringLower(SecretText.HashOf(secret));

    private static bool SameHash(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(left), System.Text.Encoding.ASCII.GetBytes(right));
}
