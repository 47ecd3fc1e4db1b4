using Npgsql;

namespace ChargeCars.Testing;

/// <summary>Tells a test when rows come into a table, change or go, so that it waits for what it wants to see without asking again and again.</summary>
public sealed class TableSignal : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly string _name;

    private TableSignal(NpgsqlConnection connection, string name) => (_connection, _name) = (connection, name);

    /// <param name="database">Where the table is.</param>
    /// <param name="table">What is watched.</param>
    public static async Task<TableSignal> OpenAsync(TestDatabase database, string table)
    {
        var connection = await database.DataSource.OpenConnectionAsync();
        var signal = $"signal_{Guid.NewGuid():n}";
        await using var command = new NpgsqlCommand($"""
            CREATE FUNCTION {signal}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY {signal}; RETURN NULL; END $$;
            CREATE TRIGGER {signal} AFTER INSERT OR UPDATE OR DELETE ON {table} EXECUTE FUNCTION {signal}();
            LISTEN {signal};
            """, connection);
        await command.ExecuteNonQueryAsync();
        return new(connection, signal);
    }

    /// <summary>Asks now, and again after each change, until the answer is yes.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        using var giveUp = new CancellationTokenSource(patience);
        while (!await condition())
        {
            await _connection.WaitAsync(giveUp.Token);
        }
    }

    /// <summary>Leaves the table as it was: others use it.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (_connection)
        {
            if (_connection.FullState != System.Data.ConnectionState.Open)
            {
                return; // the wait was given up, which is what the test is to tell
            }

            await using var drop = new NpgsqlCommand($"DROP FUNCTION {_name}() CASCADE", _connection);
            await drop.ExecuteNonQueryAsync();
        }
    }
}
