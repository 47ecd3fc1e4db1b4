using System.Threading.Channels;
using ChargeCars.Platform.Storage;
using ChargeCars.Silo.Database;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Tests.Database;

public sealed class DatabaseCommandTests
{
    [Fact]
    public async Task Run_OnADataFolder_HoldsItsDatabaseOpenWithoutAHost_UntilItIsStopped()
    {
        await using var folder = new DataFolder();
        using var stop = new CancellationTokenSource();
        await using var output = new Said();
        var run = DatabaseCommand.RunAsync([$"--ChargeCars:DataDirectory={folder.Options.DataDirectory}", "--Logging:LogLevel:Default=Warning"], output, stop.Token);

        Assert.Contains(folder.ConnectionFilePath, await output.Lines.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit), StringComparison.Ordinal);
        await using (var source = NpgsqlDataSource.Create(ConnectionFile.Read(folder.Options.DataDirectory)!.ConnectionString))
        {
            await using var command = source.CreateCommand("SELECT to_regclass('schema_migration') IS NULL");
            Assert.Equal(true, await command.ExecuteScalarAsync()); // nothing has been at it
        }

        Assert.False(run.IsCompleted);
        await stop.CancelAsync();
        await run.WaitAsync(Patience.Limit);
        Assert.False(File.Exists(PostmasterPid.PathIn(Path.Combine(folder.Options.DataDirectory, "postgres", "cluster"))));
    }

    [Fact]
    public async Task Run_WithADatabaseOfOnesOwn_IsRefusedByTheKey()
    {
        var fault = await Assert.ThrowsAsync<StartupException>(
            () => DatabaseCommand.RunAsync(["--ConnectionStrings:ChargeCars=Host=nowhere"], TextWriter.Null, CancellationToken.None));

        Assert.Contains("ConnectionStrings:ChargeCars", fault.Message, StringComparison.Ordinal);
    }

    private sealed class Said : StringWriter
    {
        public Channel<string> Lines { get; } = Channel.CreateUnbounded<string>();

        public override async Task WriteLineAsync(string? value) => await Lines.Writer.WriteAsync(value ?? "");
    }
}
