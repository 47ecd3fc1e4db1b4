using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ChargeCars.Identity.Accounts;
using Microsoft.AspNetCore.Identity;

namespace ChargeCars.Tests.Identity;

/// <summary>
/// Counts the iterations that the real hasher would run, as a hash's header says them, and runs one: what they cost is
/// counted, not waited for. Its hashes have the real ones' form.
/// </summary>
internal sealed class CountingHasher : IPasswordHasher<object>
{
    private const int IterationsAt = 5;
    private const int Header = 13;
    private const int Salt = 16;
    private int _iterations;

    public int Iterations => _iterations;

    public string HashPassword(object user, string password) => Hash(password, Passwords.Iterations);

    public PasswordVerificationResult VerifyHashedPassword(object user, string hashedPassword, string providedPassword)
    {
        var hash = Convert.FromBase64String(hashedPassword);
        var iterations = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(IterationsAt));
        Interlocked.Add(ref _iterations, iterations);
        return !CryptographicOperations.FixedTimeEquals(hash.AsSpan(Header + Salt), Subkey(providedPassword, hash)) ? PasswordVerificationResult.Failed
            : iterations < Passwords.Iterations ? PasswordVerificationResult.SuccessRehashNeeded
            : PasswordVerificationResult.Success;
    }

    /// <summary>A hash that claims so many iterations.</summary>
    public string Hash(string password, int iterations)
    {
        Interlocked.Add(ref _iterations, iterations);
        // Function and lengths as in the real ones, salt and result anew.
        var hash = Convert.FromBase64String(Passwords.Dummy());
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(IterationsAt), iterations);
        Subkey(password, hash).CopyTo(hash.AsSpan(Header + Salt));
        return Convert.ToBase64String(hash);
    }

    private static byte[] Subkey(string password, byte[] hash) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(password), hash.AsSpan(Header, Salt), 1, HashAlgorithmName.SHA512, hash.Length - Header - Salt);
}
