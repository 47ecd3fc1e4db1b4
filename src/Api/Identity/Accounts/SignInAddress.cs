using ChargeCars.Api.Platform.Http;
using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Contacts;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>
/// The email address by which a person signs in, and to which the link goes that sets their password. It is their contact's, so whoever
/// edits contacts could have that link sent to themselves, or keep somebody out by giving their address to a second account.
/// </summary>
internal sealed class SignInAddress(NpgsqlDataSource source, IGrainFactory grains, UserAuthority authority)
{
    private const string SelectAccount = "SELECT id FROM user_account WHERE contact_id = $1";

    private const string SelectOther = """
        SELECT EXISTS (
            SELECT FROM user_account u JOIN contact c ON c.id = u.contact_id
            WHERE c.id <> $1 AND lower(c.email) = lower(COALESCE($2, (SELECT email FROM contact WHERE id = $1))))
        """;

    /// <summary>Why the contact may not have another address; null where it has no account, or the caller may manage it.</summary>
    public async Task<IResult?> RefuseChangeAsync(Contact before, string email, HttpContext http)
    {
        await using var select = source.CreateCommand(SelectAccount);
        select.Parameters.Add(Sql.Uuid(before.Id));
        if (await select.ExecuteScalarAsync(http.RequestAborted) is not Guid id)
        {
            return null;
        }

        if (!Caller.Of(http).Permissions.Contains(Permissions.UsersManage))
        {
            await authority.RecordAsync(http, id, "Refused: another address to sign in by");
            return ProblemAnswers.Forbidden($"The person signs in by this email address: only who has {Permissions.UsersManage} may change it.");
        }

        var account = await grains.GetGrain<IUserAccountGrain>(id).GetAsync();
        return account.Succeeded && await authority.RefuseAsync(http, id, account.Value) is { } refusal ? refusal
            : await RefuseSharedAsync(before.Id, email, http.RequestAborted) is { } shared ? ProblemAnswers.From(shared)
            : null;
    }

    /// <summary>Why a contact may not sign in by an address, or by its own where that is null; null where nobody else does.</summary>
    public async Task<Error?> RefuseSharedAsync(Guid contactId, string? email, CancellationToken cancellation)
    {
        await using var select = source.CreateCommand(SelectOther);
        select.Parameters.Add(Sql.Uuid(contactId));
        select.Parameters.Add(Sql.Text(email?.Trim()));
        return await select.ExecuteScalarAsync(cancellation) is true
            ? new Conflict("address_taken", "Somebody else signs in by this email address: neither could, if two did.", "email")
            : null;
    }
}
