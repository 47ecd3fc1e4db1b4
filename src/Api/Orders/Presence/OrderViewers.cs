using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Orders;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Orders.Presence;

/// <summary>Keeps who has which order open. A person with two screens counts once, until the last of them closes.</summary>
internal sealed class OrderViewers(NpgsqlDataSource source, GroupCommit commits, TimeProvider time)
{
    /// <summary>A host says so again for its connections before this is over; of a host that died it ends by itself.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(45);

    private const string Elsewhere = "SELECT FROM order_presence other WHERE other.order_id = $2 AND other.actor_id = $4 AND other.connection_id <> $3 AND other.until > $5";

    // Only coming and going is announced; a renewal is not.
    private static readonly string Enter = $"""
        WITH before AS (
            SELECT FROM order_presence known WHERE known.order_id = $2 AND known.actor_id = $4 AND known.until > $5),
        written AS (
            INSERT INTO order_presence (order_id, connection_id, actor_id, actor, contact_id, since, until) VALUES ($2, $3, $4, $6, $7, $5, $8)
            ON CONFLICT (order_id, connection_id) DO UPDATE SET until = excluded.until RETURNING 1)
        SELECT {Commit.SayApplied("$1")} FROM written WHERE NOT EXISTS (SELECT FROM before)
        """;

    private static readonly string Leave = $"""
        WITH gone AS (DELETE FROM order_presence WHERE order_id = $2 AND connection_id = $3 AND until <= $6 RETURNING 1)
        SELECT {Commit.SayApplied("$1")} FROM gone WHERE NOT EXISTS ({Elsewhere})
        """;

    private const string SelectPresent = """
        SELECT order_id, (array_agg(actor ORDER BY since))[1], (array_agg(contact_id ORDER BY since))[1], min(since) FROM order_presence
        WHERE order_id = ANY ($1) AND until > $2 GROUP BY order_id, actor_id ORDER BY min(since), actor_id
        """;

    private const string SelectRows = """
        SELECT p.order_id, p.connection_id, p.actor_id, p.actor, p.contact_id, o.order_number, o.business_entity
        FROM order_presence p JOIN "order" o ON o.id = p.order_id
        """;

    private const string SelectOrders = """SELECT id, order_number, business_entity FROM "order" WHERE id = ANY ($1)""";

    private const string Renewal = "UPDATE order_presence SET until = $2 WHERE connection_id = ANY ($1)";

    /// <summary>A connection has orders open from now on.</summary>
    public async Task EnterAsync(string connection, Actor actor, IReadOnlyCollection<Guid> orders, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var order in await OrdersAsync(orders, cancellation))
        {
            var id = Guid.CreateVersion7(now);
            await commits.CommitAsync(Told(id, order, actor, "open", now, new NpgsqlBatchCommand(Enter)
            {
                Parameters =
                {
                    Sql.Uuid(id), Sql.Uuid(order.Id), Sql.Text(connection), Sql.Uuid(actor.Id), Sql.Time(now), Sql.Jsonb(RowJson.ForRow(actor).Text),
                    Sql.Uuid(actor.ContactId), Sql.Time(now + Lifetime),
                },
            }));
        }
    }

    /// <summary>A connection has orders open no more; all of its own where none are named.</summary>
    public Task LeaveAsync(string connection, IReadOnlyCollection<Guid>? orders, CancellationToken cancellation) => LeaveAsync(
        orders is null ? " WHERE p.connection_id = $1" : " WHERE p.connection_id = $1 AND p.order_id = ANY ($2)",
        orders is null ? [Sql.Text(connection)] : [Sql.Text(connection), Sql.Array(NpgsqlDbType.Uuid, orders.ToArray())],
        DateTimeOffset.MaxValue, cancellation);

    /// <summary>Takes away what has expired, such as that of a host that died, and tells of it.</summary>
    public Task ExpireAsync(CancellationToken cancellation) =>
        LeaveAsync(" WHERE p.until <= $1 ORDER BY p.until LIMIT 1000", [Sql.Time(time.GetUtcNow())], time.GetUtcNow(), cancellation);

    /// <summary>Connections that are there still.</summary>
    public async Task RenewAsync(string[] connections, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Renewal);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, connections));
        command.Parameters.Add(Sql.Time(time.GetUtcNow() + Lifetime));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Who has them open now.</summary>
    public async Task<ILookup<Guid, Viewer>> PresentAsync(IReadOnlyCollection<Guid> orders, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectPresent);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, orders.ToArray()));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var present = new List<(Guid Order, Viewer Viewer)>();
        while (await row.ReadAsync(cancellation))
        {
            present.Add((row.GetGuid(0), new(ActorOf(row.GetString(1)), row.OptionalValue<Guid>(2), row.GetFieldValue<DateTimeOffset>(3))));
        }

        return present.ToLookup(one => one.Order, one => one.Viewer);
    }

    private static Actor ActorOf(string json) => JsonSerializer.Deserialize<Actor>(json, RowJson.Options)!;

    // Without a partner: colleagues are the company's own affair, and it is they who would be seen.
    private static StatementCommit<bool> Told(Guid id, OrderRow order, Actor actor, string state, DateTimeOffset now, NpgsqlBatchCommand statement) =>
        // Of the order: of two screens that close at once the second sees that the first has gone.
        new(order.Id, id, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new("order.presence_changed", OrderKind.Rows.Table, now, RowJson.ForClient(actor), RowJson.ForClient(new { orderNumber = order.Number, contactId = actor.ContactId, state }))
                {
                    EntityId = order.Id, Scope = new(order.BusinessEntity, null, null, null),
                },
            ],
        };

    private async Task LeaveAsync(string where, NpgsqlParameter[] values, DateTimeOffset expiredBy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var gone = new List<(OrderRow Order, string Connection, Actor Actor)>();
        await using (var command = source.CreateCommand(SelectRows + where))
        {
            command.Parameters.AddRange(values);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                gone.Add((new(row.GetGuid(0), row.GetString(5), row.GetString(6)), row.GetString(1), ActorOf(row.GetString(3)) with { ContactId = row.OptionalValue<Guid>(4) }));
            }
        }

        foreach (var (order, connection, actor) in gone)
        {
            var id = Guid.CreateVersion7(now);
            await commits.CommitAsync(Told(id, order, actor, "none", now, new NpgsqlBatchCommand(Leave)
            {
                Parameters = { Sql.Uuid(id), Sql.Uuid(order.Id), Sql.Text(connection), Sql.Uuid(actor.Id), Sql.Time(now), Sql.Time(expiredBy) },
            }));
        }
    }

    private async Task<List<OrderRow>> OrdersAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOrders);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, ids.ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var orders = new List<OrderRow>();
        while (await row.ReadAsync(cancellation))
        {
            orders.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2)));
        }

        return orders;
    }

    private sealed record OrderRow(Guid Id, string Number, string BusinessEntity);
}
