using System.Reflection;

namespace ChargeCars.Api.Identity;

/// <summary>Every permission, <c>resource.action</c>, in one place; listed at <c>GET /api/permissions</c>.</summary>
public static class Permissions
{
    /// <summary>See vehicles.</summary>
    public const string VehiclesRead = "vehicles.read";

    /// <summary>Create, change and delete vehicles.</summary>
    public const string VehiclesWrite = "vehicles.write";

    /// <summary>Take the actions of a vehicle's transition table.</summary>
    public const string VehiclesAct = "vehicles.act";

    /// <summary>See where vehicles are and were: personal data.</summary>
    public const string PositionsRead = "positions.read";

    /// <summary>Send positions.</summary>
    public const string PositionsWrite = "positions.write";

    /// <summary>See geofences, and which vehicles came and went.</summary>
    public const string GeofencesRead = "geofences.read";

    /// <summary>Create, change and delete geofences.</summary>
    public const string GeofencesWrite = "geofences.write";

    /// <summary>See who changed what, and what it was before.</summary>
    public const string AuditRead = "audit.read";

    /// <summary>See orders, their lines, quotes and invoices.</summary>
    public const string OrdersRead = "orders.read";

    /// <summary>See visits.</summary>
    public const string VisitsRead = "visits.read";

    /// <summary>See conversations.</summary>
    public const string ThreadsRead = "threads.read";

    /// <summary>See calls.</summary>
    public const string CallsRead = "calls.read";

    /// <summary>See notifications.</summary>
    public const string NotificationsRead = "notifications.read";

    /// <summary>See number sequences and who got which number.</summary>
    public const string NumbersRead = "numbers.read";

    /// <summary>Ask for numbers.</summary>
    public const string NumbersAssign = "numbers.assign";

    /// <summary>Void a number.</summary>
    public const string NumbersVoid = "numbers.void";

    /// <summary>Create, list and revoke API keys.</summary>
    public const string ApiKeysManage = "api_keys.manage";

    /// <summary>See the runtime's dashboard.</summary>
    public const string SystemDashboard = "system.dashboard";

    /// <summary>All of them, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(Permissions).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Order(StringComparer.Ordinal),
    ];
}
