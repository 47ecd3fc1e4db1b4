using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Which visits a caller may name: a business entity's own, a partner's own, and, of who sees only their own vehicles, those
/// of these vehicles, of the teams that drive them, and the own.
/// </summary>
public sealed class VisitScope(NpgsqlDataSource source)
{
    private const string SelectSeen = """
        SELECT v.status, coalesce(v.number, v.id::text)
        FROM visit v JOIN "order" o ON o.id = v.order_id
        WHERE v.id = $1
          AND ($2::text[] IS NULL OR v.business_entity = ANY($2))
          AND ($3::uuid IS NULL OR o.partner_organization_id = $3)
          AND ($4::uuid[] IS NULL OR v.vehicle_id = ANY($4)
            OR v.team_id IN (SELECT id FROM team WHERE vehicle_id = ANY($4))
            OR v.id IN (SELECT visit_id FROM visit_assignee WHERE contact_id = $5))
        """;

    /// <summary>Why the caller can't have a van arrive at this visit; null where it can, and where none is named.</summary>
    public async Task<Invalid?> RefusalAsync(Caller caller, Guid? visitId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (visitId is not { } id)
        {
            return null;
        }

        await using var command = source.CreateCommand(SelectSeen);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, caller.BusinessEntities?.Select(WireText.Of).ToArray()));
        command.Parameters.Add(Sql.Uuid(caller.PartnerOrganizationId));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, caller.Vehicles?.ToArray()));
        command.Parameters.Add(Sql.Uuid(caller.Actor.ContactId));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            // One out of the scope is answered like one that does not exist.
            return Invalid.Field("visitId", $"there is no visit {id}");
        }

        return WireText.Parse<VisitStatus>(row.GetString(0)).IsOpen()
            ? null
            : Invalid.Field("visitId", $"{row.GetString(1)} is {row.GetString(0)}: a van arrives at a visit that is still to be done");
    }
}
