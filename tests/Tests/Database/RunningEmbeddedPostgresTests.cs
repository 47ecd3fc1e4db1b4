using System.Runtime.Versioning;
using ChargeCars.Silo.Database;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Tests.Database;

/// <summary>What shows on a server that runs as the host's own does, every setting included.</summary>
public sealed class RunningEmbeddedPostgresTests(RunningEmbeddedPostgresTests.Host host) : IClassFixture<RunningEmbeddedPostgresTests.Host>
{
    [Fact]
    public async Task Start_FirstTime_HasTheSettings()
    {
        Assert.Equal(
            "on on on UTF8 UTC scram-sha-256 128MB 200 off",
            await DataFolder.AskAsync<string>(
                host.Postgres,
                """
                SELECT string_agg(current_setting(name), ' ' ORDER BY place)
                FROM unnest(ARRAY['fsync', 'full_page_writes', 'data_checksums', 'server_encoding', 'TimeZone', 'password_encryption',
                                  'shared_buffers', 'max_connections', 'jit']) WITH ORDINALITY AS setting (name, place)
                """));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_FirstTime_KeepsItsPasswordToItself()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Folder.ConnectionFilePath));
        Assert.Equal(host.Postgres.ConnectionString, ConnectionFile.Read(host.Folder.Options.DataDirectory)!.ConnectionString);
        var wrong = new NpgsqlConnectionStringBuilder(host.Postgres.ConnectionString) { Password = "guess", Pooling = false };
        foreach (var address in new[] { wrong.Host, "127.0.0.1" })
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(wrong.ConnectionString) { Host = address }.ConnectionString);
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
            Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        }
    }

    [Fact]
    public async Task Start_SecondHostOnTheFolder_NamesTheFirst()
    {
        var fault = await Assert.ThrowsAsync<StartupException>(() => host.Folder.StartAsync());

        Assert.Contains($"pid {Environment.ProcessId}, http://localhost:5080", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ChargeCars__DataDirectory", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__ChargeCars", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, await DataFolder.AskAsync<int>(host.Postgres, "SELECT 1"));
    }

    public sealed class Host : IAsyncLifetime
    {
        internal DataFolder Folder { get; } = new();

        internal EmbeddedPostgres Postgres { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Folder.Options = Folder.Options with { ServerSettings = new Dictionary<string, string>() };
            Postgres = await Folder.StartAsync();
        }

        public Task DisposeAsync() => Folder.DisposeAsync().AsTask();
    }
}
