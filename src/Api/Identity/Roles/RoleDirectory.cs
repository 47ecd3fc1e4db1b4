using ChargeCars.Identity.Accounts;
using ChargeCars.Identity.Roles;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>Roles as a caller sees them, and the way to their grains.</summary>
internal sealed class RoleDirectory(EntityQueries<Role, RoleDetails, RoleKind> roles, IGrainFactory grains, AccessNews news)
{
    public Task<Page<Role>> PageAsync(ListQuery query, Caller caller, CancellationToken cancellation) => roles.ListAsync(query.Within(caller), cancellation);

    /// <summary>Null where there is none that the caller may see.</summary>
    public async Task<Role?> FindAsync(Guid id, Caller caller, CancellationToken cancellation)
    {
        var one = RoleKind.List.All with { Limit = 1, Filters = [("id", Sql.Uuid(id))] };
        return (await PageAsync(one, caller, cancellation)).Items is [var role] ? role : null;
    }

    /// <summary>Carries out a command; effective on every node when it returns.</summary>
    public async Task<Result<Role>> ExecuteAsync(Guid id, EntityCommand<Role> command, CommandContext context)
    {
        var outcome = await grains.GetGrain<IEntityGrain<Role>>(id).ExecuteAsync(command, context);
        if (outcome.Succeeded)
        {
            await news.TellAsync(AccessKind.Role, id);
        }

        return outcome;
    }
}
