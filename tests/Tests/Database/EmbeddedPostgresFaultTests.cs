using System.Diagnostics;
using ChargeCars.Silo.Database;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Tests.Database;

public sealed class EmbeddedPostgresFaultTests
{
    [Fact]
    public async Task Start_ConfiguredFolderWithoutPrograms_NamesTheKey()
    {
        await using var folder = new DataFolder();
        var wrong = folder.MakeFolder("wrong");
        folder.Options = folder.Options with { BinDirectory = wrong };

        var fault = await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());

        Assert.Contains("ChargeCars:Postgres:BinDirectory is set to " + wrong, fault.Message, StringComparison.Ordinal);
        Assert.Contains("has no postgres, initdb, pg_ctl", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoProgramsAnywhere_SaysWhatToDo()
    {
        await using var folder = new DataFolder();
        folder.Options = folder.Options with { BinaryPlaces = BinaryPlaces.None };

        var fault = await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());

        Assert.Contains("install PostgreSQL 15 or newer", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ChargeCars:Postgres:BinDirectory", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:ChargeCars", fault.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Start_ProgramsTooOld_NamesBothVersions()
    {
        await using var folder = new DataFolder();
        folder.Options = folder.Options with { BinDirectory = MakePrograms(folder, "14.2") };

        var fault = await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());

        Assert.Contains("is PostgreSQL 14.2; 15 or newer is needed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ClusterOfAnotherVersion_NamesBothVersions()
    {
        await using var folder = new DataFolder();
        var first = await folder.StartAsync();
        var made = first.Home.ClusterVersion;
        await first.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(first.Home.Cluster, "PG_VERSION"), "99\n");

        var fault = await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());

        Assert.Contains("made by PostgreSQL 99", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"only PostgreSQL {made}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("pg_upgrade", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SettingThatTheServerRefuses_ShowsItsLastWords()
    {
        await using var folder = new DataFolder();
        folder.Options = folder.Options with { ServerSettings = new Dictionary<string, string> { ["max_connections"] = "none" } };

        var fault = await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());

        Assert.Contains("max_connections", fault.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Start_DiskFull_NamesTheFolderAndItsFreeSpace()
    {
        await using var folder = new DataFolder();
        using var disk = SmallDisk.Mount(folder.MakeFolder("disk"));
        folder.Options = folder.Options with { DataDirectory = Path.Combine(disk.Path, "data") };

        var fault = await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());

        Assert.Contains("No space left on device: " + disk.Path, fault.Message, StringComparison.Ordinal);
        Assert.Contains("MB free", fault.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Start_DataMovedToAnotherFolder_IsNotShared()
    {
        await using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Options.DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(folder.Options.DataDirectory, "postgres.location"), "/somewhere/else\n");

        var fault = await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());

        Assert.Contains("was copied or moved", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailedStart_PutRight_Starts()
    {
        await using var folder = new DataFolder();
        var right = folder.Options;
        folder.Options = right with { ServerSettings = new Dictionary<string, string> { ["max_connections"] = "none" } };
        await Assert.ThrowsAsync<StartupException>(() => folder.StartAsync());
        folder.Options = right;

        var postgres = await folder.StartAsync();

        Assert.Equal(1, await DataFolder.AskAsync<int>(postgres, "SELECT 1"));
    }

    private static string MakePrograms(DataFolder folder, string version)
    {
        var programs = folder.MakeFolder("programs");
        foreach (var name in new[] { "postgres", "initdb", "pg_ctl" })
        {
            var path = Path.Combine(programs, name);
            File.WriteAllText(path, $"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
            const UnixFileMode ForAll = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | ForAll);
        }

        return programs;
    }

    /// <summary>A disk in memory that is too small for a cluster.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string path) => Path = path;

        public string Path { get; }

        public static SmallDisk Mount(string path)
        {
            Run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", path);
            return new SmallDisk(path);
        }

        public void Dispose() => Run("umount", Path);

        private static void Run(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
