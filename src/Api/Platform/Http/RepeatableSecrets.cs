using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.Secrets;

namespace ChargeCars.Api.Platform.Http;

/// <summary>
/// Makes the secrets that an answer shows once. That of a request with an Idempotency-Key follows from it and from the master key, so
/// that a repetition is answered with the same secret although nothing but its hash is kept (docs/adr/0050).
/// </summary>
internal sealed class RepeatableSecrets(MasterKey master)
{
    private const int Length = 32;

    private readonly byte[] _key = Convert.FromHexString(master.Derive("secrets that are made repeatably"));

    /// <summary>The secret.</summary>
    /// <param name="table">Of the row that keeps its hash.</param>
    /// <param name="id">The row's.</param>
    /// <param name="repetition">What the request and its repetitions have in common; null for a secret of its own.</param>
    public byte[] Make(string table, Guid id, string? repetition) => repetition is null
        ? RandomNumberGenerator.GetBytes(Length)
        : HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{table}\n{id:n}\n{repetition}"));

    /// <summary>What a repetition is answered once the row has another secret, or none.</summary>
    public static Conflict NotShown(string what, string instead) =>
        new("secret_not_shown", $"This request was carried out before, and {what} is not shown any more: {instead}.");
}
