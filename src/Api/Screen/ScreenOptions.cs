using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Screen;

/// <summary>The dispatch screen's map: <c>ChargeCars:Screen</c>. Without any of these it draws outlines and needs no internet.</summary>
public sealed class ScreenOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Screen";

    /// <summary>Address of a MapLibre style, as in <c>https://maps.example.nl/style.json</c>. Default none.</summary>
    public string? MapStyle { get; set; }

    /// <summary>
    /// Address of raster tiles with <c>{z}</c>, <c>{x}</c> and <c>{y}</c>, drawn over the outlines, as in
    /// <c>https://tiles.example.nl/{z}/{x}/{y}.png</c>. Default none.
    /// </summary>
    public string? MapTiles { get; set; }

    /// <summary>
    /// A PMTiles file (version 3) on this machine with streets in the shape of the Protomaps basemap, which the host serves itself and the page
    /// draws in its own colours, over the outlines and under their towns. Default none.
    /// </summary>
    public string? MapFile { get; set; }

    /// <summary>What the makers of style or tiles ask to be named on the map. Default the outlines' own.</summary>
    public string? MapAttribution { get; set; }

    /// <summary>
    /// Further origins that a style loads tiles, fonts and pictures from, as in <c>https://fonts.example.nl</c>; the page may
    /// speak to no others. Default none.
    /// </summary>
    public IList<string> MapHosts { get; } = [];

    /// <summary>How far the demo fleet's day is ahead of the clock; null where there is no demo. Nobody configures it.</summary>
    internal TimeSpan? DemoAhead { get; set; }
}

/// <summary>Refuses, at start and by the key's name, map addresses that can't work.</summary>
public sealed class ScreenOptionsValidator : IValidateOptions<ScreenOptions>
{
    private static readonly string[] TileParts = ["{z}", "{x}", "{y}"];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ScreenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        Check(options.MapStyle is null || IsWeb(options.MapStyle), nameof(options.MapStyle), "must be an address such as https://maps.example.nl/style.json");
        Check(
            options.MapTiles is null || (IsWeb(options.MapTiles) && TileParts.All(options.MapTiles.Contains)),
            nameof(options.MapTiles), "must be an address with {z}, {x} and {y}");
        Check(options.MapStyle is null || options.MapTiles is null, nameof(options.MapTiles), "can't be given together with MapStyle");
        if (options.MapFile is { } file)
        {
            Check(options.MapStyle is null && options.MapTiles is null, nameof(options.MapFile), "can't be given together with MapStyle or MapTiles");
            var broken = StreetFile.FaultOf(file);
            Check(broken is null, nameof(options.MapFile), broken ?? "");
        }

        foreach (var host in options.MapHosts)
        {
            Check(
                IsWeb(host) && host.Equals(Origin(host), StringComparison.OrdinalIgnoreCase), nameof(options.MapHosts),
                $"must hold origins such as https://fonts.example.nl, not '{host}'");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(bool good, string key, string fault)
        {
            if (!good)
            {
                faults.Add($"{ScreenOptions.Section}:{key} {fault}.");
            }
        }
    }

    /// <summary>Scheme, host and port of an address.</summary>
    internal static string Origin(string address) => new Uri(address).GetLeftPart(UriPartial.Authority);

    // What ends a source of the policy (space, comma, semicolon) is in no host.
    private static bool IsWeb(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Host.Length > 0
        && !uri.Authority.AsSpan().ContainsAny(' ', ',', ';');
}
