using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ChargeCars.Tests.Hosting;

/// <summary>What the running host's own database role can't do, and what a copy of its database does not tell.</summary>
[Collection(HostCollection.Name)]
public sealed class HistoryTests(RunningHost host)
{
    [Theory]
    [InlineData("UPDATE audit_log SET change_summary = 'nothing happened'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("TRUNCATE audit_log")]
    [InlineData("DELETE FROM status_transition")]
    [InlineData("ALTER TABLE audit_log DISABLE TRIGGER ALL")]
    [InlineData("DROP TRIGGER tr_audit_log_append_only ON audit_log")]
    [InlineData("DELETE FROM schema_migration")]
    [InlineData("CREATE ROLE somebody SUPERUSER")]
    public async Task ApplicationRole_RewritingHistory_LacksTheRight(string sql)
    {
        await using var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.DoesNotContain("append-only", refused.MessageText, StringComparison.Ordinal); // the right, not the trigger
    }

    [Fact]
    public async Task EveryRow_OfADatabaseWithEveryKindOfSecret_HoldsNoneInPlainText()
    {
        var secrets = new List<string>();
        using var made = await host.Administrator.PostAsJsonAsync("/api/api-keys", new { name = "dump", permissions = new[] { "vehicles.read" } });
        secrets.Add((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!);
        using var person = await host.AsRoleAsync("viewer");
        secrets.Add(person.DefaultRequestHeaders.Authorization!.Parameter!);
        using var setup = await person.PostAsync("/api/auth/two-factor/setup", null);
        var totp = (await setup.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
        secrets.Add(totp);
        secrets.Add(Convert.ToHexStringLower(OtpNet.Base32Encoding.ToBytes(totp)));
        using var login = await host.Anonymous().PostAsJsonAsync("/api/auth/login", new { email = RunningHost.Email, password = RunningHost.Password });
        var tokens = await login.Content.ReadFromJsonAsync<JsonElement>();
        secrets.AddRange([RunningHost.Password, tokens.GetProperty("refreshToken").GetString()!, tokens.GetProperty("accessToken").GetString()!]);
        secrets.Add(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(RunningHost.Password)));
        var signing = host.Services.GetRequiredService<ChargeCars.Api.Identity.SigningKeys>().Current;
        secrets.Add(Convert.ToHexStringLower(((Microsoft.IdentityModel.Tokens.SymmetricSecurityKey)signing).Key));

        var dump = await DumpAsync();

        Assert.Contains(RunningHost.Email, dump, StringComparison.Ordinal); // it is a dump
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, dump, StringComparison.OrdinalIgnoreCase));
    }

    // What pg_dump copies: every row of every table, bytea as hex.
    private async Task<string> DumpAsync()
    {
        var tables = await host.ScalarAsync<string[]>("""
            SELECT array_agg(format('%I.%I', schemaname, tablename)) FROM pg_tables WHERE schemaname IN ('public', 'orleans')
            """);
        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = host.Database.DataSource.CreateCommand($"SELECT t::text FROM {table} t");
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                dump.AppendLine(row.GetString(0));
            }
        }

        return dump.ToString();
    }
}
