using Npgsql;

namespace ChargeCars.Testing;

/// <summary>A database of one test or fixture; disposing it drops the database, whoever is still connected.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task> _drop;

    internal TestDatabase(string connectionString, Func<Task> drop)
    {
        (ConnectionString, _drop) = (connectionString, drop);
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _drop();
    }
}
