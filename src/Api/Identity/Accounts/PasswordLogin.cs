using System.Security.Cryptography;
using System.Text;
using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>Finds the account of an address and asks its grain. An address that nobody has is asked for all the same, by an id of its own.</summary>
internal sealed partial class PasswordLogin(
    NpgsqlDataSource source, IGrainFactory grains, RefusedCredentials refused, TimeProvider time, ILogger<PasswordLogin> logger)
{
    /// <summary>How long an address counts as known after a login from it.</summary>
    private static readonly TimeSpan AddressMemory = TimeSpan.FromDays(30);

    // Two accounts may share an address, as contacts do; LIMIT 2 is enough to notice.
    private const string FindSql = "SELECT u.id, c.email FROM user_account u JOIN contact c ON c.id = u.contact_id WHERE lower(c.email) = lower($1) LIMIT 2";

    private const string KnownSql = "SELECT EXISTS (SELECT 1 FROM user_session WHERE user_id = $1 AND ip_address = $2 AND created_at > $3)";

    /// <summary>The account that was tried, whether or not there is one, and how it ended.</summary>
    public async Task<(Guid AccountId, LoginResult Result)> TryAsync(string email, string password, HttpContext http)
    {
        var found = await FindAsync(email, http.RequestAborted);
        var id = found?.Id ?? StandIn(email);
        var context = RequestOrigin.Context(http, Somebody(id, email), time);
        var result = await grains.GetGrain<IUserAccountGrain>(id).LoginAsync(password, await IsKnownAsync(id, context), context);
        if (found is null && result.Outcome == LoginOutcome.Refused)
        {
            refused.Note(http, "No account has the email address.");
        }

        return (id, result);
    }

    /// <summary>The second step of a login.</summary>
    public async Task<LoginOutcome> TryCodeAsync(Guid accountId, string passwordMark, string code, HttpContext http)
    {
        var context = RequestOrigin.Context(http, Somebody(accountId, "second factor"), time);
        return await grains.GetGrain<IUserAccountGrain>(accountId).SecondFactorAsync(code, passwordMark, await IsKnownAsync(accountId, context), context);
    }

    /// <summary>The one account of an address; null where there is none or, which is logged, more than one.</summary>
    public async Task<(Guid Id, string Email)?> FindAsync(string email, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(FindSql);
        command.Parameters.Add(Sql.Text(email.Trim()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }

        var account = (row.GetGuid(0), row.GetString(1));
        if (await row.ReadAsync(cancellation))
        {
            LogAmbiguous(logger, account.Item1, row.GetGuid(0));
            return null;
        }

        return account;
    }

    private async Task<bool> IsKnownAsync(Guid accountId, CommandContext context)
    {
        await using var command = source.CreateCommand(KnownSql);
        command.Parameters.Add(Sql.Uuid(accountId));
        command.Parameters.Add(Sql.Text(context.IpAddress));
        command.Parameters.Add(Sql.Time(time.GetUtcNow() - AddressMemory));
        return await command.ExecuteScalarAsync() is true;
    }

    // Who is not proved yet: the audit names the account that was tried.
    private static Actor Somebody(Guid accountId, string email) => new(ActorKind.User, accountId, email[..Math.Min(email.Length, 254)]);

    private static Guid StandIn(string email) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("nobody\n" + email.Trim().ToLowerInvariant())).AsSpan(0, 16));

    [LoggerMessage(LogLevel.Warning, "The accounts {First} and {Second} share an email address, so neither can log in by it: change one")]
    private static partial void LogAmbiguous(ILogger logger, Guid first, Guid second);
}
