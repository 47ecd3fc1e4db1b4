using System.Collections.Frozen;
using ChargeCars.Api.Identity;

namespace ChargeCars.Api.Platform.Live;

/// <summary>What can be watched.</summary>
/// <param name="Name">The word of the contract.</param>
/// <param name="Permission">What a caller needs for it.</param>
/// <param name="EntityTypes">The tables whose changes it carries; <c>status.overdue</c> goes with its entity.</param>
internal sealed record Topic(string Name, string Permission, params string[] EntityTypes);

internal static class Topics
{
    public const string Fleet = "fleet";

    /// <summary>The table of files: each goes with the topic of what it belongs to.</summary>
    public const string Attachment = "attachment";

    /// <summary>The table of messages.</summary>
    public const string Message = "communication_message";

    /// <summary>The table of alerts: each is told to who sees what it is about.</summary>
    public const string Alert = "alert";

    public static FrozenDictionary<string, Topic> ByName { get; } = new Topic[]
    {
        new(Fleet, Permissions.VehiclesRead, "vehicle", "geofence", Attachment),
        new("orders", Permissions.OrdersRead, "order", "line_item", "quote", "invoice", Attachment),
        new("visits", Permissions.VisitsRead, "visit", Attachment),
        new("threads", Permissions.ThreadsRead, "communication_thread", Message, Attachment),
        new("stock", Permissions.StockRead, "stock_place", "stock_movement", "stock_reservation", "stock_difference"),
        new("chargers", Permissions.ChargersRead, "installed_charger", Attachment),
        new("alerts", Permissions.AlertsRead, Alert),
        new("calls", Permissions.CallsRead, "call", "call_back", "agent_presence", Attachment),
        new("notifications", Permissions.NotificationsRead, "notification"),
    }.ToFrozenDictionary(topic => topic.Name, StringComparer.Ordinal);
}
