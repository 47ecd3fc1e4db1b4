using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Identity;

#pragma warning disable CA1001 // xunit disposes of it through IAsyncLifetime
public sealed class FirstAdministratorTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chargecars-access-").FullName;
    private readonly Passwords _passwords = new();
    private readonly StringWriter _console = new();
    private TestDatabase? _database;

    private string File => Path.Combine(_folder, FirstAdministrator.FileName);

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        await new MigrationRunner(_database.DataSource, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _database!.DisposeAsync();
        _passwords.Dispose();
        await _console.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task EmptyDatabase_WithBothKeys_GetsTheConfiguredAdministratorAndNoFile()
    {
        Assert.True(await EnsureAsync("boss@example.com", "long enough to be one"));

        var (email, role, hash) = await AccountAsync();
        Assert.Equal(("boss@example.com", "admin"), (email, role));
        Assert.Equal(PasswordVerificationResult.Success, _passwords.Verify(hash, "long enough to be one"));
        Assert.False(System.IO.File.Exists(File));
        Assert.Empty(_console.ToString());
    }

    [Fact]
    public async Task EmptyDatabase_WithoutKeys_GetsARandomPasswordShownOnceAndInAPrivateFile()
    {
        await System.IO.File.WriteAllTextAsync(File, "an older one, open to all");
        Assert.True(await EnsureAsync(null, null));
        Assert.False(await EnsureAsync(null, null));

        var (email, _, hash) = await AccountAsync();
        var lines = await System.IO.File.ReadAllLinesAsync(File);
        Assert.Equal("admin@chargecars.local", email);
        Assert.Equal(2, lines.Length);
        Assert.Equal($"email: {email}", lines[0]);
        Assert.StartsWith("password: ", lines[1], StringComparison.Ordinal);
        var password = lines[1]["password: ".Length..];
        Assert.Equal(PasswordVerificationResult.Success, _passwords.Verify(hash, password));
        Assert.Equal(2, _console.ToString().Split(password).Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }

        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task FirstAdministrator_IsAuditedWithoutThePassword()
    {
        await EnsureAsync(null, null);

        Assert.Equal("contact,user_account", await ValueAsync("SELECT string_agg(table_name, ',' ORDER BY table_name) FROM audit_log"));
        var audit = await ValueAsync("SELECT string_agg(a::text, '') FROM audit_log a");
        Assert.DoesNotContain((await AccountAsync()).Hash, audit, StringComparison.Ordinal);
        Assert.DoesNotContain((await System.IO.File.ReadAllLinesAsync(File))[1]["password: ".Length..], audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoHosts_AtTheSameTime_MakeOne()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => EnsureAsync(null, null)));

        Assert.Single(made, true);
        var (_, _, hash) = await AccountAsync();
        var password = (await System.IO.File.ReadAllLinesAsync(File))[1]["password: ".Length..];
        Assert.Equal(PasswordVerificationResult.Success, _passwords.Verify(hash, password));
    }

    [Theory]
    [InlineData("boss@example.com", null, FirstAdministrator.PasswordKey)]
    [InlineData(null, "long enough to be one", FirstAdministrator.EmailKey)]
    [InlineData("boss@example.com", "too short!!", FirstAdministrator.PasswordKey)]
    [InlineData("boss", "long enough to be one", FirstAdministrator.EmailKey)]
    public async Task Configuration_ThatCantBeMeant_FailsTheStartByItsKey(string? email, string? password, string key)
    {
        var fault = await Assert.ThrowsAsync<StartupException>(() => EnsureAsync(email, password));

        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
        Assert.Equal("0", await ValueAsync("SELECT count(*)::text FROM user_account"));
        if (password is not null)
        {
            Assert.DoesNotContain(password, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Administrator_WhenThereIsOne_StaysAsItIs()
    {
        await EnsureAsync("boss@example.com", "long enough to be one");

        Assert.False(await EnsureAsync("other@example.com", "another that is long enough"));

        Assert.Equal("boss@example.com", (await AccountAsync()).Email);
    }

    private Task<bool> EnsureAsync(string? email, string? password)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { [FirstAdministrator.EmailKey] = email, [FirstAdministrator.PasswordKey] = password }).Build();
        return new FirstAdministrator(_database!.DataSource, _passwords, configuration, TimeProvider.System)
            .EnsureAsync(_folder, _console, CancellationToken.None);
    }

    private async Task<(string Email, string Role, string Hash)> AccountAsync()
    {
        await using var command = _database!.DataSource.CreateCommand("""
            SELECT c.email, r.role_name, u.password FROM user_account u JOIN contact c ON c.id = u.contact_id JOIN user_role r ON r.id = u.role_id
            WHERE u.is_active
            """);
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        var account = (row.GetString(0), row.GetString(1), row.GetString(2));
        Assert.False(await row.ReadAsync());
        return account;
    }

    private async Task<string> ValueAsync(string sql)
    {
        await using var command = _database!.DataSource.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
