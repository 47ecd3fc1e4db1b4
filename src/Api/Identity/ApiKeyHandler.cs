using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity;

/// <summary>Programs and feeds, by their API key.</summary>
internal sealed class ApiKeyHandler(
    ApiKeyDirectory keys, FailedCredentials failures, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credentials = Credentials.Of(Request);
        if (credentials.Several)
        {
            return Refuse("The request carries more than one credential: send one, an API key or an access token.");
        }

        return credentials.ApiKey is not { } key ? AuthenticateResult.NoResult()
            : keys.Remembers(key) ? Answer(await keys.AuthenticateAsync(key))
            : await LookUpAsync(key);
    }

    /// <summary>Of a key that may be made up: what the look-up costs is on its sender's account first.</summary>
    private async Task<AuthenticateResult> LookUpAsync(string key)
    {
        if (!failures.TryTake(Context))
        {
            return AuthenticateResult.NoResult();
        }

        var failed = false;
        try
        {
            var (identity, fault) = await keys.AuthenticateAsync(key);
            failed = identity is null;
            return failed ? Fail(fault!) : Succeed(identity!);
        }
        finally
        {
            if (!failed)
            {
                failures.GiveBack(Context);
            }
        }
    }

    private AuthenticateResult Answer((CallerIdentity? Identity, string? Fault) found) =>
        found.Identity is null ? Refuse(found.Fault!) : Succeed(found.Identity);

    private AuthenticateResult Succeed(CallerIdentity identity) => AuthenticateResult.Success(new(identity.SignIn(Context), Scheme.Name));

    private AuthenticateResult Refuse(string message) => failures.TryTake(Context) ? Fail(message) : AuthenticateResult.NoResult();

    private AuthenticateResult Fail(string message) => AuthenticateResult.Fail(new CredentialException(Scheme.Name, message));
}
