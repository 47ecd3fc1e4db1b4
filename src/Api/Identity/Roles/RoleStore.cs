using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>Roles: plain rows, with versions, audit and change events.</summary>
internal sealed class RoleStore(NpgsqlDataSource source, GroupCommit commits, AccessNews news)
{
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter> { ["roleName"] = ListFilter.Text("role_name"), ["isActive"] = ListFilter.Boolean("is_active") },
        new Dictionary<string, ListSort> { ["roleName"] = new("role_name", "text"), ["createdAt"] = new("created_at", "timestamptz") },
        "roleName");

    public Task<Page<Role>> PageAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, Role.Columns, Role.Table, Role.Read, cancellation);

    public async Task<Role?> FindAsync(Guid id, CancellationToken cancellation)
    {
        const string Select = $"SELECT {Role.Columns} FROM user_role WHERE id = $1";
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Role.Read(row) : null;
    }

    /// <summary>Writes a role whose version is one above <paramref name="before"/>'s; the first is 1. Effective on every node when it returns.</summary>
    public async Task<Error?> CommitAsync(Role? before, Role after, CommandContext context, DateTimeOffset now)
    {
        var audit = AuditEntry.Between(Role.Table, before, after, statusChanged: false, before is null ? "Role made" : "Role changed", context, now);
        var type = before is null ? "user_role.created" : "user_role.updated";
        try
        {
            var written = await commits.CommitAsync(new StatementCommit<bool>(
                after.Id, context.CommandId, audit.Around(before is null ? after.Insert() : after.Update(), context),
                static async (reader, cancellation) => await reader.ReadAsync(cancellation))
            {
                Changes = [new(type, Role.Table, now, RowJson.ForClient(context.Actor), RowJson.ForClient(new { after.RoleName, after.Version }))],
            });
            if (!written)
            {
                return new StaleVersion(before!.Version, before.Version + 1);
            }

            await news.TellAsync(AccessKind.Role, after.Id);
            return null;
        }
        catch (PostgresException violation) when (violation.ConstraintName == "uq_user_role_role_name")
        {
            return new Conflict("role_name_taken", "Another role has this name.", "roleName");
        }
    }
}
