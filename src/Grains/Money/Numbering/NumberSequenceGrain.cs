using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Money.Numbering;

/// <inheritdoc cref="INumberSequenceGrain"/>
internal sealed class NumberSequenceGrain(NumberStore store, TimeProvider time, ILogger<NumberSequenceGrain> logger) : Grain, INumberSequenceGrain
{
    private NumberAllocator _allocator = null!;
    private NumberSeries _series;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _series = NumberSeries.Parse(this.GetPrimaryKeyString());
        _allocator = new(_series, store, time, logger);
        return Task.CompletedTask;
    }

    public Task<Result<AssignedNumber>> NextAsync(Guid ownerId, CommandContext context) => _allocator.NextAsync(ownerId, context);

    public async Task<Result<AssignedNumber>> VoidAsync(string number, string reason, CommandContext context)
    {
        if (NumberDecider.Fault(number, reason) is { } fault)
        {
            return fault;
        }

        try
        {
            return await FindAndVoidAsync(number, reason, context);
        }
        catch (Exception refused) when (NumberFaults.Refusal(_series, refused) is not null)
        {
            return NumberFaults.Refusal(_series, refused)!;
        }
    }

    private async Task<Result<AssignedNumber>> FindAndVoidAsync(string number, string reason, CommandContext context)
    {
        // Text with NUL is none that PostgreSQL could hold, so no number either.
        var found = number.Contains('\0', StringComparison.Ordinal) ? null : await store.FindAsync(_series, number, CancellationToken.None);
        if (found is not { } given)
        {
            return new NotFound($"number of {_series}", $"'{number}'");
        }

        if (given.Number.VoidedAt is not null)
        {
            return given.Number;
        }

        var voided = given.Number with { VoidedAt = NumberDecider.Moment(time.GetUtcNow()), VoidReason = reason.Trim() };
        return await store.VoidAsync(_series, given.SequenceId, voided, context)
            ? voided
            // Somebody else voided it in between; theirs is the reason on record.
            : (await store.FindAsync(_series, number, CancellationToken.None))!.Value.Number;
    }
}
