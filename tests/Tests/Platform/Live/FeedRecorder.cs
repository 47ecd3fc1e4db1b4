using System.Threading.Channels;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Changes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Tests.Platform.Live;

/// <summary>A running feed and what it delivered.</summary>
internal sealed class FeedRecorder : IChangeListener, IAsyncDisposable
{
    /// <summary>A bound for what never comes, no measure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Channel<long> _delivered = Channel.CreateUnbounded<long>();

    private FeedRecorder(NpgsqlDataSource source, LiveOptions options, TimeProvider time) =>
        Feed = new(new ChangeRows(source), [this], Options.Create(options), time, NullLogger<ChangeFeed>.Instance);

    public ChangeFeed Feed { get; }

    public TaskCompletionSource<string> WasReset { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<FeedRecorder> StartAsync(NpgsqlDataSource source, LiveOptions? options = null, TimeProvider? time = null)
    {
        var recorder = new FeedRecorder(source, options ?? new LiveOptions(), time ?? TimeProvider.System);
        await recorder.Feed.StartAsync(CancellationToken.None);
        await recorder.Feed.Started.WaitAsync(Patience);
        return recorder;
    }

    public async Task<List<long>> TakeAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var taken = new List<long>();
        while (taken.Count < count)
        {
            taken.Add(await _delivered.Reader.ReadAsync(patience.Token));
        }

        return taken;
    }

    public void OnChanges(IReadOnlyList<ChangeEvent> changes)
    {
        foreach (var change in changes)
        {
            _delivered.Writer.TryWrite(change.Sequence);
        }
    }

    public void OnReset(string reason) => WasReset.TrySetResult(reason);

    public async ValueTask DisposeAsync()
    {
        await Feed.StopAsync(CancellationToken.None);
        Feed.Dispose();
    }
}
