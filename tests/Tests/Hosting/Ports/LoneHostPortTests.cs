using ChargeCars.Silo.Database;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Tests.Hosting.Ports;

/// <summary>A host without a configured database: no other host can join it, so nothing of its runtime can be connected to.</summary>
#pragma warning disable CA1001 // DisposeAsync disposes of the host.
public sealed class LoneHostPortTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chargecars-lone-").FullName;
    private HostProcess _host = null!;

    public async Task InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // The account that PostgreSQL drops to must pass.
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _host = new(new Dictionary<string, string> { ["ChargeCars__DataDirectory"] = Path.Combine(_folder, "data") });
        await _host.StartAsync(TimeSpan.FromMinutes(2));
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            await _host.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [LinuxFact]
    public async Task LoneHost_WhenItServes_ListensForHttpAlone_AndLetsNoOrleansClientIn()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionFile.Read(Path.Combine(_folder, "data"))!.ConnectionString);
        await using var command = source.CreateCommand("SELECT id FROM user_account");
        var administrator = (Guid)(await command.ExecuteScalarAsync())!;

        var ports = ListeningPorts.Of(_host.Id);
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answers = await Task.WhenAll(
            ports.Except([_host.Url.Port]).Select(port => OrleansStranger.AskForResetTokenAsync(port, administrator, "chargecars", giveUp: giveUp.Token)));

        Assert.All(answers, Assert.Null);
        Assert.Equal([_host.Url.Port], ports);
    }
}
