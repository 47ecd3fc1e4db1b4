using System.Data.Common;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChargeCars.Api.Identity;

/// <summary>Access tokens: short-lived proof of who somebody is. What they may do is looked up (<see cref="UserDirectory"/>).</summary>
internal sealed class AccessTokens(SigningKeys keys, UserDirectory users, TimeProvider time)
{
    /// <summary>How long a token counts. Short, because until there are sessions nothing ends one earlier but closing the account.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>RFC 9068's type: a token made for another purpose, such as a second factor's challenge, is no access token.</summary>
    private const string Type = "at+jwt";
    private const string Issuer = "chargecars";
    private const string Audience = "chargecars-api";
    private const string Algorithm = SecurityAlgorithms.HmacSha256;

    private static readonly JsonWebTokenHandler Writer = new() { SetDefaultTimesOnTokenCreation = false };

    public (string Token, DateTimeOffset ExpiresAt) Issue(SignedInUser user)
    {
        var now = time.GetUtcNow();
        // A token's times are whole seconds.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + Lifetime).ToUnixTimeSeconds());
        var token = Writer.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["jti"] = Guid.CreateVersion7(now).ToString(),
                ["sub"] = user.Id.ToString(),
                ["contact"] = user.ContactId.ToString(),
                ["role"] = user.Role,
            },
            SigningCredentials = new(keys.Current, Algorithm),
        });
        return (token, expiresAt);
    }

    /// <summary>Settles what the bearer scheme takes; every choice that a token could make for us is pinned.</summary>
    public void Configure(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.TimeProvider = time;
        options.TokenValidationParameters = new()
        {
            ValidTypes = [Type],
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            ValidAlgorithms = [Algorithm],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            // By the kid alone: keys in the token's own header (jwk, jku, x5c) are never looked at.
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Named(kid),
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        };
        options.Events = new()
        {
            OnMessageReceived = Receive,
            OnTokenValidated = IdentifyAsync,
            OnAuthenticationFailed = context =>
            {
                if (context.Exception is DbException)
                {
                    // Who it is could not be looked up: our fault (503), not the token's.
                    return Task.CompletedTask;
                }

                context.Fail(Refusal(context.Exception is SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException
                    ? "The access token has expired."
                    : "The access token is not valid."));
                return Task.CompletedTask;
            },
        };
    }

    private static Task Receive(MessageReceivedContext context)
    {
        if (Credentials.Of(context.Request).AccessToken is { Length: > 0 } token)
        {
            context.Token = token;
        }
        else
        {
            context.NoResult();
        }

        return Task.CompletedTask;
    }

    private async Task IdentifyAsync(TokenValidatedContext context)
    {
        if (Guid.TryParse(context.Principal?.FindFirst("sub")?.Value, out var id) && await users.FindAsync(id) is { } user)
        {
            context.Principal = CallerIdentity.SignIn(context.HttpContext, user.Caller, context.Scheme.Name);
        }
        else
        {
            context.Fail(Refusal("The account of this access token is closed."));
        }
    }

    private static CredentialException Refusal(string message) => new(Credentials.BearerScheme, message);
}
