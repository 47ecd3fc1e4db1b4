using System.Globalization;
using ChargeCars.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

/// <summary>A test on a database of its own, with a clock that stands at a working day of 2026.</summary>
public abstract class NumberTest : IAsyncLifetime
{
    private readonly List<NumberHost> _hosts = [];

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    private protected TestDatabase Database { get; private set; } = null!;

    private protected NumberHost Host { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Database = await PostgresServer.CreateDatabaseAsync();
        Host = await StartHostAsync();
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private protected async Task<NumberHost> StartHostAsync()
    {
        var host = await NumberHost.StartAsync(Database.ConnectionString, Time);
        _hosts.Add(host);
        return host;
    }

    private protected async Task ExecuteAsync(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private protected async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync())!, typeof(T), CultureInfo.InvariantCulture);
    }

    /// <summary>The year's numbers are 1 to n, each one owner's, and the counter stands at n.</summary>
    private protected async Task AssertGaplessAsync(int year, int count)
    {
        Assert.Equal(count, await ScalarAsync<int>($"SELECT count(DISTINCT owner_id) FROM number_assignment WHERE year = {year}"));
        Assert.Equal(count, await ScalarAsync<int>($"SELECT count(DISTINCT sequence) FROM number_assignment WHERE year = {year}"));
        Assert.Equal(count, await ScalarAsync<int>($"SELECT max(sequence) FROM number_assignment WHERE year = {year}"));
        Assert.Equal(count, await ScalarAsync<int>($"SELECT current_sequence FROM number_sequence WHERE year = {year}"));
        Assert.Equal(count, await ScalarAsync<int>($"SELECT max_sequence_reached FROM number_sequence WHERE year = {year}"));
    }

    private protected static Guid[] Owners(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];
}
