using Npgsql;

namespace ChargeCars.Testing;

/// <summary>Tells a test when rows come into a table or change, so that it waits for what it wants to see without asking again and again.</summary>
public sealed class TableSignal : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private TableSignal(NpgsqlConnection connection) => _connection = connection;

    /// <param name="database">Where the table is.</param>
    /// <param name="table">Into which rows come, by INSERT or COPY, or whose rows change.</param>
    public static async Task<TableSignal> OpenAsync(TestDatabase database, string table)
    {
        var connection = await database.DataSource.OpenConnectionAsync();
        var signal = $"signal_{Guid.NewGuid():n}";
        await using var command = new NpgsqlCommand($"""
            CREATE FUNCTION {signal}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY {signal}; RETURN NULL; END $$;
            CREATE TRIGGER {signal} AFTER INSERT OR UPDATE ON {table} EXECUTE FUNCTION {signal}();
            LISTEN {signal};
            """, connection);
        await command.ExecuteNonQueryAsync();
        return new(connection);
    }

    /// <summary>Asks now, and again after each statement that wrote, until the answer is yes.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        using var giveUp = new CancellationTokenSource(patience);
        while (!await condition())
        {
            await _connection.WaitAsync(giveUp.Token);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
