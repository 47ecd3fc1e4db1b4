using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.Secrets;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Makes the secrets of API keys. That of a request with an Idempotency-Key follows from it and from the master key, so that a
/// repetition is answered with the same secret although nothing but its hash is kept (docs/adr/0050).
/// </summary>
internal sealed class KeySecrets(MasterKey master)
{
    private readonly byte[] _key = Convert.FromHexString(master.Derive("secrets of API keys that are made repeatably"));

    /// <summary>A secret and what is kept of it.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="repetition">What the request and its repetitions have in common; null for a secret of its own.</param>
    public (string Text, byte[] Hash) Create(Guid id, string? repetition)
    {
        if (repetition is null)
        {
            return SecretText.ApiKey.Create(id);
        }

        var secret = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{id:n}\n{repetition}"));
        return (SecretText.ApiKey.Write(id, secret), SecretText.HashOf(secret));
    }
}
