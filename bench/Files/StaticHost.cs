using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Bench.Files;

/// <summary>Kestrel with a folder of static files and nothing else: what the reading of files is measured beside.</summary>
internal static class StaticHost
{
    public const string Argument = "static-host";

    public static async Task<int> RunAsync(string url, string folder)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseSetting("urls", url);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true });
        await app.RunAsync();
        return 0;
    }
}
