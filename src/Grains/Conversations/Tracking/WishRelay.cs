using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Templates;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Tracking;

/// <summary>Puts what a customer asked for by their link into the conversation about their order. Stored until it is done.</summary>
/// <param name="VisitId">The visit that they would like at another time.</param>
/// <param name="Number">Which of their wishes, from 1.</param>
/// <param name="From">The beginning of what they were promised, UTC.</param>
/// <param name="Until">Its end, UTC.</param>
/// <param name="Days">The days that would suit them.</param>
/// <param name="Reason">In their own words; null where they gave none.</param>
[Alias("tracking.relay-wish")]
internal sealed record RelayWish(Guid VisitId, int Number, DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<DateOnly> Days, string? Reason);

/// <summary>
/// Writes customers' wishes as messages of the portal's: the page of the link is a page of ours, as the portal is. They wait for an answer
/// there as any other message does.
/// </summary>
internal sealed class WishRelay(PortalIntake intake, IGrainFactory grains) : IDueCommandHandler<RelayWish>
{
    public async Task<Error?> CarryOutAsync(Guid targetId, RelayWish command, CommandContext context, CancellationToken cancellation)
    {
        var visit = await grains.GetGrain<IEntityGrain<Visit>>(command.VisitId).GetAsync();
        if (!visit.Succeeded)
        {
            return visit.Error;
        }

        var order = await grains.GetGrain<IEntityGrain<Order>>(visit.Value.OrderId).GetAsync();
        if (!order.Succeeded)
        {
            return order.Error;
        }

        var taken = await intake.TakeAsync(
            new()
            {
                ExternalId = $"wish/{targetId}/{command.Number}", Text = TextOf(visit.Value.Number ?? order.Value.OrderNumber, command), BusinessEntity = visit.Value.BusinessEntity,
                OrderId = order.Value.Id, Subject = order.Value.OrderNumber, ContactId = order.Value.PrimaryContactId,
            },
            context, cancellation);
        return taken.Succeeded ? null : taken.Error;
    }

    /// <summary>What the message says, for colleagues.</summary>
    internal static string TextOf(string visit, RelayWish wish) => string.Join('\n', new[]
    {
        $"Via de link van {visit}: liever een andere tijd dan {TemplateWords.Day(wish.From, TemplateLanguage.Nl)} "
            + $"tussen {TemplateWords.Time(wish.From)} en {TemplateWords.Time(wish.Until)}.",
        wish.Days.Count == 0 ? null : $"Dit zou schikken: {string.Join(", ", wish.Days.Select(day => TemplateWords.Day(day, TemplateLanguage.Nl)))}.",
        wish.Reason is null ? null : $"\n{wish.Reason}",
    }.OfType<string>());
}
