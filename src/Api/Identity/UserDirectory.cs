using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>
/// What people may do, out of this node's memory: an access token says who somebody is, the account and its role what
/// they may, so that a change of role or a closed account counts at once and not when the token expires. A closed one is none.
/// </summary>
internal sealed class UserDirectory(NpgsqlDataSource source, TimeProvider time) : FreshLookup<SignedInUser>(time)
{
    protected override async Task<SignedInUser?> ReadAsync(Guid id)
    {
        await using var command = source.CreateCommand(SignedInUser.Select);
        command.Parameters.Add(Sql.Date(BusinessYear.DateOf(Time.GetUtcNow())));
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? SignedInUser.Read(row) : null;
    }
}
