using System.Text.Json;
using ChargeCars.Identity.Preferences;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Preferences;

/// <summary>A view that a colleague shares.</summary>
/// <param name="Owner">The colleague's name.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Address">The part of the page's address from its <c>#</c>.</param>
public sealed record SharedView(string Owner, string Name, string Address);

/// <summary>The answer of <c>GET /api/me/shared-views</c>.</summary>
/// <param name="Items">By owner and name; at most 200.</param>
public sealed record SharedViewList(IReadOnlyList<SharedView> Items);

/// <summary>
/// The views that the company's own people share. What somebody searched for stands in a view, so whoever is limited to a part of the
/// company sees no other's (docs/adr/0071).
/// </summary>
internal sealed class SharedViews(NpgsqlDataSource source)
{
    private const string Select = """
        SELECT concat_ws(' ', c.first_name, c.last_name), v.shared FROM user_preference p
        JOIN user_account a ON a.id = p.id AND a.is_active JOIN contact c ON c.id = a.contact_id
        CROSS JOIN LATERAL jsonb_array_elements(p.views) AS v (shared)
        WHERE p.views @> '[{"is_shared": true}]' AND v.shared @> '{"is_shared": true}' AND p.id <> $1
        ORDER BY 1, v.shared ->> 'name' LIMIT 200
        """;

    /// <summary>Whether a caller may share and see what is shared: whoever is limited in nothing.</summary>
    public static bool ArePartOf(Caller caller) => caller is { BusinessEntities: null, PartnerOrganizationId: null, Vehicles: null };

    /// <summary>What others share.</summary>
    /// <param name="reader">The account that asks, whose own are not told again.</param>
    /// <param name="cancellation">Ends the read.</param>
    public async Task<SharedViewList> ReadAsync(Guid reader, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(reader));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var views = new List<SharedView>();
        while (await row.ReadAsync(cancellation))
        {
            var view = JsonSerializer.Deserialize<SavedView>(row.GetString(1), RowJson.Options)!;
            views.Add(new(row.GetString(0), view.Name, view.Address));
        }

        return new(views);
    }
}
