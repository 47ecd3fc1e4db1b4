using ChargeCars.Api.Identity;
using ChargeCars.Api.Identity.Roles;
using ChargeCars.Api.Relations;
using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Alerts;

/// <summary>Somebody who can see to an alert.</summary>
/// <param name="ContactId">The person.</param>
/// <param name="Name">What they are called.</param>
public sealed record AlertColleague(Guid ContactId, string Name);

/// <summary>The answer of <c>GET /api/alerts/colleagues</c>.</summary>
/// <param name="Items">By name.</param>
public sealed record AlertColleagueList(IReadOnlyList<AlertColleague> Items);

/// <summary>Reads the people to whom an alert can be given: those who may sign in and see to alerts, and whom the caller sees.</summary>
internal sealed class AlertColleagues(NpgsqlDataSource source)
{
    public async Task<AlertColleagueList> ListAsync(Caller caller, CancellationToken cancellation)
    {
        var text = new ScopeText();
        var known = text.Any(RelationScope.ContactAlternatives(text, caller, "c."));
        await using var command = source.CreateCommand();
        command.CommandText = $"""
            SELECT c.id, trim(concat_ws(' ', c.first_name, c.last_name)), r.permissions::text, u.scopes
            FROM user_account u JOIN contact c ON c.id = u.contact_id JOIN user_role r ON r.id = u.role_id
            WHERE u.is_active AND r.is_active AND ({known?.AddTo(command.Parameters) ?? "true"})
            ORDER BY 2, 1
            """;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var colleagues = new List<AlertColleague>();
        while (await row.ReadAsync(cancellation))
        {
            var scopes = row.Optional<string[]>(3)?.Select(WireText.Parse<AccountScope>) ?? [];
            var grants = RoleGrants.Of(row.Optional<string>(2), scopes);
            // What needs somebody is the company's own affair: a partner sees no alerts.
            if (grants.OrganizationScope != OrganizationScope.Partner && grants.Permissions.Contains(Permissions.AlertsWrite))
            {
                colleagues.Add(new(row.GetGuid(0), row.GetString(1)));
            }
        }

        return new(colleagues);
    }
}
