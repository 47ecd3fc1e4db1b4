using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>Roles: plain rows, with versions, audit and change events.</summary>
internal sealed class RoleStore(NpgsqlDataSource source, GroupCommit commits, AccessNews news)
{
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["roleName"] = ListFilter.Text("role_name"),
            ["isActive"] = ListFilter.Boolean("is_active"),
            ["partnerOrganizationId"] = ListFilter.Uuid("partner_organization_id"),
        },
        new Dictionary<string, ListSort> { ["roleName"] = new("role_name", "text"), ["createdAt"] = new("created_at", "timestamptz") },
        "roleName");

    public Task<Page<Role>> PageAsync(ListQuery query, Caller caller, CancellationToken cancellation) =>
        query.Within(caller).RunAsync(source, Role.Columns, Role.Table, Role.Read, cancellation);

    /// <summary>Null where there is none that the caller may see.</summary>
    public async Task<Role?> FindAsync(Guid id, Caller caller, CancellationToken cancellation) =>
        (await PageAsync(ById(id), caller, cancellation)).Items is [var role] ? role : null;

    /// <summary>
    /// Writes a role whose version is one above <paramref name="before"/>'s; the first is 1. Effective on every node when it returns.
    /// A creation that is repeated answers with the role that it made.
    /// </summary>
    public async Task<Result<Role>> CommitAsync(Role? before, Role after, CommandContext context, DateTimeOffset now)
    {
        var audit = AuditEntry.Between(Role.Table, before, after, statusChanged: false, before is null ? "Role made" : "Role changed", context, now);
        var type = before is null ? "user_role.created" : "user_role.updated";
        try
        {
            var written = await commits.CommitAsync(new StatementCommit<bool>(
                after.Id, context.CommandId, audit.Around(before is null ? after.Insert() : after.Update(), context),
                static async (reader, cancellation) => await reader.ReadAsync(cancellation))
            {
                Changes = [new(type, Role.Table, now, RowJson.ForClient(context.Actor), RowJson.ForClient(new { after.RoleName, after.Version }))
                {
                    Scope = new(null, after.PartnerOrganizationId, null, null),
                }],
            });
            if (!written)
            {
                return new StaleVersion(before!.Version, before.Version + 1);
            }

            await news.TellAsync(AccessKind.Role, after.Id);
            return after;
        }
        catch (PostgresException violation) when (violation.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // A new role's id follows from the Idempotency-Key, so a role that has it is this request's.
            if (before is null && context.MayRepeat && await MadeAsync(after.Id) is { } made)
            {
                return made;
            }

            if (violation.ConstraintName is "uq_user_role_role_name" or "uq_user_role_partner_role_name")
            {
                return new Conflict("role_name_taken", "Another role has this name.", "roleName");
            }

            throw;
        }
        catch (PostgresException violation) when (violation.ConstraintName == "user_role_partner_organization_id_fkey")
        {
            return Invalid.Field("partnerOrganizationId", "is not an organization");
        }
    }

    private async Task<Role?> MadeAsync(Guid id) =>
        (await ById(id).RunAsync(source, Role.Columns, Role.Table, Role.Read, CancellationToken.None)).Items is [var role] ? role : null;

    private static ListQuery ById(Guid id) => new(1, List.DefaultSort, List.Sorts["createdAt"], [("id", Sql.Uuid(id))], null);
}
