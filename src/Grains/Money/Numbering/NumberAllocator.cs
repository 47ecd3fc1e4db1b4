using System.Runtime.InteropServices;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Money.Numbering;

/// <summary>
/// Gives the numbers of one series. Everybody who waits is served by one commit: a single loop takes them, commits, answers
/// and takes those who came meanwhile. No timer; alone, a caller is served at once. What it knows of the counter is only a
/// guess that the database checks, so a second allocator of the same series costs both a retry and never a number.
/// </summary>
public sealed partial class NumberAllocator(NumberSeries series, NumberStore store, TimeProvider time, ILogger logger)
{
    /// <summary>Owners served by one commit at most; more would only keep the first ones waiting.</summary>
    public const int LargestCommit = 1_000;

    /// <summary>Callers that may wait, about half a second's; more are asked to come back.</summary>
    public const int Capacity = 20_000;

    // Each attempt that writes nothing means that another allocator wrote, or that an owner had a number; five in a row do not happen.
    private const int Attempts = 5;

    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _waiting = new();
    private bool _serving;

    // The serving loop's own.
    private NumberCounter? _counter;

    /// <inheritdoc cref="INumberSequenceGrain.NextAsync"/>
    public Task<Result<AssignedNumber>> NextAsync(Guid ownerId, CommandContext context)
    {
        if (NumberDecider.Fault(ownerId) is { } fault)
        {
            return Task.FromResult<Result<AssignedNumber>>(fault);
        }

        var waiter = new Waiter(new(ownerId, context));
        lock (_gate)
        {
            if (_waiting.Count >= Capacity)
            {
                return Task.FromResult<Result<AssignedNumber>>(new TryAgain($"{Capacity} callers wait for a number of {series} already."));
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

    // Never faults: every waiter gets an answer, whatever happens.
    private async Task ServeAsync()
    {
        var open = new Dictionary<Guid, List<Waiter>>();
        while (true)
        {
            // Those who were just answered ask again before the next commit starts, rather than after it.
            await Task.Yield();
            if (!Take(open))
            {
                return;
            }

            try
            {
                await ServeAsync(open);
            }
            catch (Exception fault)
            {
                // Committed or not: whoever asks again for the owner gets what the database says.
                _counter = null;
                Refuse(open, fault);
            }
        }
    }

    private bool Take(Dictionary<Guid, List<Waiter>> open)
    {
        open.Clear();
        lock (_gate)
        {
            while (open.Count < LargestCommit && _waiting.TryDequeue(out var waiter))
            {
                ref var ofOwner = ref CollectionsMarshal.GetValueRefOrAddDefault(open, waiter.Request.OwnerId, out _);
                (ofOwner ??= new(1)).Add(waiter);
            }

            return _serving = open.Count > 0;
        }
    }

    private async Task ServeAsync(Dictionary<Guid, List<Waiter>> open)
    {
        for (var attempt = 0; attempt < Attempts && open.Count > 0; attempt++)
        {
            var now = NumberDecider.Moment(time.GetUtcNow());
            var year = BusinessYear.Of(now);
            if (_counter?.Year != year)
            {
                _counter = await store.LoadAsync(series, year, now, CancellationToken.None);
            }

            if (NumberDecider.Refusal(_counter) is { } refusal)
            {
                LogRefused(logger, series, refusal.Detail);
                _counter = null; // it may be put right by the time of the next request
                Answer(open, await store.FindAsync(series, [.. open.Keys], CancellationToken.None));
                Refuse(open, refusal);
                return;
            }

            var requests = open.Values.Select(waiters => waiters[0].Request).ToArray();
            var advance = NumberDecider.Advance(_counter, open.Keys, now);
            var outcome = await AdvanceAsync(advance, requests, now);
            Answer(open, outcome.Moved ? advance.Numbers : outcome.Held);
            _counter = outcome.Moved ? advance.After : outcome.Held.Count > 0 ? _counter : null;
        }

        Refuse(open, new TryAgain($"Others gave numbers of {series} at the same moment. Send the request again."));
    }

    private async Task<NumberOutcome> AdvanceAsync(NumberAdvance advance, NumberRequest[] requests, DateTimeOffset now)
    {
        try
        {
            return await store.AdvanceAsync(advance, requests, now);
        }
        catch (PostgresException violation) when (violation is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "number_assignment", ConstraintName: not "uq_number_assignment_number" })
        {
            // Another allocator was quicker by a hair.
            return new(Moved: false, Held: []);
        }
    }

    private static void Answer(Dictionary<Guid, List<Waiter>> open, IReadOnlyList<AssignedNumber> numbers)
    {
        foreach (var number in numbers)
        {
            if (open.Remove(number.OwnerId, out var waiters))
            {
                var answer = NumberDecider.Held(number);
                waiters.ForEach(waiter => waiter.SetResult(answer));
            }
        }
    }

    private void Refuse(Dictionary<Guid, List<Waiter>> open, Exception fault)
    {
        if (NumberFaults.Refusal(series, fault) is { } refusal)
        {
            LogFault(logger, series, fault.Message);
            Refuse(open, refusal);
            return;
        }

        foreach (var waiter in open.Values.SelectMany(waiters => waiters))
        {
            waiter.SetException(fault);
        }

        open.Clear();
    }

    private static void Refuse(Dictionary<Guid, List<Waiter>> open, Error refusal)
    {
        foreach (var waiter in open.Values.SelectMany(waiters => waiters))
        {
            waiter.SetResult(refusal);
        }

        open.Clear();
    }

    [LoggerMessage(LogLevel.Error, "No numbers of {Series}: {Detail}")]
    private static partial void LogRefused(ILogger logger, NumberSeries series, string detail);

    [LoggerMessage(LogLevel.Warning, "Numbers of {Series} were not given: {Message}")]
    private static partial void LogFault(ILogger logger, NumberSeries series, string message);

    private sealed class Waiter(NumberRequest request)
        : TaskCompletionSource<Result<AssignedNumber>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public NumberRequest Request { get; } = request;
    }
}
