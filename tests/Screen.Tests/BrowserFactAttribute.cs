using ChargeCars.Api.Screen;

namespace ChargeCars.Screen.Tests;

/// <summary>A test of the screen in a browser; skipped, with the reason, where there is no browser or no screen.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip =
        !IsBuilt ? "The dispatch screen is not built here: it needs Node.js 20 or newer."
        : Browser.BarePath is null ? "No Chromium on the PATH: install chromium to test the screen in it."
        : null;

    private static bool IsBuilt { get; } =
        typeof(ScreenEndpoints).Assembly.GetManifestResourceNames().Contains("screen/index.html");
}
