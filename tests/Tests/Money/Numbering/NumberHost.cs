using System.Diagnostics;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

/// <summary>What one host has of numbers, on a shared database: connections, a group commit and the allocator of one series.</summary>
internal sealed class NumberHost : IAsyncDisposable
{
    public static readonly NumberSeries Invoices = new(BusinessEntity.Chargecars, NumberType.Invoice);

    private readonly NpgsqlDataSource _source;
    private readonly ChangePublisher _publisher;
    private readonly GroupCommit _commits;

    private NumberHost(string connectionString, TimeProvider time)
    {
        _source = NpgsqlDataSource.Create(connectionString);
        _publisher = new(null!, NullLogger<ChangePublisher>.Instance); // never started: what it is told stays in its queue
        _commits = new(_source, _publisher, new DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        Allocator = new(Invoices, new(_source, _commits), time, NullLogger.Instance);
    }

    public NumberAllocator Allocator { get; }

    public static async Task<NumberHost> StartAsync(string connectionString, TimeProvider time)
    {
        var host = new NumberHost(connectionString, time);
        await host._commits.StartAsync(CancellationToken.None);
        return host;
    }

    public Task<Result<AssignedNumber>> NextAsync(Guid owner) =>
        Allocator.NextAsync(owner, new(Guid.NewGuid(), new(ActorKind.Key, Guid.Empty, "tests")));

    /// <summary>Asks until it has a number, as a client does that is told to try again.</summary>
    public async Task<AssignedNumber> InsistAsync(Guid owner)
    {
        for (var since = Stopwatch.StartNew(); ;)
        {
            var result = await NextAsync(owner);
            if (result.Succeeded)
            {
                return result.Value;
            }

            Assert.IsType<TryAgain>(result.Error);
            Assert.True(since.Elapsed < Patience.Limit, $"{owner} was told to try again for {Patience.Limit}: {result.Error.Detail}");
        }
    }

    public async Task<AssignedNumber> GivenAsync(Guid owner)
    {
        var result = await NextAsync(owner);
        return result.Succeeded ? result.Value : throw new Xunit.Sdk.XunitException(result.Error.Detail);
    }

    public async ValueTask DisposeAsync()
    {
        await _commits.StopAsync(new CancellationToken(canceled: true));
        _commits.Dispose();
        _publisher.Dispose();
        await _source.DisposeAsync();
    }
}
