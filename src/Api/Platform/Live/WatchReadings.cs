namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Makes what several ask for at once a single time. Who asks while the same is being read gets the next reading, not that one:
/// the database's moment must be later than when a connection began to keep what comes.
/// </summary>
internal sealed class WatchReadings(WatchReader reader)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Key, long? Since), Line> _lines = [];

    /// <summary>A moment that is not earlier than this call. It is nobody's own, so nobody can cancel it.</summary>
    public Task<WatchMoment> ReadAsync(WatchFilter filter, long? since)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue((filter.Key, since), out var line))
            {
                _lines[(filter.Key, since)] = line = new();
            }

            return line.Next ??= ReadNextAsync(line, filter, since);
        }
    }

    private async Task<WatchMoment> ReadNextAsync(Line line, WatchFilter filter, long? since)
    {
        // Not under the caller's lock.
        await Task.Yield();
        await line.Current.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            (line.Current, line.Next) = (line.Next!, null);
        }

        try
        {
            return await reader.ReadAsync(filter, since, CancellationToken.None);
        }
        finally
        {
            lock (_gate)
            {
                if (line.Next is null)
                {
                    _lines.Remove((filter.Key, since));
                }
            }
        }
    }

    private sealed class Line
    {
        public Task Current { get; set; } = Task.CompletedTask;

        public Task<WatchMoment>? Next { get; set; }
    }
}
