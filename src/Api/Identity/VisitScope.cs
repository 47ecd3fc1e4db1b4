using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Which visits a caller may name: a business entity's own, a partner's own, and, of who sees only their own vehicles, those
/// of these vehicles, of the teams that drive them, and the own. Who is limited in nothing is not asked for.
/// </summary>
public sealed class VisitScope(NpgsqlDataSource source)
{
    private const string SeenSql = """
        SELECT EXISTS (
            SELECT 1 FROM visit v JOIN "order" o ON o.id = v.order_id
            WHERE v.id = $1
              AND ($2::text[] IS NULL OR v.business_entity = ANY($2))
              AND ($3::uuid IS NULL OR o.partner_organization_id = $3)
              AND ($4::uuid[] IS NULL OR v.vehicle_id = ANY($4)
                OR v.team_id IN (SELECT id FROM team WHERE vehicle_id = ANY($4))
                OR v.id IN (SELECT visit_id FROM visit_assignee WHERE contact_id = $5)))
        """;

    /// <summary>Whether the caller may name this visit; also where none is named.</summary>
    public async Task<bool> SeesAsync(Caller caller, Guid? visitId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (visitId is not { } id || caller is { BusinessEntities: null, PartnerOrganizationId: null, Vehicles: null })
        {
            return true;
        }

        await using var command = source.CreateCommand(SeenSql);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, caller.BusinessEntities?.Select(WireText.Of).ToArray()));
        command.Parameters.Add(Sql.Uuid(caller.PartnerOrganizationId));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, caller.Vehicles?.ToArray()));
        command.Parameters.Add(Sql.Uuid(caller.Actor.ContactId));
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>A visit out of the scope is answered like one that does not exist.</summary>
    public static Invalid Unknown(Guid? visitId) => Invalid.Field("visitId", $"there is no visit {visitId}");
}
