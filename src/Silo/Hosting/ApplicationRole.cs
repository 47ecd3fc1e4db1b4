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

                await ScalarAsync(connection, MakeSql(name), cancellation);
                if (await RoleRights.ApplyAsync(connection, name, cancellation) is { } rewritable)
                {
                    LogRewritable(logger, name, rewritable);
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

    private static string MakeSql(string role) => $"""
        DO $$ BEGIN
            IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE; END IF;
        END $$
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

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Warning,
        "The program works as the role {Role}, which owns its tables, because {Reason}. So only a trigger, which that role could drop, keeps audit_log and status_transition from being changed")]
    private static partial void LogUnprotected(ILogger logger, string? role, string reason);

    [LoggerMessage(LogLevel.Warning,
        "The role {Role} may change {Tables}, though it was given no right to: it is a superuser or a member of a role that may. Take that from it, so that history is safe from the program")]
    private static partial void LogRewritable(ILogger logger, string role, string tables);
}
