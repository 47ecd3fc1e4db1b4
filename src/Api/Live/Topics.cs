using System.Collections.Frozen;
using ChargeCars.Api.Identity;

namespace ChargeCars.Api.Live;

/// <summary>What can be watched.</summary>
/// <param name="Name">The word of the contract.</param>
/// <param name="Permission">What a caller needs for it.</param>
/// <param name="HasBusinessEntity">Whether its rows belong to a business entity.</param>
/// <param name="EntityTypes">The tables whose changes it carries; <c>status.overdue</c> goes with its entity.</param>
internal sealed record Topic(string Name, string Permission, bool HasBusinessEntity, params string[] EntityTypes);

internal static class Topics
{
    public const string Fleet = "fleet";

    public static FrozenDictionary<string, Topic> ByName { get; } = new Topic[]
    {
        new(Fleet, Permissions.VehiclesRead, false, "vehicle", "geofence"),
        new("orders", Permissions.OrdersRead, true, "order", "line_item", "quote", "invoice"),
        new("visits", Permissions.VisitsRead, true, "visit"),
        new("threads", Permissions.ThreadsRead, true, "communication_thread", "communication_message"),
        new("calls", Permissions.CallsRead, true, "call"),
        new("notifications", Permissions.NotificationsRead, true, "notification"),
    }.ToFrozenDictionary(topic => topic.Name, StringComparer.Ordinal);
}
