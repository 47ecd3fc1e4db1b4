using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace ChargeCars.Platform.Secrets;

/// <summary>
/// Secrets as rows hold them: encrypted, and bound to their table, column and row. The place is part of what each key is
/// derived from and of what is authenticated, so a ciphertext that was moved to another row does not open there.
/// </summary>
public sealed class SecretBox(IDataProtectionProvider provider)
{
    private const string Purpose = "ChargeCars.secret.v1";

    /// <summary>The secret as the row keeps it.</summary>
    public byte[] Seal(string table, string column, Guid row, byte[] secret) => For(table, column, row).Protect(secret);

    /// <summary>The secret as a text column keeps it.</summary>
    public string SealText(string table, string column, Guid row, byte[] secret) => Convert.ToBase64String(Seal(table, column, row, secret));

    /// <summary>Throws <see cref="CryptographicException"/> where it is not this place's, or not of this key ring.</summary>
    public byte[] Open(string table, string column, Guid row, byte[] sealedSecret) => For(table, column, row).Unprotect(sealedSecret);

    /// <inheritdoc cref="Open"/>
    public byte[] OpenText(string table, string column, Guid row, string sealedSecret)
    {
        try
        {
            return Open(table, column, row, Convert.FromBase64String(sealedSecret));
        }
        catch (FormatException fault)
        {
            throw new CryptographicException($"{table}.{column} of {row} is not a secret.", fault);
        }
    }

    private IDataProtector For(string table, string column, Guid row) => provider.CreateProtector(Purpose, table, column, row.ToString("N"));
}
