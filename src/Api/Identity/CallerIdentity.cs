using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity;

/// <summary>
/// The authenticated identity that carries its <see cref="Identity.Caller"/>, so that authorization decides on the same
/// thing as the endpoints, on a request and on a hub's connection alike.
/// </summary>
public sealed class CallerIdentity : ClaimsIdentity
{
    internal CallerIdentity(Caller caller, string scheme)
        : base([new Claim("sub", caller.Key), new Claim("name", caller.Actor.Name)], scheme, "name", "role") => Caller = caller;

    /// <summary>Who it is.</summary>
    public Caller Caller { get; }

    /// <summary>The caller behind a principal; null where nobody is signed in.</summary>
    public static Caller? Find(ClaimsPrincipal user) => user.Identities.OfType<CallerIdentity>().FirstOrDefault()?.Caller;

    /// <summary>Makes the caller known to a request.</summary>
    internal ClaimsPrincipal SignIn(HttpContext http)
    {
        http.Features.Set(Caller);
        return new ClaimsPrincipal(this);
    }
}
