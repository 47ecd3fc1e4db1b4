using ChargeCars.Api.Screen;
using ChargeCars.Testing;

namespace ChargeCars.Screen.Tests;

/// <summary>A test of the screen in a browser; skipped, with the reason, where there is no browser or no screen.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private bool _isOfTheDay;

    public BrowserFactAttribute() => Skip =
        !IsBuilt ? "The dispatch screen is not built here: it needs Node.js 20 or newer."
        : Browser.BarePath is null ? "No Chromium on the PATH: install chromium to test the screen in it."
        : null;

    /// <summary>Whether it needs a visit that should be under way: then it is skipped around midnight.</summary>
    public bool IsOfTheDay
    {
        get => _isOfTheDay;
        set
        {
            _isOfTheDay = value;
            Skip ??= value ? AroundMidnight.Skip : null;
        }
    }

    private static bool IsBuilt { get; } =
        typeof(ScreenEndpoints).Assembly.GetManifestResourceNames().Contains("screen/index.html");
}
