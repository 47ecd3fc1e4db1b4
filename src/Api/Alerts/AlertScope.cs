using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Api.Conversations;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Storage;
using NpgsqlTypes;

namespace ChargeCars.Api.Alerts;

/// <summary>
/// Whose alerts a caller sees: those about what they see, by the permission and the scope of that. Partners see none: it is the
/// company's own affair who sees to what.
/// </summary>
internal static class AlertScope
{
    /// <summary>What follows from where a van is, and is told only to who may see that.</summary>
    private static readonly string[] FromPositions = [.. new[] { AlertType.VisitLate, AlertType.Overspeed, AlertType.ClockRefused }.Select(WireText.Of)];

    /// <summary>By which permission each kind of thing is seen. What is about anything else concerns administrators.</summary>
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["visit"] = Permissions.VisitsRead, ["order"] = Permissions.OrdersRead, ["vehicle"] = Permissions.VehiclesRead, ["call_back"] = Permissions.CallsRead,
        ["communication_thread"] = Permissions.ThreadsRead,
    };

    /// <summary>A condition on the columns of <c>alert</c>.</summary>
    public static ScopeCondition Visible(Caller caller)
    {
        if (caller.PartnerOrganizationId is not null)
        {
            return ScopeCondition.Nothing;
        }

        var text = new ScopeText();
        var about = Kinds.Where(kind => caller.Permissions.Contains(kind.Value))
            .Select(kind => $"entity_type = '{kind.Key}'{(Within(text, caller, kind.Key) is { } condition ? $" AND ({condition})" : "")}").ToList();
        if (SeesOthers(caller))
        {
            about.Add($"entity_type <> ALL ({text.Of(Sql.Array(NpgsqlDbType.Text, Kinds.Keys.ToArray()))})");
        }

        return about.Count == 0
            ? ScopeCondition.Nothing
            : text.All(
                string.Join(" OR ", about.Select(condition => $"({condition})")),
                caller.SeesPositions() ? null : $"alert_type <> ALL ({text.Of(Sql.Array(NpgsqlDbType.Text, FromPositions))})")!;
    }

    /// <summary>Whether a change of an alert, whose scope the caller has, is about something that they may see.</summary>
    public static bool Tells(Caller caller, ChangeEvent change)
    {
        using var data = JsonDocument.Parse(change.Data.Text);
        return caller.PartnerOrganizationId is null
            && data.RootElement.TryGetProperty("entityType", out var about) && about.GetString() is { } table
            && (Kinds.TryGetValue(table, out var permission) ? caller.Permissions.Contains(permission) : SeesOthers(caller))
            && data.RootElement.TryGetProperty("alertType", out var type)
            && (caller.SeesPositions() || !FromPositions.Contains(type.GetString()));
    }

    /// <summary>What connections must have in common to be told the same.</summary>
    public static string Key(Caller caller) =>
        string.Concat(Kinds.Values.Select(caller.Permissions.Contains).Append(caller.SeesPositions()).Append(SeesOthers(caller))
            .Select(may => may ? '1' : '0'));

    private static bool SeesOthers(Caller caller) =>
        caller is { BusinessEntities: null, PartnerOrganizationId: null, Vehicles: null } && caller.Permissions.Contains(Permissions.DueCommandsManage);

    // Null: all of that kind.
    private static string? Within(ScopeText text, Caller caller, string kind) => kind switch
    {
        "visit" => OrderScope.Visits(text, caller, "v.") is { } visits ? $"entity_id IN (SELECT v.id FROM visit v WHERE {visits})" : null,
        "order" => OrderScope.OrderIds(text, caller) is { } orders ? $"entity_id IN ({orders})" : null,
        "vehicle" => caller.VisibleVehicles() is { } vans ? $"entity_id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, vans))})" : null,
        "communication_thread" => ConversationScope.Threads(text, caller, "t.") is { } threads
            ? $"entity_id IN (SELECT t.id FROM communication_thread t WHERE {threads})"
            : null,
        // As the calls themselves: none for who sees only own work.
        _ => caller.Vehicles is not null ? "false" : text.OfBusinessEntities(caller),
    };
}
