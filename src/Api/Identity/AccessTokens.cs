using System.Data.Common;
using ChargeCars.Api.Identity.Sessions;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChargeCars.Api.Identity;

/// <summary>Access tokens: short-lived proof of who somebody is. What they may do is looked up (<see cref="UserDirectory"/>).</summary>
internal sealed class AccessTokens(
    SigningKeys keys, UserDirectory users, SessionDirectory sessions, FailedCredentials failures, IOptions<SessionOptions> options, TimeProvider time)
{
    /// <summary>RFC 9068's type: a token made for another purpose, such as a second factor's challenge, is no access token.</summary>
    private const string Type = "at+jwt";
    private const string ChallengeType = "challenge+jwt";
    private const string Issuer = "chargecars";
    private const string Audience = "chargecars-api";
    private const string Algorithm = SecurityAlgorithms.HmacSha256;

    /// <summary>How long a code may take.</summary>
    private static readonly TimeSpan ChallengeLifetime = TimeSpan.FromMinutes(5);

    private static readonly JsonWebTokenHandler Writer = new() { SetDefaultTimesOnTokenCreation = false };

    public (string Token, DateTimeOffset ExpiresAt) Issue(SignedInUser user, Session session)
    {
        var now = time.GetUtcNow();
        // A token's times are whole seconds. It may outlive its session: that is looked up with every request.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + options.Value.AccessLifetime).ToUnixTimeSeconds());
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
                ["sid"] = session.Id.ToString(),
                ["contact"] = user.ContactId.ToString(),
                ["role"] = user.Role,
            },
            SigningCredentials = new(keys.Current, Algorithm),
        });
        return (token, expiresAt);
    }

    /// <summary>Says that an account's password was given; its type makes it good for the second step of the login and nothing else.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="passwordMark">Which password that was: another one since voids the challenge.</param>
    public string Challenge(Guid accountId, string passwordMark)
    {
        var now = time.GetUtcNow();
        return Writer.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = ChallengeType,
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            Expires = (now + ChallengeLifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["jti"] = Guid.CreateVersion7(now).ToString(), ["sub"] = accountId.ToString(), ["pwd"] = passwordMark },
            SigningCredentials = new(keys.Current, Algorithm),
        });
    }

    /// <summary>The account of a challenge, and which password was given for it; null where it is none, or too old.</summary>
    public async Task<(Guid AccountId, string PasswordMark)?> ReadChallengeAsync(string challenge)
    {
        var outcome = await Writer.ValidateTokenAsync(challenge, ParametersFor(ChallengeType));
        return outcome.IsValid && outcome.Claims.TryGetValue("sub", out var sub) && Guid.TryParse(sub as string, out var id)
            && outcome.Claims.TryGetValue("pwd", out var mark) && mark is string text ? (id, text) : null;
    }

    /// <summary>Settles what the bearer scheme takes; every choice that a token could make for us is pinned.</summary>
    public void Configure(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.TimeProvider = time;
        options.TokenValidationParameters = ParametersFor(Type);
        options.Events = new()
        {
            OnMessageReceived = ReceiveAsync,
            OnTokenValidated = IdentifyAsync,
            OnAuthenticationFailed = context =>
            {
                if (context.Exception is DbException)
                {
                    // Who it is could not be looked up: our fault (503), not the token's.
                    return Task.CompletedTask;
                }

                failures.TryTake(context.HttpContext);
                context.Fail(Refusal(context.Exception is SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException
                    ? "The access token has expired."
                    : "The access token is not valid."));
                return Task.CompletedTask;
            },
        };
    }

    private TokenValidationParameters ParametersFor(string type) => new()
    {
        ValidTypes = [type],
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

    private async Task ReceiveAsync(MessageReceivedContext context)
    {
        if (Credentials.Of(context.Request).AccessToken is not { Length: > 0 } token)
        {
            context.NoResult();
        }
        else if (failures.IsExceeded(context.HttpContext) && !(await Writer.ValidateTokenAsync(token, ParametersFor(Type))).IsValid)
        {
            // Here, as the handler itself would write of each one in the log.
            failures.Refuse(context.HttpContext);
            context.NoResult();
        }
        else
        {
            context.Token = token;
        }
    }

    private async Task IdentifyAsync(TokenValidatedContext context)
    {
        if (!Guid.TryParse(context.Principal?.FindFirst("sub")?.Value, out var id)
            || !Guid.TryParse(context.Principal?.FindFirst("sid")?.Value, out var session)
            || !await sessions.IsOpenAsync(session, id))
        {
            Fail(context, "The session of this access token has ended.");
        }
        else if (await users.FindAsync(id) is { } user)
        {
            context.Principal = new CallerIdentity(user.Caller with { SessionId = session }, context.Scheme.Name).SignIn(context.HttpContext);
        }
        else
        {
            Fail(context, "The account of this access token is closed.");
        }
    }

    private void Fail(TokenValidatedContext context, string message)
    {
        failures.TryTake(context.HttpContext);
        context.Fail(Refusal(message));
    }

    private static CredentialException Refusal(string message) => new(Credentials.BearerScheme, message);
}
