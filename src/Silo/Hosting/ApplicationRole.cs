using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.Secrets;
using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// The role that the program works as: it reads and writes, owns nothing, and can't change or delete history. The role
/// that was given owns the tables and is used for migrations and partitions alone.
/// </summary>
internal static partial class ApplicationRole
{
    private const string LockSql = "SELECT pg_advisory_xact_lock(7214006)";
    private const string MayMakeRolesSql = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user";

    private const string ReadySql = """
        SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1) AND NOT EXISTS (
            SELECT 1 FROM pg_class c
            WHERE c.relnamespace IN ('public'::regnamespace, 'orleans'::regnamespace) AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_migration'
              AND NOT has_table_privilege(to_regrole($1)::oid, c.oid, 'INSERT'))
        """;

    /// <summary>
    /// The connection string of the application's role, which is made where it is missing; null, and said in the log, where
    /// the given role may not make one.
    /// </summary>
    public static async Task<string?> EnsureAsync(NpgsqlDataSource owner, string connectionString, MasterKey master, ILogger logger, CancellationToken cancellation)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var name = NameFor(given.Database ?? given.Username ?? "");
        // The same on every host that has the master key, and kept nowhere.
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Username = name, Password = master.Derive($"database role {name}") };
        try
        {
            bool opens;
            await using (var connection = await owner.OpenConnectionAsync(cancellation))
            await using (var transaction = await connection.BeginTransactionAsync(cancellation))
            {
                await ScalarAsync(connection, LockSql, cancellation);
                if (await ScalarAsync(connection, MayMakeRolesSql, cancellation) is not true)
                {
                    LogUnprotected(logger, given.Username, "it may not make roles (CREATEROLE)");
                    return null;
                }

                if (await ScalarAsync(connection, ReadySql, cancellation, name) is not true)
                {
                    await ScalarAsync(connection, Statements(name, given.Database!), cancellation);
                }

                opens = await OpensAsync(own.ConnectionString, cancellation);
                if (!opens)
                {
                    await ScalarAsync(connection, $"ALTER ROLE {name} LOGIN PASSWORD '{own.Password}'", cancellation);
                }

                await transaction.CommitAsync(cancellation);
            }

            if (opens || await OpensAsync(own.ConnectionString, cancellation))
            {
                return own.ConnectionString;
            }

            LogUnprotected(logger, given.Username, $"the server does not let {name} in (pg_hba.conf)");
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            LogUnprotected(logger, given.Username, fault.MessageText);
        }

        return null;
    }

    // Roles are the server's and not the database's, so the name has the database in it; letters and digits only.
    private static string NameFor(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"chargecars_app_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)).AsSpan(0, 8))}");

    private static string Statements(string role, string database) => $"""
        DO $$ BEGIN
            IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE; END IF;
        END $$;
        GRANT CONNECT, TEMPORARY ON DATABASE "{database.Replace("\"", "\"\"", StringComparison.Ordinal)}" TO {role};
        GRANT USAGE ON SCHEMA public, orleans TO {role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, orleans TO {role};
        GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public, orleans TO {role};
        GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public, orleans TO {role};
        ALTER DEFAULT PRIVILEGES IN SCHEMA public, orleans GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_log, status_transition FROM {role};
        REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON schema_migration FROM {role};
        """;

    private static async Task<bool> OpensAsync(string connectionString, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException fault) when (fault.SqlState.StartsWith("28", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, string? value = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (value is not null)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Warning,
        "The program works as the role {Role}, which owns its tables, because {Reason}. So only a trigger, which that role could drop, keeps audit_log and status_transition from being changed")]
    private static partial void LogUnprotected(ILogger logger, string? role, string reason);
}
