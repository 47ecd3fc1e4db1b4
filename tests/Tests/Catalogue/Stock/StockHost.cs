using System.Diagnostics;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Catalogue.Stock;

/// <summary>What one host has of stock, on a shared database: connections, a group commit and the ledgers of its products.</summary>
internal sealed class StockHost : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly ChangePublisher _publisher;
    private readonly GroupCommit _commits;
    private readonly Dictionary<Guid, StockLedger> _ledgers = [];

    private readonly TimeProvider _time;

    private StockHost(string connectionString, TimeProvider time, IEnumerable<Guid> products)
    {
        _time = time;
        _source = NpgsqlDataSource.Create(connectionString);
        _publisher = new(null!, NullLogger<ChangePublisher>.Instance); // never started: what it is told stays in its queue
        _commits = new(_source, _publisher, new DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        var store = new StockStore(_source, _commits);
        foreach (var product in products)
        {
            _ledgers[product] = new(product, store, time, NullLogger.Instance);
        }

        Check = new(_source, _commits, time);
    }

    public StockCheck Check { get; }

    public static async Task<StockHost> StartAsync(string connectionString, TimeProvider time, IEnumerable<Guid> products)
    {
        var host = new StockHost(connectionString, time, products);
        await host._commits.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>Asks until there is an answer, as a client does that is told to try again: with the same command, by the same id.</summary>
    public async Task<Result<StockAnswer>> InsistAsync(Guid product, StockCommand command)
    {
        var context = new CommandContext(Guid.NewGuid(), new(ActorKind.Key, Guid.Empty, "tests"), MayRepeat: true);
        for (var since = Stopwatch.StartNew(); ;)
        {
            var result = await _ledgers[product].ExecuteAsync(command, context);
            if (result.Error is not TryAgain again)
            {
                return result;
            }

            // What waits for its time would wait for ever where nobody else moves the clock any more.
            (_time as FakeTimeProvider)?.Advance(TimeSpan.FromSeconds(1));
            Assert.True(since.Elapsed < Patience.Limit, $"{command} was told to try again for {Patience.Limit}: {again.Detail}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _commits.StopAsync(new CancellationToken(canceled: true));
        _commits.Dispose();
        _publisher.Dispose();
        await _source.DisposeAsync();
    }
}
