using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ChargeCars.Identity.Accounts;

/// <summary>
/// Password hashes: PBKDF2-HMAC-SHA512 with a salt each, in Identity's format. A hash takes a core for a fifth of a
/// second on purpose, so only a few are made at a time: a flood of logins must not starve the feeds.
/// </summary>
internal sealed class Passwords(IPasswordHasher<object>? hasher = null) : IDisposable
{
    /// <summary>OWASP, password storage, 2026. Raising it rehashes each password at its next login.</summary>
    public const int Iterations = 220_000;

    /// <summary>Hashes made at a time.</summary>
    public const int AtATime = 2;

    /// <summary>Logins that may wait, some two seconds' worth; more are sent away.</summary>
    public const int Waiting = 16;

    // Identity's third format: itself, function, iterations and length of the salt; the salt; the hash.
    private const byte Format = 1;
    private const int Header = 13;
    private const int Salt = 16;

    private static readonly object Nobody = new();

    private readonly IPasswordHasher<object> _hasher = hasher ?? new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly string _dummy = Dummy();

    /// <summary>To be held while hashing.</summary>
    public ConcurrencyLimiter Turns { get; } = new(new()
    {
        PermitLimit = AtATime,
        QueueLimit = Waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public string Hash(string password) => _hasher.HashPassword(Nobody, password);

    /// <summary>On a thread of the pool: a fifth of a second of arithmetic would hold up the silo's other grains.</summary>
    public Task<string> HashAsync(string password) => Task.Run(() => Hash(password));

    /// <inheritdoc cref="HashAsync"/>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password) => Task.Run(() => Verify(hash, password));

    /// <summary>Takes as long for an unknown user, null, as for a wrong password, and is as wrong.</summary>
    public PasswordVerificationResult Verify(string? hash, string password)
    {
        if (hash is not null && IsHash(hash))
        {
            return _hasher.VerifyHashedPassword(Nobody, hash, password);
        }

        _hasher.VerifyHashedPassword(Nobody, _dummy, password);
        return PasswordVerificationResult.Failed;
    }

    public void Dispose() => Turns.Dispose();

    // What is none, or of a format without a count, would be refused without any work.
    private static bool IsHash(string hash)
    {
        var bytes = new byte[hash.Length];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length > Header + Salt && bytes[0] == Format;
    }

    // Identity's third format with as many iterations as ours, but random bytes for a hash: no password fits it, verifying
    // one takes the full time, and making it takes none.
    internal static string Dummy()
    {
        const int Sha512 = 2;
        var dummy = RandomNumberGenerator.GetBytes(Header + Salt + 32);
        dummy[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(dummy.AsSpan(1), Sha512);
        BinaryPrimitives.WriteInt32BigEndian(dummy.AsSpan(5), Iterations);
        BinaryPrimitives.WriteInt32BigEndian(dummy.AsSpan(9), Salt);
        return Convert.ToBase64String(dummy);
    }
}
