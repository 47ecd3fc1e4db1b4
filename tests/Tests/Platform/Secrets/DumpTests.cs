using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ChargeCars.Tests.Platform.Secrets;

/// <summary>What a copy of the database, the audit and the log tell of a host that keeps every kind of secret: none.</summary>
[Collection(ObservedCollection.Name)]
public sealed class DumpTests(ObservedHost observed)
{
    // Columns whose names sound like secrets and that hold none.
    private static readonly string[] NoSecrets =
    [
        "email_verification_expires", "password_reset_expires", "former_key_expires_at", "idempotency_key.key", "notification.dedupe_key", "due_command.dedupe_key",
        "communication_message.content_hash", "communication_message.counterpart_key", "tracking_link.wish_hash",
    ];

    [PgDumpFact]
    public async Task PgDump_OfEveryKindOfSecret_HoldsNoneInPlainText()
    {
        var dump = await PgDump.RunAsync(observed.Host.Database);

        Assert.Contains(observed.Secrets.Email, dump, StringComparison.Ordinal); // it is a dump of this database
        AssertHoldsNone(dump);
    }

    /// <summary>The same wherever there is no pg_dump.</summary>
    [Fact]
    public async Task EveryRow_OfEveryKindOfSecret_HoldsNoneInPlainText()
    {
        var rows = await RowsAsync();

        Assert.Contains(observed.Secrets.Email, rows, StringComparison.Ordinal);
        AssertHoldsNone(rows);
    }

    [Fact]
    public async Task EveryColumn_ThatHoldsASecret_IsInTheDumpAndKnownToTheAudit()
    {
        const string SoundsSecret = """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND column_name ~ '(secret|password|token|hash|api_key|^key|_key$|xml|private|credential)'
                AND table_name NOT LIKE 'vehicle_position%' ORDER BY 1
            """;
        var columns = (await LinesAsync(SoundsSecret)).Where(column => !NoSecrets.Any(column.EndsWith)).ToList();

        Assert.Equal(
            [
                "aircall_token.token_hash", "api_key.former_key_hash", "api_key.key_hash", "data_protection_key.xml", "former_refresh_token.token_hash", "partner_integration.api_key",
                "partner_integration.api_secret", "partner_integration.webhook_secret", "signing_key.secret", "tracking_link.sealed_token", "tracking_link.token_hash", "user_account.email_verification_token",
                "user_account.password", "user_account.password_reset_token", "user_account.recovery_code_hashes", "user_account.two_factor_secret",
                "user_session.token_hash",
            ],
            columns);
        foreach (var column in columns.Select(column => column.Split('.')))
        {
            Assert.True(AuditEntry.Secrets.Contains(column[1]), column[1]);
            Assert.NotEmpty(await KeptAsync(column[0], column[1]));
        }
    }

    [Fact]
    public async Task Audit_OfEveryCommand_HoldsNoSecretNorWhatIsKeptOfOne()
    {
        var audit = string.Join('\n', await LinesAsync("SELECT a::text FROM audit_log a"));

        Assert.Contains(AuditEntry.Redacted, audit, StringComparison.Ordinal);
        AssertHoldsNone(audit);
        await AssertHoldsNothingKeptAsync(audit);
    }

    [Fact]
    public async Task Log_OfEveryCommandAtTrace_HoldsNoSecretNorWhatIsKeptOfOne()
    {
        var log = observed.Log.Text;

        Assert.Contains(" Trace ", log, StringComparison.Ordinal);
        Assert.Contains("ChargeCars.", log, StringComparison.Ordinal);
        AssertHoldsNone(log);
        await AssertHoldsNothingKeptAsync(log);
    }

    [Theory]
    [InlineData("api_key")]
    [InlineData("api_secret")]
    [InlineData("webhook_secret")]
    public async Task Ciphertexts_SwappedBetweenRowsOrColumns_DoNotOpen(string column)
    {
        var (box, rows) = (observed.Host.Services.GetRequiredService<SecretBox>(), observed.Secrets.Partners);
        Assert.All(await SealsAsync(null), row => Assert.Equal($"whsec_{column}_{row.Id:n}", Encoding.UTF8.GetString(box.OpenText("partner_integration", column, row.Id, row.Seal))));

        foreach (var swap in new[]
        {
            $"UPDATE partner_integration p SET {column} = other.{column} FROM partner_integration other WHERE other.id <> p.id",
            $"UPDATE partner_integration SET {column} = {(column == "api_key" ? "api_secret" : "api_key")}",
        })
        {
            Assert.All(await SealsAsync(swap), row => Assert.ThrowsAny<CryptographicException>(() => box.OpenText("partner_integration", column, row.Id, row.Seal)));
        }

        async Task<List<(Guid Id, string Seal)>> SealsAsync(string? swap)
        {
            await using var connection = await observed.Host.Database.DataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync(); // never committed: other tests look at the rows
            if (swap is not null)
            {
                await using var swapping = new NpgsqlCommand(swap, connection);
                Assert.Equal(rows.Length, await swapping.ExecuteNonQueryAsync());
            }

            await using var select = new NpgsqlCommand($"SELECT id, {column} FROM partner_integration", connection);
            await using var row = await select.ExecuteReaderAsync();
            var seals = new List<(Guid, string)>();
            while (await row.ReadAsync())
            {
                seals.Add((row.GetGuid(0), row.GetString(1)));
            }

            Assert.Equal(rows.Length, seals.Count);
            return seals;
        }
    }

    private void AssertHoldsNone(string text) => Assert.Empty(
        observed.Secrets.Plain.Where(secret => text.Contains(secret.Text, StringComparison.OrdinalIgnoreCase)).Select(secret => secret.Kind).Distinct());

    private async Task AssertHoldsNothingKeptAsync(string text)
    {
        foreach (var (table, column) in new[]
        {
            ("user_account", "password"), ("user_account", "two_factor_secret"), ("user_account", "password_reset_token"), ("user_account", "email_verification_token"),
            ("user_session", "token_hash"), ("api_key", "key_hash"), ("signing_key", "secret"), ("partner_integration", "api_key"),
            ("tracking_link", "token_hash"), ("tracking_link", "sealed_token"),
        })
        {
            Assert.All(await KeptAsync(table, column), kept => Assert.DoesNotContain(kept, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    private Task<List<string>> KeptAsync(string table, string column) =>
        LinesAsync($"SELECT ltrim({column}::text, '\\x') FROM {table} WHERE {column} IS NOT NULL AND length({column}::text) > 10");

    // What pg_dump copies: every row of every table, bytea as hex.
    private async Task<string> RowsAsync()
    {
        var rows = new StringBuilder();
        foreach (var table in await LinesAsync("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'orleans')"))
        {
            (await LinesAsync($"SELECT t::text FROM {table} t")).ForEach(row => rows.AppendLine(row));
        }

        return rows.ToString();
    }

    private async Task<List<string>> LinesAsync(string sql)
    {
        await using var command = observed.Host.Database.DataSource.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync())
        {
            lines.Add(row.GetString(0));
        }

        return lines;
    }
}
