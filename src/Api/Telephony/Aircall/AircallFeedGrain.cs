using ChargeCars.Api.Platform.Feeds;
using ChargeCars.Telephony.Aircall;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Telephony.Aircall;

/// <summary>How far Aircall's calls have been read; kept so that a restart goes on where the last reading ended.</summary>
[GenerateSerializer, Alias("aircall-cursor")]
internal sealed class AircallCursor
{
    /// <summary>Calls that began before, UTC, were read; null before the first reading.</summary>
    [Id(0)] public DateTimeOffset? ReadTo { get; set; }

    /// <summary>Calls that began before, UTC, were read again a day later; null before the first reading.</summary>
    [Id(1)] public DateTimeOffset? SettledTo { get; set; }
}

/// <summary>Reads calls from Aircall's API for the whole cluster.</summary>
[Alias("ChargeCars.IAircallFeedGrain")]
internal interface IAircallFeedGrain : IPolledFeedGrain;

/// <inheritdoc/>
internal sealed class AircallFeedGrain(
    [PersistentState("aircall", StorageNames.Feeds)] IPersistentState<AircallCursor> cursor, AircallCatchUp catchUp, IOptions<AircallApiOptions> options,
    ILogger<AircallFeedGrain> logger)
    : PolledFeedGrain<AircallCursor>(cursor, logger), IAircallFeedGrain
{
    protected override string Service => "Aircall";

    protected override bool IsEnabled => options.Value.IsEnabled;

    protected override TimeSpan Interval => options.Value.Interval;

    protected override Task RunAsync(AircallCursor cursor, CancellationToken cancellation) => catchUp.RunAsync(cursor, cancellation);
}
