using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Files.Attachments;

/// <summary>Who is told of the changes of what files belong to: the news of a file goes to the same people.</summary>
internal sealed class OwnerScopes(NpgsqlDataSource source)
{
    /// <summary>The scope of an entity; null where it says nothing, or is gone.</summary>
    public async Task<ChangeScope?> FindAsync(AttachmentOwner type, Guid id, CancellationToken cancellation)
    {
        const string None = "NULL::uuid";
        var select = type switch
        {
            AttachmentOwner.Order => $"""SELECT business_entity, partner_organization_id, {None} FROM "order" WHERE id = $1""",
            AttachmentOwner.Visit => """
                SELECT v.business_entity, o.partner_organization_id, v.vehicle_id FROM visit v JOIN "order" o ON o.id = v.order_id WHERE v.id = $1
                """,
            AttachmentOwner.Organization => $"SELECT business_entity, {None}, {None} FROM organization WHERE id = $1",
            AttachmentOwner.Call => $"SELECT business_entity, {None}, {None} FROM call WHERE id = $1",
            AttachmentOwner.InstalledCharger => $"SELECT business_entity, {None}, {None} FROM installed_charger WHERE id = $1",
            AttachmentOwner.Team => $"SELECT business_entity, {None}, {None} FROM team WHERE id = $1",
            AttachmentOwner.CommunicationThread => $"SELECT business_entity, {None}, {None} FROM communication_thread WHERE id = $1",
            AttachmentOwner.Vehicle => "SELECT NULL::text, NULL::uuid, id FROM vehicle WHERE id = $1",
            _ => null,
        };
        if (select is null)
        {
            return null;
        }

        await using var command = source.CreateCommand(select);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(row.Optional<string>(0), row.OptionalValue<Guid>(1), null, row.OptionalValue<Guid>(2))
            : null;
    }
}
