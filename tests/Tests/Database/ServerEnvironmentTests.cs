using Npgsql;

namespace ChargeCars.Tests.Database;

/// <summary>What the private server finds in its environment, which whoever is superuser there can read.</summary>
public sealed class ServerEnvironmentTests
{
    /// <summary>The host's that it may have, those that say where and how it runs, and those that pg_ctl and a shell add.</summary>
    private static readonly string[] Known =
    [
        "PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LD_PRELOAD", "NSS_WRAPPER_PASSWD", "NSS_WRAPPER_GROUP", "LC_ALL",
        "PGDATA", "PG_GRANDPARENT_PID", "PGLOCALEDIR", "PGSYSCONFDIR", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME",
        "PWD", "OLDPWD", "SHLVL", "_",
    ];

    [UnixFact]
    public async Task Server_OfAHostWithSecretsInItsEnvironment_GetsNoneOfThem()
    {
        var name = $"CHARGECARS_TEST_PASSWORD_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "correct horse");
        try
        {
            await using var folder = new DataFolder();
            var postgres = await folder.StartAsync();

            var environment = await EnvironmentAsync(postgres.ConnectionString);

            Assert.Contains("PATH", environment);
            Assert.Empty(environment.Except(Known));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static async Task<List<string>> EnvironmentAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            CREATE TEMP TABLE environment (line text);
            COPY environment FROM PROGRAM 'env' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02');
            SELECT split_part(line, '=', 1) FROM environment;
            """, connection);
        await using var row = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await row.ReadAsync())
        {
            names.Add(row.GetString(0));
        }

        return names;
    }
}
