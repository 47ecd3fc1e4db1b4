using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Changes;
using ChargeCars.Testing;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace ChargeCars.Tests.Platform.Live;

public sealed class StreamSubscriptionsTests
{
    [Fact]
    public async Task Streams_OfARealCluster_AreProvedAndDeliverToTheFeed()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var builder = new TestClusterBuilder(1);
        builder.AddSiloBuilderConfigurator<Streams>();
        builder.AddClientBuilderConfigurator<Streams>();
        await using var cluster = builder.Build();
        await cluster.DeployAsync();

        // Only the streams can bring a change here: the poll never comes.
        var options = new LiveOptions { PollInterval = TimeSpan.FromHours(1), HoleGrace = TimeSpan.FromHours(1), ProbeInterval = TimeSpan.FromMilliseconds(100) };
        await using var recorder = await FeedRecorder.StartAsync(database.DataSource, options);
        var time = TimeProvider.System;
        var board = new PositionBoard(time);
        var slices = new Slices(Options.Create(new ChargeCars.Fleet.Vehicles.Positions.PositionOptions()), time);
        var connections = new LiveConnections(board, slices, Options.Create(options), time, NullLogger<LiveConnections>.Instance);
        using var dispatcher = new LiveDispatcher(connections, board, slices, Options.Create(options), time, NullLogger<LiveDispatcher>.Instance);
        using var subscriptions = new StreamSubscriptions(
            cluster.Client, recorder.Feed, dispatcher, Options.Create(options), time, NullLogger<StreamSubscriptions>.Instance);
        await subscriptions.StartAsync(CancellationToken.None);
        await UntilAsync(() => subscriptions.AllProven);

        var provider = cluster.Client.GetStreamProvider(StreamNames.Provider);
        await provider.GetStream<ChangesCommitted>(StreamNames.Changes(1)).OnNextAsync(new([ChangeSequencerTests.Change(2)]));
        await provider.GetStream<ChangesCommitted>(StreamNames.Changes(0)).OnNextAsync(new([ChangeSequencerTests.Change(1)]));
        Assert.Equal([1L, 2L], await recorder.TakeAsync(2));

        var vehicle = Guid.NewGuid();
        await provider.GetStream<PositionsMoved>(StreamNames.Positions(0)).OnNextAsync(new([LiveRows.Position(vehicle)]));
        await UntilAsync(() => board.TryGet(vehicle, out _));
        await subscriptions.StopAsync(CancellationToken.None);
        Assert.Empty(await provider.GetStream<PositionsMoved>(StreamNames.Positions(0)).GetAllSubscriptionHandles());
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(FeedRecorder.Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await ticks.WaitForNextTickAsync(patience.Token);
        }
    }

    private sealed class Streams : ISiloConfigurator, IClientBuilderConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) =>
            siloBuilder.AddMemoryStreams(StreamNames.Provider).AddMemoryGrainStorage(StreamNames.SubscriptionStorage);

        public void Configure(Microsoft.Extensions.Configuration.IConfiguration configuration, IClientBuilder clientBuilder) =>
            clientBuilder.AddMemoryStreams(StreamNames.Provider);
    }
}
