using System.Security.Cryptography;
using ChargeCars.Platform.Secrets;
using Microsoft.Extensions.Logging;
using OtpNet;

namespace ChargeCars.Identity.Accounts;

/// <summary>TOTP (RFC 6238) as every authenticator app has it: SHA-1, six digits, thirty seconds, one step either way.</summary>
internal sealed partial class Authenticator(SecretBox secrets, ILogger<Authenticator> logger)
{
    private const string Table = AccountTable.TableName;
    private const string Column = "two_factor_secret";
    private const int SecretBytes = 20;
    private const string Issuer = "ChargeCars";

    /// <summary>A new key: for the row, and for the app.</summary>
    public (string Seal, TwoFactorSetup Setup) Create(Guid accountId, string accountName)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var text = Base32Encoding.ToString(secret).TrimEnd('=');
        return (
            secrets.SealText(Table, Column, accountId, secret),
            new(text, $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(accountName)}?secret={text}&issuer={Issuer}"));
    }

    /// <summary>What a code is to an account: its authenticator's, by the time step, or one of its recovery codes, by the hash; null for neither.</summary>
    public (long? Step, string? Recovery)? FactorOf(UserAccount account, string code, DateTimeOffset now)
    {
        if (StepOf(account, code, now) is { } step)
        {
            return (step, null);
        }

        var hash = OneTimeToken.HashOfRecoveryCode(code);
        return account.RecoveryCodeHashes.Contains(hash) ? (null, hash) : null;
    }

    /// <summary>The time step of a code that is right and later than the last one that counted; null for any other.</summary>
    public long? StepOf(UserAccount account, string code, DateTimeOffset now)
    {
        var digits = string.Concat(code.Where(char.IsAsciiDigit));
        if (account.TwoFactorSecret is not { } seal || digits.Length != 6)
        {
            return null;
        }

        byte[] secret;
        try
        {
            secret = secrets.OpenText(Table, Column, account.Id, seal);
        }
        catch (CryptographicException fault)
        {
            // Moved from another row, or of another ring: no code is right for it.
            LogNotOpened(logger, account.Id, fault);
            return null;
        }

        var totp = new Totp(secret);
        return totp.VerifyTotp(now.UtcDateTime, digits, out var step, new VerificationWindow(1, 1))
            && !(step <= account.TwoFactorLastStep) ? step : null;
    }

    [LoggerMessage(LogLevel.Error, "The authenticator key of the account {Account} does not open: its row was tampered with, or restored without its key ring")]
    private static partial void LogNotOpened(ILogger logger, Guid account, Exception fault);
}
