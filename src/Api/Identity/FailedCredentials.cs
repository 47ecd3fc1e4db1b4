using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Platform.Http.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity;

/// <summary>
/// How many credentials of one network may fail. Beyond it they are answered 429 without a look-up and without a line in the log: a flood
/// of made-up keys must not cost the database anything. Credentials that this host has seen to be good ask for no quota, so that a
/// program behind the same address as a flood goes on.
/// </summary>
internal sealed class FailedCredentials(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private readonly QuotaLedger _quota = new(options.Value.FailedCredentials, time);

    /// <summary>Whether this network's credentials may fail once more; counts one. If not, the request is refused.</summary>
    public bool TryTake(HttpContext http)
    {
        var (taken, wait) = _quota.Take(RequestOrigin.Network(http));
        if (!taken)
        {
            http.Features.Set(new Exceeded(wait));
        }

        return taken;
    }

    /// <summary>The credentials were good, or could not be looked up.</summary>
    public void GiveBack(HttpContext http) => _quota.GiveBack(RequestOrigin.Network(http));

    /// <summary>Whether the network has used its quota up; counts nothing. If so, the request is refused unless its credentials are good.</summary>
    public bool IsExceeded(HttpContext http) => _quota.Wait(RequestOrigin.Network(http)) > TimeSpan.Zero;

    /// <summary>Refuses the request.</summary>
    public void Refuse(HttpContext http) => http.Features.Set(new Exceeded(_quota.Wait(RequestOrigin.Network(http))));

    /// <summary>On a request whose credentials were not looked at.</summary>
    /// <param name="Wait">How long until some would be.</param>
    internal sealed record Exceeded(TimeSpan Wait);
}

/// <summary>How a request is answered whose credentials were not looked at.</summary>
internal static class FailedCredentialsQuota
{
    /// <summary>After authentication, before authorization.</summary>
    public static void UseFailedCredentialsQuota(this IApplicationBuilder app) => app.Use(next => http =>
        http.Features.Get<FailedCredentials.Exceeded>() is not { } exceeded ? next(http) : ProblemAnswers.From(new TooManyAttempts(
            "Too many credentials from your address were not valid; these were not looked at.",
            Math.Max(1, (int)Math.Ceiling(exceeded.Wait.TotalSeconds)))).ExecuteAsync(http));
}
