using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>
/// The Chromium of this machine, as it is without a GPU: it puts the page together in software, and WebGL draws in software.
/// Told to use an emulated GPU for both (<c>--use-angle=swiftshader</c>), any movement on the page takes two cores.
/// </summary>
internal static class Browser
{
    private static readonly string[] BareNames = ["chromium-headless-shell", "chrome-headless-shell"];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Where it is; null where there is none.</summary>
    public static string? Path { get; } = Find([.. Names, "Google Chrome"]);

    /// <summary>Chromium's headless shell, which opens no window for a page; the whole browser where it is not installed.</summary>
    public static string? BarePath { get; } = Find(BareNames) ?? Path;

    /// <param name="playwright">Starts it.</param>
    /// <param name="path">Which; the whole one where it is not said.</param>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright, string? path = null) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = path ?? Path, Args = Arguments });

    private static string? Find(string[] names) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append("/Applications/Google Chrome.app/Contents/MacOS")
        .SelectMany(folder => names.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
