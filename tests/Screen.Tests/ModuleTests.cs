using System.Diagnostics;
using ChargeCars.Testing;

namespace ChargeCars.Screen.Tests;

/// <summary>The tests of the screen's own modules, which Node runs: <c>npm test</c> in <c>src/Screen</c>.</summary>
public sealed class ModuleTests
{
    [BrowserFact]
    public async Task Modules_InNode_PassTheirTests()
    {
        var start = new ProcessStartInfo("node", ["build/test.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Folder, "src", "Screen"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var (output, faults) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();

        Assert.True(node.ExitCode == 0, $"{await output}\n{await faults}");
    }
}
