using ChargeCars.Numbering;
using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>
/// What people may do, out of this node's memory: an access token says who somebody is, the account and its role what
/// they may, so that a change of role or a closed account counts at once and not when the token expires.
/// </summary>
public sealed class UserDirectory
{
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly FreshLookup<SignedInUser> _users;

    internal UserDirectory(NpgsqlDataSource source, TimeProvider time)
    {
        (_source, _time) = (source, time);
        _users = new(ReadAsync, time);
    }

    /// <summary>Reads the account again when it is used next; for change events of type <c>user_account.*</c>.</summary>
    public void Forget(Guid userId) => _users.Forget(userId);

    /// <summary>Reads every account again; for change events of type <c>user_role.*</c>.</summary>
    public void ForgetAll() => _users.ForgetAll();

    /// <summary>Null where there is no such account or it is closed.</summary>
    internal ValueTask<SignedInUser?> FindAsync(Guid userId) => _users.FindAsync(userId);

    private async Task<SignedInUser?> ReadAsync(Guid id)
    {
        await using var command = _source.CreateCommand(SignedInUser.Select);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Date(BusinessYear.DateOf(_time.GetUtcNow())));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? SignedInUser.Read(row) : null;
    }
}
