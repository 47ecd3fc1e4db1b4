using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Orders.Deadlines;

/// <summary>Has the deadlines of a business entity's orders follow its calendar, which was changed.</summary>
[Alias("business_entity.recompute-deadlines")]
internal sealed record RecomputeDeadlines(BusinessEntity Entity)
{
    /// <summary>How long after the change: by then every host knows the new calendar, and none computes by the old one any more.</summary>
    public static readonly TimeSpan Delay = 3 * BusinessCalendars.Period;
}

/// <summary>Asks every order whose clock has begun and not stopped. One whose deadline stays where it is changes nothing.</summary>
internal sealed class DeadlineRecomputation(NpgsqlDataSource source, IGrainFactory grains) : IDueCommandHandler<RecomputeDeadlines>
{
    private const int PageSize = 200;

    private const string SelectOrders = """
        SELECT id FROM "order" WHERE business_entity = $1 AND id > $2 AND sla IS NOT NULL AND order_status NOT IN ('completed', 'invoiced', 'closed', 'cancelled')
        ORDER BY id LIMIT $3
        """;

    public async Task<Error?> CarryOutAsync(Guid targetId, RecomputeDeadlines command, CommandContext context, CancellationToken cancellation)
    {
        for (var (page, last) = (new List<Guid>(), Guid.Empty); ; last = page[^1])
        {
            page = await NextAsync(command.Entity, last, cancellation);
            var answers = await Task.WhenAll(page.Select(order => grains.GetGrain<IEntityGrain<Order>>(order).ExecuteAsync(
                new FollowCalendar(), context with { CommandId = NameBasedId.Of($"{context.CommandId}/{order}"), ExpectedVersion = null })));
            if (answers.Select(answer => answer.Error).FirstOrDefault(error => error is not null) is { } error)
            {
                return error;
            }

            if (page.Count < PageSize)
            {
                return null;
            }
        }
    }

    private async Task<List<Guid>> NextAsync(BusinessEntity entity, Guid after, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOrders);
        command.Parameters.Add(Sql.Word<BusinessEntity>(entity));
        command.Parameters.Add(Sql.Uuid(after));
        command.Parameters.Add(Sql.Integer(PageSize));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var orders = new List<Guid>();
        while (await row.ReadAsync(cancellation))
        {
            orders.Add(row.GetGuid(0));
        }

        return orders;
    }
}
