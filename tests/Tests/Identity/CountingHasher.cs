using System.Buffers.Binary;
using ChargeCars.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Identity;

/// <summary>The real hasher, which counts the iterations that it runs: a hash's header says how many.</summary>
internal sealed class CountingHasher : IPasswordHasher<object>
{
    private const int IterationsAt = 5;
    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Passwords.Iterations }));
    private int _iterations;

    public int Iterations => _iterations;

    public string HashPassword(object user, string password) => Counted(_hasher.HashPassword(user, password));

    public PasswordVerificationResult VerifyHashedPassword(object user, string hashedPassword, string providedPassword) =>
        _hasher.VerifyHashedPassword(user, Counted(hashedPassword), providedPassword);

    private string Counted(string hash)
    {
        Interlocked.Add(ref _iterations, BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hash).AsSpan(IterationsAt)));
        return hash;
    }
}
