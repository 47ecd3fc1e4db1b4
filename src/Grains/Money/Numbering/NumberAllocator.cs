using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using Line = ChargeCars.Platform.Storage.WaitingLine<ChargeCars.Money.Numbering.NumberRequest, ChargeCars.Money.Numbering.AssignedNumber>;

namespace ChargeCars.Money.Numbering;

/// <summary>
/// Gives the numbers of one series. Everybody who waits is served by one commit. What it knows of the counter is only a
/// guess that the database checks, so a second allocator of the same series costs both a retry and never a number.
/// </summary>
public sealed partial class NumberAllocator
{
    /// <summary>Callers served by one commit at most.</summary>
    public const int LargestCommit = 1_000;

    /// <summary>Callers that may wait, about half a second's; more are asked to come back.</summary>
    public const int Capacity = 20_000;

    // Each attempt that writes nothing means that another allocator wrote, or that an owner had a number; five in a row do not happen.
    private const int Attempts = 5;

    private readonly NumberSeries _series;
    private readonly NumberStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Line _line;

    // The line's own, who serves a group at a time.
    private NumberCounter? _counter;

    /// <summary>The allocator of one series.</summary>
    public NumberAllocator(NumberSeries series, NumberStore store, TimeProvider time, ILogger logger)
    {
        (_series, _store, _time, _logger) = (series, store, time, logger);
        _line = new(Capacity, LargestCommit, new TryAgain($"{Capacity} callers wait for a number of {series} already."), ServeAsync);
    }

    /// <inheritdoc cref="INumberSequenceGrain.NextAsync"/>
    public Task<Result<AssignedNumber>> NextAsync(Guid ownerId, CommandContext context) =>
        NumberDecider.Fault(ownerId) is { } fault ? Task.FromResult<Result<AssignedNumber>>(fault) : _line.AskAsync(new(ownerId, context));

    // Who asks several times for one owner gets one number.
    private async Task ServeAsync(List<Line.Waiter> waiting)
    {
        var open = waiting.GroupBy(waiter => waiter.Request.OwnerId).ToDictionary(ofOwner => ofOwner.Key, ofOwner => ofOwner.ToList());
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

    private async Task ServeAsync(Dictionary<Guid, List<Line.Waiter>> open)
    {
        for (var attempt = 0; attempt < Attempts && open.Count > 0; attempt++)
        {
            var now = NumberDecider.Moment(_time.GetUtcNow());
            var year = BusinessYear.Of(now);
            if (_counter?.Year != year)
            {
                _counter = await _store.LoadAsync(_series, year, now, CancellationToken.None);
            }

            if (NumberDecider.Refusal(_counter) is { } refusal)
            {
                LogRefused(_logger, _series, refusal.Detail);
                _counter = null; // it may be put right by the time of the next request
                Answer(open, await _store.FindAsync(_series, [.. open.Keys], CancellationToken.None));
                Refuse(open, refusal);
                return;
            }

            var requests = open.Values.Select(waiters => waiters[0].Request).ToArray();
            var advance = NumberDecider.Advance(_counter, open.Keys, now);
            var outcome = await AdvanceAsync(advance, requests, now);
            Answer(open, outcome.Moved ? advance.Numbers : outcome.Held);
            _counter = outcome.Moved ? advance.After : outcome.Held.Count > 0 ? _counter : null;
        }

        Refuse(open, new TryAgain($"Others gave numbers of {_series} at the same moment. Send the request again."));
    }

    private async Task<NumberOutcome> AdvanceAsync(NumberAdvance advance, NumberRequest[] requests, DateTimeOffset now)
    {
        try
        {
            return await _store.AdvanceAsync(advance, requests, now);
        }
        catch (PostgresException violation) when (violation is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "number_assignment", ConstraintName: not "uq_number_assignment_number" })
        {
            // Another allocator was quicker by a hair.
            return new(Moved: false, Held: []);
        }
    }

    private static void Answer(Dictionary<Guid, List<Line.Waiter>> open, IReadOnlyList<AssignedNumber> numbers)
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

    private void Refuse(Dictionary<Guid, List<Line.Waiter>> open, Exception fault)
    {
        if (NumberFaults.Refusal(_series, fault) is { } refusal)
        {
            LogFault(_logger, _series, fault.Message);
            Refuse(open, refusal);
            return;
        }

        foreach (var waiter in open.Values.SelectMany(waiters => waiters))
        {
            waiter.SetException(fault);
        }

        open.Clear();
    }

    private static void Refuse(Dictionary<Guid, List<Line.Waiter>> open, Error refusal)
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
}
