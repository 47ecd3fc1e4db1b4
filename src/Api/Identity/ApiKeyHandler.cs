using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity;

/// <summary>Programs and feeds, by their API key.</summary>
internal sealed class ApiKeyHandler(
    ApiKeyDirectory keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credentials = Credentials.Of(Request);
        if (credentials.Several)
        {
            return Refuse("The request carries more than one credential: send one, an API key or an access token.");
        }

        if (credentials.ApiKey is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        var (identity, fault) = await keys.AuthenticateAsync(key);
        return identity is null
            ? Refuse(fault!)
            : AuthenticateResult.Success(new(identity.SignIn(Context), Scheme.Name));
    }

    private AuthenticateResult Refuse(string message) => AuthenticateResult.Fail(new CredentialException(Scheme.Name, message));
}
