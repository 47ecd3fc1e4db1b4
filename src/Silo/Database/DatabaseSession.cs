using Npgsql;

namespace ChargeCars.Silo.Database;

/// <summary>The component's own connections: outside every pool, so that they neither take a place there nor are handed out.</summary>
internal static class DatabaseSession
{
    /// <summary>Makes the database if a first start was cut short before it did.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(ConnectionFile connection, CancellationToken ct)
    {
        try
        {
            return await OpenAsync(connection.ConnectionString, ct);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await using var server = await OpenAsync(connection.For("postgres"), ct);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {ConnectionFile.Name}", server);
            await create.ExecuteNonQueryAsync(ct);
            return await OpenAsync(connection.ConnectionString, ct);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = 5,
            ApplicationName = "chargecars supervision",
        };
        var opened = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await opened.OpenAsync(ct);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }
}
