using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Orders.Teams;

/// <summary>Teams, with their members as parts.</summary>
public sealed class TeamKind : IEntityKind<Team, TeamDetails>
{
    private static readonly RowMapping<TeamMember> Members = new("team_member");

    /// <inheritdoc/>
    public static RowMapping<Team> Rows { get; } = new("team");

    /// <inheritdoc/>
    public static IReadOnlyList<PartTable<Team>> Parts { get; } =
    [
        new PartTable<Team, TeamMember>(
            Members, "team_id", member => member.TeamId, team => team.Members, (team, members) => team with { Members = members }, "valid_from, id"),
    ];

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["name"] = ListFilter.Text("name"),
            ["vehicleId"] = ListFilter.Uuid("vehicle_id"),
            ["isActive"] = ListFilter.Boolean("is_active"),
            ["contactId"] = new("id IN (SELECT team_id FROM team_member WHERE contact_id = $)", static text => Guid.TryParse(text, out var id) ? Sql.Uuid(id) : null, "a uuid"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(TeamDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("name", details.Name, 1..100)
        .Lines("description", details.Description, ..2000)
        .Invalid;

    /// <inheritdoc/>
    public static TeamDetails Normalized(TeamDetails details) => details with
    {
        Name = PlainText.Tidy(details.Name),
        Description = PlainText.TidyLinesOrNull(details.Description),
    };

    /// <summary>The members work for whom the team works for.</summary>
    public static Result<Outcome<Team>> Revised(Team before, Team after, DateTimeOffset now) => Outcome.Of(
        before.BusinessEntity == after.BusinessEntity
            ? after
            : after with { Members = [.. after.Members.Select(member => member with { BusinessEntity = after.BusinessEntity })] },
        "updated");

    /// <inheritdoc/>
    public static Result<Outcome<Team>> Decide(Team state, EntityCommand<Team> command, DateTimeOffset now) => TeamDecider.Decide(state, command, now);

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Team state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null);

    /// <inheritdoc/>
    public static object Label(Team state) => new { state.Name };
}
