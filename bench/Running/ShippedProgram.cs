using System.Diagnostics;
using System.Runtime.InteropServices;
using ChargeCars.Testing;

namespace ChargeCars.Bench.Running;

/// <summary>The program as the image ships it: published for this machine and compiled ahead.</summary>
internal static class ShippedProgram
{
    /// <summary>Handed on to the process that each benchmark is.</summary>
    private const string Variable = "CHARGECARS_BENCH_PROGRAM";

    /// <summary>Where it is.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(Variable)
        ?? throw new InvalidOperationException("The program was not published.");

    /// <summary>Builds it; it is there until the result is disposed.</summary>
    public static async Task<IDisposable> PublishAsync()
    {
        var folder = Directory.CreateTempSubdirectory("chargecars-bench-program-");
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(Repository.Folder, "src", "Silo"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained",
            "-o", folder.FullName, "-v", "quiet", "--nologo",
        ]))!;
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
        {
            folder.Delete(recursive: true);
            throw new InvalidOperationException($"dotnet publish ended with {publish.ExitCode}; see its output.");
        }

        Environment.SetEnvironmentVariable(Variable, folder.FullName);
        return new Disposal(folder);
    }

    private sealed class Disposal(DirectoryInfo folder) : IDisposable
    {
        public void Dispose() => folder.Delete(recursive: true);
    }
}
