using ChargeCars.Api.Platform.Http;
using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Api.Orders;

/// <summary>Makes what gets a number at its creation. A number that was given for nothing is voided, with why on its record.</summary>
internal sealed class OrderNumbers(IGrainFactory grains)
{
    /// <summary>
    /// Takes the number and makes the document. The number is the document's, whose id it is given to: asked for again, after a crash too,
    /// it is the same.
    /// </summary>
    /// <param name="series">The series.</param>
    /// <param name="id">The document's.</param>
    /// <param name="context">The creation's.</param>
    /// <param name="make">Makes it with its number.</param>
    public async Task<Result<TState>> MakeAsync<TState>(
        NumberSeries series, Guid id, CommandContext context, Func<string, Task<Result<TState>>> make)
    {
        var numbers = grains.GetGrain<INumberSequenceGrain>(series.ToString());
        var number = await numbers.NextAsync(id, Step("number"));
        if (!number.Succeeded)
        {
            return number.Error;
        }

        var made = await make(number.Value.Number);
        // Of any other refusal nobody knows whether the document is there, or will be.
        if (made.Error is Invalid or Conflict { Code: not "exists" })
        {
            await numbers.VoidAsync(number.Value.Number, $"What it was given to was refused: {made.Error.Detail}", Step("void"));
        }

        return made;

        CommandContext Step(string step) => context with { CommandId = NameBasedId.Of($"{context.CommandId}/{step}"), ExpectedVersion = null };
    }
}
