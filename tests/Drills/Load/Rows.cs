using Npgsql;

namespace ChargeCars.Drills.Load;

/// <summary>Reading what a drill compares.</summary>
internal static class Rows
{
    public static async IAsyncEnumerable<NpgsqlDataReader> RowsAsync(this NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 120;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            yield return reader;
        }
    }

    public static void Require(this DrillReport report, bool holds, Func<string> violation)
    {
        if (!holds)
        {
            report.Violation(violation());
        }
    }
}
