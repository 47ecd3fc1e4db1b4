using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Keeps addresses out of the logs. ASP.NET Core's hosting logs each request's whole address at Information, before any
/// middleware could hide a part of it: with the hub's <c>access_token</c>, and with an API key where a tracker sends it
/// in the path. Traces and metrics tell the same without the secrets.
/// </summary>
/// <remarks>
/// A rule of each provider's own wins over a general one, and the last of equals wins; so this one is last, and repeated
/// for each provider that has rules: no setting under <c>Logging</c> brings the addresses back by accident.
/// </remarks>
internal sealed class QuietRequestLog : IPostConfigureOptions<LoggerFilterOptions>
{
    // Routing tells each path that it matches at Debug: a tracker's key and a customer's token are in paths.
    private static readonly string[] Categories = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing.Matching"];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // Hosting puts the path, with a tracker's key in it, into a scope around each request's lines, and whoever turns
        // scopes on would write it with every one of them. Nothing of ours is told by a scope.
        options.CaptureScopes = false;
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
        {
            foreach (var category in Categories)
            {
                options.Rules.Add(new(provider, category, LogLevel.Warning, filter: null));
            }
        }
    }
}
