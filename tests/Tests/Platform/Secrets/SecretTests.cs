using System.Security.Cryptography;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Platform.Secrets;

/// <summary>Secrets at rest, each test on a database and a data folder of its own.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chargecars-secrets-").FullName;
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task MasterKey_OnAFirstStart_IsMadeAndItsOwnersAlone()
    {
        await StartAsync();

        var file = Path.Combine(_folder, "master.key");
        Assert.Equal(32, Convert.FromBase64String(File.ReadAllText(file)).Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Secret_OfOneHost_OpensOnAnotherWithTheSameMasterKey()
    {
        var id = Guid.NewGuid();
        var kept = (await StartAsync()).SealText("user_account", "two_factor_secret", id, [1, 2, 3]);

        Assert.Equal([1, 2, 3], (await StartAsync()).OpenText("user_account", "two_factor_secret", id, kept));
    }

    [Fact]
    public async Task Secret_InAnotherRowColumnOrTable_DoesNotOpen()
    {
        var (box, id) = (await StartAsync(), Guid.NewGuid());
        var kept = box.SealText("user_account", "two_factor_secret", id, [1, 2, 3]);

        foreach (var (table, column, row) in new[]
        {
            ("user_account", "two_factor_secret", Guid.NewGuid()), ("user_account", "password", id), ("signing_key", "two_factor_secret", id),
        })
        {
            Assert.ThrowsAny<CryptographicException>(() => box.OpenText(table, column, row, kept));
        }

        Assert.ThrowsAny<CryptographicException>(() => box.OpenText("user_account", "two_factor_secret", id, "plain"));
    }

    [Fact]
    public async Task Start_WithoutTheMasterKeyOfTheDatabase_FailsNamingIt()
    {
        await StartAsync();
        File.Delete(Path.Combine(_folder, "master.key"));

        var fault = await Assert.ThrowsAsync<StartupException>(() => StartAsync());

        Assert.Contains(MasterKey.Key, fault.Message, StringComparison.Ordinal);
        Assert.Contains("master.key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAnotherMasterKey_FailsNamingIt_AndOpensOnceTheOldOneIsNamed()
    {
        var id = Guid.NewGuid();
        var kept = (await StartAsync()).SealText("t", "c", id, [7]);
        var (old, other) = (File.ReadAllText(Path.Combine(_folder, "master.key")).Trim(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

        var fault = await Assert.ThrowsAsync<StartupException>(() => StartAsync((MasterKey.Key, other)));

        Assert.Contains(MasterKey.Key, fault.Message, StringComparison.Ordinal);
        Assert.Equal([7], (await StartAsync((MasterKey.Key, other), (MasterKey.FormerKey, old))).OpenText("t", "c", id, kept));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("AAAA")]
    public async Task Start_WithAMasterKeyThatIsNone_FailsNamingIt(string key) =>
        Assert.Contains(MasterKey.Key, (await Assert.ThrowsAsync<StartupException>(() => StartAsync((MasterKey.Key, key)))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task SigningKeys_SwappedBetweenTheirRows_DoNotOpenAndAreNamed()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
        var keys = new SigningKeys(_database.DataSource, await StartAsync(), clock);
        await keys.EnsureAsync(CancellationToken.None);
        clock.Advance(SigningKeys.RotateAfter);
        await keys.EnsureAsync(CancellationToken.None);
        await keys.EnsureAsync(CancellationToken.None); // both open where they are
        await using (var swap = _database.DataSource.CreateCommand("UPDATE signing_key k SET secret = o.secret FROM signing_key o WHERE o.id <> k.id"))
        {
            Assert.Equal(2, await swap.ExecuteNonQueryAsync());
        }

        var fault = await Assert.ThrowsAsync<StartupException>(() => keys.EnsureAsync(CancellationToken.None));

        Assert.Contains("signing_key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyRing_InTheDatabase_HoldsNoKeyInPlainText()
    {
        await StartAsync();

        await using var command = _database.DataSource.CreateCommand("SELECT string_agg(xml, ' ') FROM data_protection_key");
        var xml = (string)(await command.ExecuteScalarAsync())!;

        Assert.Contains("masterKeyEncrypted", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey ", xml, StringComparison.Ordinal);
    }

    private async Task<SecretBox> StartAsync(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(_database.DataSource);
        services.AddSecrets(await SecretServices.LoadMasterKeyAsync(_database.DataSource, configuration, _folder, CancellationToken.None));
        var host = services.BuildServiceProvider();
        await host.PrepareSecretsAsync(CancellationToken.None);
        return host.GetRequiredService<SecretBox>();
    }
}
