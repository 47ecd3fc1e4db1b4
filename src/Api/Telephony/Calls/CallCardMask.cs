using System.Text.Json.Nodes;
using ChargeCars.Api.Identity;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>A call's card as a caller may see it: who is calling, what is open and who is on the way are permissions of their own.</summary>
internal static class CallCardMask
{
    /// <summary>The field of a change and of a view that holds the card.</summary>
    public const string Field = "card";

    private static readonly string[] Needed = [Permissions.RelationsRead, Permissions.OrdersRead, Permissions.VisitsRead, Permissions.ThreadsRead];

    /// <summary>Tells callers apart who see different parts.</summary>
    public static string Key(Caller caller) => string.Concat(Needed.Select(permission => caller.Permissions.Contains(permission) ? '1' : '0'));

    /// <summary>Whether a caller sees all of it.</summary>
    public static bool SeesAll(Caller caller) => Needed.All(caller.Permissions.Contains);

    /// <summary>Takes out what the caller may not see.</summary>
    public static void Apply(JsonObject card, Caller caller)
    {
        if (!caller.Permissions.Contains(Permissions.RelationsRead))
        {
            (card["candidates"], card["organizationId"], card["internalName"]) = (new JsonArray(), null, null);
            return;
        }

        foreach (var candidate in card["candidates"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            Hide(candidate, "openOrders", Permissions.OrdersRead);
            Hide(candidate, "visitToday", Permissions.VisitsRead);
            Hide(candidate, "openThreads", Permissions.ThreadsRead);
        }

        void Hide(JsonObject candidate, string field, string permission)
        {
            if (!caller.Permissions.Contains(permission))
            {
                candidate[field] = null;
            }
        }
    }
}
