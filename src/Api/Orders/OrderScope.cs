using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;
using NpgsqlTypes;

namespace ChargeCars.Api.Orders;

/// <summary>
/// Whose orders and visits a caller sees: those of their business entities, a partner's own, and, of who sees only own work, the
/// visits of their vehicles, of the teams that drive them, and their own, with the orders that these belong to.
/// </summary>
internal static class OrderScope
{
    /// <summary>A condition on the columns of <c>order</c>; null where all are seen.</summary>
    /// <param name="text">Where the condition is written.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="table">The table's name or alias, with a dot: <c>o.</c>.</param>
    public static string? Orders(ScopeText text, Caller caller, string table = "") => Or(OrderAlternatives(text, caller, table));

    /// <summary>The same in parts, of which one must hold.</summary>
    public static IReadOnlyList<string>? OrderAlternatives(ScopeText text, Caller caller, string table = "")
    {
        var all = And(
            text.OfBusinessEntities(caller, column: $"{table}business_entity"),
            caller.PartnerOrganizationId is { } partner ? $"{table}partner_organization_id = {text.Of(Sql.Uuid(partner))}" : null);
        return OwnVisits(text, caller, "own.") is not { } own ? Only(all)
            : [.. own.Select(visits => And(all, $"{table}id IN (SELECT own.order_id FROM visit own WHERE {visits})")!)];
    }

    /// <summary>A condition on the columns of <c>visit</c>; null where all are seen.</summary>
    public static string? Visits(ScopeText text, Caller caller, string table = "") => Or(VisitAlternatives(text, caller, table));

    /// <summary>The same in parts, of which one must hold.</summary>
    public static IReadOnlyList<string>? VisitAlternatives(ScopeText text, Caller caller, string table = "")
    {
        var all = And(
            text.OfBusinessEntities(caller, column: $"{table}business_entity"),
            caller.PartnerOrganizationId is { } partner
                ? $"""{table}order_id IN (SELECT partners.id FROM "order" partners WHERE partners.partner_organization_id = {text.Of(Sql.Uuid(partner))})"""
                : null);
        return OwnVisits(text, caller, table) is not { } own ? Only(all) : [.. own.Select(visits => And(all, visits)!)];
    }

    /// <summary>The orders that a caller sees, as a subquery of their ids; null where all are seen.</summary>
    public static string? OrderIds(ScopeText text, Caller caller) =>
        Orders(text, caller, "seen.") is { } condition ? $"""SELECT seen.id FROM "order" seen WHERE {condition}""" : null;

    /// <summary>One of the parts holds; null where there are none, and all are seen.</summary>
    public static string? Or(IReadOnlyList<string>? alternatives) => alternatives is null ? null : string.Join(" OR ", alternatives.Select(part => $"({part})"));

    private static string[]? Only(string? condition) => condition is null ? null : [condition];

    private static string[]? OwnVisits(ScopeText text, Caller caller, string table)
    {
        if (caller.Vehicles is not { } vehicles)
        {
            return null;
        }

        var (vans, contact) = (text.Of(Sql.Array(NpgsqlDbType.Uuid, vehicles.ToArray())), text.Of(Sql.Uuid(caller.Actor.ContactId)));
        return
        [
            $"{table}vehicle_id = ANY ({vans})",
            $"{table}team_id IN (SELECT driving.id FROM team driving WHERE driving.vehicle_id = ANY ({vans}))",
            $"{table}id IN (SELECT assigned.visit_id FROM visit_assignee assigned WHERE assigned.contact_id = {contact})",
        ];
    }

    private static string? And(params string?[] conditions)
    {
        var real = conditions.Where(condition => condition is not null).ToList();
        return real.Count == 0 ? null : string.Join(" AND ", real.Select(condition => $"({condition})"));
    }
}
