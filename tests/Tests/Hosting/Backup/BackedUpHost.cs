using ChargeCars.Api.Platform.Notifications;
using ChargeCars.Tests.Identity;
using ChargeCars.Tests.Platform.Audit;
using ChargeCars.Tests.Platform.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace ChargeCars.Tests.Hosting.Backup;

/// <summary>A host after every command that there is, dumped while it serves; and each table's rows at that moment.</summary>
public sealed class BackedUpHost : IAsyncLifetime
{
    private const string TablesSql = """
        SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relnamespace IN ('public'::regnamespace, 'orleans'::regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
        """;

    private readonly KeptNotifications _sent = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("chargecars-backup-").FullName;

    public BackedUpHost() => Host = new()
    {
        Configure = services => services.Replace(ServiceDescriptor.Singleton<INotificationSender>(_sent)),
    };

    public RunningHost Host { get; }

    /// <summary>The backup.</summary>
    public string File => Path.Combine(_folder, "chargecars.dump");

    /// <summary>Its tables, each with the number and the digest of its rows.</summary>
    public IReadOnlyList<string> Rows { get; private set; } = [];

    /// <summary>A partition in it, and the mark that it is settled.</summary>
    public string Partition { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        if (PgDump.Program is null)
        {
            return;
        }

        await EveryCommand.RunAsync(Host, _sent);
        Partition = await Host.ScalarAsync<string>("SELECT tableoid::regclass::text FROM vehicle_position LIMIT 1");
        await Host.ExecuteAsync($"COMMENT ON TABLE {Partition} IS 'settled of a test'");
        await using var connection = await Host.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", connection);
        var snapshot = (string)(await export.ExecuteScalarAsync())!;
        await BackupTools.DumpAsync(Host.Database.ConnectionString, File, snapshot);
        Rows = await RowsAsync(connection);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static async Task<IReadOnlyList<string>> RowsAsync(NpgsqlConnection connection)
    {
        var rows = new List<string>();
        foreach (var table in await LinesAsync(connection, TablesSql))
        {
            rows.AddRange(await LinesAsync(
                connection, $"""SELECT concat_ws(' ', '{table}', count(*), md5(string_agg(t::text, E'\n' ORDER BY t::text COLLATE "C"))) FROM {table} t"""));
        }

        return rows;
    }

    private static async Task<List<string>> LinesAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync())
        {
            lines.Add(row.GetString(0));
        }

        return lines;
    }
}
