using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Conversations;

/// <summary>
/// Whose threads and messages a caller sees: those of their business entities; a partner those with people of the own organization,
/// without what is said among ourselves; who sees only own work, those of the orders of that work. A draft is its author's alone.
/// </summary>
internal static class ConversationScope
{
    /// <summary>A condition on the columns of <c>communication_thread</c>; null where all are seen.</summary>
    public static string? Threads(ScopeText text, Caller caller, string table = "")
    {
        var conditions = new[]
        {
            text.OfBusinessEntities(caller, column: $"{table}business_entity"),
            caller.PartnerOrganizationId is { } partner
                ? $"{table}channel <> 'internal' AND {table}customer_contact_id IN (SELECT theirs.id FROM contact theirs WHERE theirs.organization_id = {text.Of(Sql.Uuid(partner))})"
                : null,
            caller.Vehicles is null ? null : $"{table}entity_type = 'order' AND {table}entity_id IN ({OrderScope.OrderIds(text, caller)})",
        }.OfType<string>().ToList();
        return conditions.Count == 0 ? null : string.Join(" AND ", conditions.Select(condition => $"({condition})"));
    }

    /// <summary>A condition on the columns of <c>communication_message</c>.</summary>
    public static ScopeCondition Messages(Caller caller)
    {
        var text = new ScopeText();
        return text.All(
            Threads(text, caller, "seen.") is { } threads ? $"thread_id IN (SELECT seen.id FROM communication_thread seen WHERE {threads})" : null,
            caller.PartnerOrganizationId is null ? null : "nature NOT IN ('note', 'moved')",
            $"status IS DISTINCT FROM 'draft' OR author_id = {text.Of(Sql.Uuid(caller.Actor.Id))}")!;
    }

    /// <summary>Why the caller may not write in conversations, whatever they see; null where they may.</summary>
    public static Error? RefuseWriting(Caller caller) =>
        caller.Vehicles is not null ? new Forbidden("Credentials of some vehicles only can't write in conversations.")
        : caller.PartnerOrganizationId is not null ? new Forbidden("Conversations are the company's: partners write to an address of ours.")
        : null;
}
