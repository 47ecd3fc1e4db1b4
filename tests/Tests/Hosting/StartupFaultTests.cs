using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Hosting;

/// <summary>What an operator reads who configured something wrong: the key, the value, and no stack trace.</summary>
public sealed class StartupFaultTests
{
    [Theory]
    [InlineData("ChargeCars:Positions:MaxAge", "abc", "ChargeCars:Positions:MaxAge")]
    [InlineData("ChargeCars:Positions:MaxAge", "-1.00:00:00", "ChargeCars:Positions:MaxAge")]
    [InlineData("ChargeCars:Motion:StartMeters", "50", "ChargeCars:Motion:StartMeters")]
    [InlineData("ChargeCars:Motion:StopAfter", "soon", "ChargeCars:Motion:StopAfter")]
    [InlineData("ChargeCars:Live:PollInterval", "0", "ChargeCars:Live:PollInterval")]
    [InlineData("ChargeCars:Roles", "silo,apy", "ChargeCars:Roles")]
    [InlineData("ChargeCars:Silo:Port", "99999", "ChargeCars:Silo:Port")]
    [InlineData("ChargeCars:Silo:AdvertisedAddress", "no such host", "ChargeCars:Silo:AdvertisedAddress")]
    [InlineData("ChargeCars:Silo:Tls", "maybe", "ChargeCars:Silo:Tls")]
    [InlineData("ChargeCars:Screen:MapFile", "/nowhere.pmtiles", "ChargeCars:Screen:MapFile")]
    [InlineData("ChargeCars:Screen:MapFile", "/etc/hostname", "must be a PMTiles file of version 3")]
    [InlineData("ChargeCars:Places:UsePdok", "true", "ChargeCars:Places:UsePdok")]
    [InlineData("ChargeCars:Places:CacheFor", "00:00:01", "ChargeCars:Places:CacheFor")]
    [InlineData("urls", "localhost", "ASPNETCORE_URLS")]
    [InlineData("ConnectionStrings:ChargeCars", "nonsense", "ConnectionStrings:ChargeCars")]
    public async Task Start_ValueThatCannotBeUsed_NamesItsKey(string key, string value, string named)
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        string[] arguments =
        [
            $"--ConnectionStrings:ChargeCars={database.ConnectionString}", "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning", $"--{key}={value}",
        ];

        var fault = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var host = await ChargeCarsHost.StartAsync(arguments);
        });

        Assert.Contains(named, StartupFault.Explain(fault), StringComparison.Ordinal);
    }
}
