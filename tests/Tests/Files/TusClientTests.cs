using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ChargeCars.Testing;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Files;

/// <summary>The public client of the tus protocol against this server.</summary>
[Collection(HostCollection.Name)]
public sealed class TusClientTests(RunningHost host)
{
    [NodeFact]
    public async Task Client_ThatBreaksOffAndGoesOn_EndsWithTheWholeFile()
    {
        var (order, folder) = (await Sample.CreateAsync(host, "order"), Path.Combine(Repository.Folder, "tests", "Tests", "Files", "client"));
        await RunAsync(folder, "npm", "ci", "--no-audit", "--no-fund", "--silent");

        var told = JsonDocument.Parse(await RunAsync(folder, "node", "upload.mjs", host.Url.OriginalString.TrimEnd('/'), $"{order}")).RootElement;

        Assert.Equal(told.GetProperty("broken").GetString(), told.GetProperty("resumed").GetString());
        foreach (var upload in new[] { "resumed", "whole" })
        {
            var file = await host.Administrator.ReadAsync($"/api/attachments/{told.GetProperty(upload).GetString()!.Split('/')[^1]}");
            Assert.Equal(told.GetProperty("sha256").GetString(), file.GetProperty("sha256").GetString());
            Assert.Equal(3_000_000, file.GetProperty("fileSize").GetInt32());
            Assert.Equal("meterkast voor é.bin", file.GetProperty("fileName").GetString());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await host.Administrator.WhereAsync(new Uri(told.GetProperty("given").GetString()!).PathAndQuery)).StatusCode);
    }

    private async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["UPLOAD_TOKEN"] = host.Administrator.DefaultRequestHeaders.Authorization!.Parameter;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{program}: {await error}{await output}");
        return await output;
    }

    /// <summary>A fact that needs Node.js 20 and npm.</summary>
    private sealed class NodeFactAttribute : FactAttribute
    {
        public NodeFactAttribute() =>
            Skip = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, "npm")))
                ? null
                : "Needs Node.js and npm: the tests of the protocol itself stand in for it.";
    }
}
