namespace ChargeCars.Platform.Storage;

/// <summary>
/// Those who wait for one row that everybody wants, served together: one loop takes all who wait, so that they share a commit. No timer:
/// alone, a caller is served at once, and nobody waits for more than the commit under way.
/// </summary>
/// <param name="capacity">Callers that may wait.</param>
/// <param name="most">Callers who are served at once, at most; more would only keep the first ones waiting.</param>
/// <param name="full">What those are told who find the line full.</param>
/// <param name="serve">Answers everybody whom it is given, whatever happens; never faults.</param>
internal sealed class WaitingLine<TRequest, TAnswer>(int capacity, int most, Error full, Func<List<WaitingLine<TRequest, TAnswer>.Waiter>, Task> serve)
{
    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _waiting = new();
    private bool _serving;

    /// <summary>Waits for the answer.</summary>
    public Task<Result<TAnswer>> AskAsync(TRequest request)
    {
        var waiter = new Waiter(request);
        lock (_gate)
        {
            if (_waiting.Count >= capacity)
            {
                return Task.FromResult<Result<TAnswer>>(full);
            }

            _waiting.Enqueue(waiter);
            if (_serving)
            {
                return waiter.Task;
            }

            _serving = true;
        }

        _ = ServeAsync();
        return waiter.Task;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            // Those who were just answered ask again before the next commit starts, rather than after it.
            await Task.Yield();
            if (Take() is not { Count: > 0 } open)
            {
                return;
            }

            await serve(open);
        }
    }

    private List<Waiter> Take()
    {
        var taken = new List<Waiter>();
        lock (_gate)
        {
            while (taken.Count < most && _waiting.TryDequeue(out var waiter))
            {
                taken.Add(waiter);
            }

            _serving = taken.Count > 0;
        }

        return taken;
    }

    /// <summary>One who waits.</summary>
    internal sealed class Waiter(TRequest request) : TaskCompletionSource<Result<TAnswer>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        /// <summary>What was asked.</summary>
        public TRequest Request { get; } = request;
    }
}
