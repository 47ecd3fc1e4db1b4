using ChargeCars.Api.Platform.Feeds;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>Polls ULU for the whole cluster.</summary>
[Alias("ChargeCars.IUluFeedGrain")]
internal interface IUluFeedGrain : IPolledFeedGrain;

/// <inheritdoc/>
internal sealed class UluFeedGrain(
    [PersistentState("ulu", StorageNames.Feeds)] IPersistentState<UluCursor> cursor, UluPoll poll, IOptions<UluOptions> options, ILogger<UluFeedGrain> logger)
    : PolledFeedGrain<UluCursor>(cursor, logger), IUluFeedGrain
{
    protected override string Service => "ULU";

    protected override bool IsEnabled => options.Value.IsEnabled;

    protected override TimeSpan Interval => options.Value.Interval;

    protected override Task RunAsync(UluCursor cursor, CancellationToken cancellation) => poll.RunAsync(cursor, cancellation);
}
