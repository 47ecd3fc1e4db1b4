using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Screen;

/// <summary>The dispatch screen at <c>/</c>, out of this assembly. It holds no data; the API and the hub guard that.</summary>
public static class ScreenEndpoints
{
    private const string Page = "index.html";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the screen's options.</summary>
    public static IServiceCollection AddScreen(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<ScreenOptions>, ScreenOptionsValidator>();
        services.AddOptions<ScreenOptions>().Bind(configuration.GetSection(ScreenOptions.Section)).ValidateOnStart();
        return services;
    }

    /// <summary>Maps <c>/</c> and the files of the screen; open to everybody.</summary>
    public static IEndpointRouteBuilder MapScreen(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<ScreenOptions>>().Value;
        var positions = endpoints.ServiceProvider.GetRequiredService<IOptions<PositionOptions>>().Value;
        var assets = ScreenAsset.All();
        var page = (assets.FirstOrDefault(asset => asset.Name == Page)
            ?? assets.Single(asset => asset.Name == "not-built.html")).ReadText()
            .Replace("{map}", WebUtility.HtmlEncode(MapOf(options)), StringComparison.Ordinal)
            .Replace("{freshness}", WebUtility.HtmlEncode(FreshnessOf(positions)), StringComparison.Ordinal)
            .Replace("{demo}", WebUtility.HtmlEncode(DemoOf(options)), StringComparison.Ordinal);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(page)))[..16]}\"");
        var policy = PagePolicy.For(options);
        endpoints.MapMethods("/", Reading, (HttpContext http) => AnswerPage(http, page, tag, policy)).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapMethods(StreetFile.Route, Reading, (HttpContext http) => StreetFile.Answer(options.MapFile, http)).RequireSignedIn().ExcludeFromDescription();
        foreach (var asset in assets.Where(asset => !asset.Name.EndsWith(".html", StringComparison.Ordinal)))
        {
            endpoints.MapMethods($"/assets/{asset.Name}", Reading, asset.Answer).AllowAnonymous().ExcludeFromDescription();
        }

        return endpoints;
    }

    private static IResult AnswerPage(HttpContext http, string page, EntityTagHeaderValue tag, string policy)
    {
        var headers = http.Response.Headers;
        // Kept, but asked for each time: it names the files of the newest build.
        headers.CacheControl = "no-cache";
        PageHeaders.Set(http, policy);
        return Results.Bytes(Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8", entityTag: tag);
    }

    private static string MapOf(ScreenOptions options) => JsonSerializer.Serialize(
        new Dictionary<string, string?> { ["style"] = options.MapStyle, ["tiles"] = options.MapTiles, ["attribution"] = options.MapAttribution, ["file"] = options.MapFile is null ? null : StreetFile.Route }
            .Where(pair => pair.Value is not null).ToDictionary());

    private static string DemoOf(ScreenOptions options) =>
        options.DemoAhead is { } ahead ? JsonSerializer.Serialize(new { aheadMinutes = (int)Math.Round(ahead.TotalMinutes) }) : "";

    /// <summary>From which age, seconds, a position of the past is called what: a replay shows the words that were told then.</summary>
    private static string FreshnessOf(PositionOptions positions) => JsonSerializer.Serialize(
        new { staleAfter = positions.StaleAfter.TotalSeconds, offlineAfter = positions.OfflineAfter.TotalSeconds });
}
