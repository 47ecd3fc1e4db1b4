using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Api.Identity;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>A call's card as a caller may see it: who is calling, what is open and who is on the way are permissions of their own.</summary>
internal static class CallCardMask
{
    /// <summary>The field of a change and of a view that holds the card.</summary>
    public const string Field = "card";

    private const string Visit = "visitToday";
    private const string Position = "position";

    private static readonly string[] Needed = [Permissions.RelationsRead, Permissions.OrdersRead, Permissions.VisitsRead, Permissions.ThreadsRead];

    /// <summary>Tells callers apart who see different parts.</summary>
    public static string Key(Caller caller) =>
        string.Concat(Needed.Select(caller.Permissions.Contains).Append(caller.SeesPositions()).Select(may => may ? '1' : '0'));

    /// <summary>Whether a caller sees all of it.</summary>
    public static bool SeesAll(Caller caller) => Needed.All(caller.Permissions.Contains) && caller.SeesPositions();

    /// <summary>
    /// Adds the present positions of today's vans to a ringing call before it is sent to screens. The stored change has none, because
    /// positions may have to be erased.
    /// </summary>
    /// <param name="change">A change.</param>
    /// <param name="where">Where a van is; null where nobody has heard of it.</param>
    public static ChangeEvent Placed(ChangeEvent change, Func<Guid, LivePosition?> where)
    {
        if (change.Type != "call.ringing" || JsonNode.Parse(change.Data.Text) is not JsonObject data || data[Field] is not JsonObject card)
        {
            return change;
        }

        foreach (var visit in CandidatesOf(card).Select(candidate => candidate[Visit]).OfType<JsonObject>())
        {
            if (visit["vehicleId"]?.GetValue<Guid>() is { } van && where(van) is { } at)
            {
                visit[Position] = new JsonObject
                {
                    ["latitude"] = at.Latitude, ["longitude"] = at.Longitude, ["fixTime"] = JsonSerializer.SerializeToNode(at.FixTime.UtcDateTime, RowJson.Client),
                };
            }
        }

        return change with { Data = RowJson.ForClient(data) };
    }

    /// <summary>Takes out what the caller may not see.</summary>
    public static void Apply(JsonObject card, Caller caller)
    {
        if (!caller.Permissions.Contains(Permissions.RelationsRead))
        {
            (card["candidates"], card["organizationId"], card["internalName"]) = (new JsonArray(), null, null);
            return;
        }

        foreach (var candidate in CandidatesOf(card))
        {
            Hide(candidate, "openOrders", Permissions.OrdersRead);
            Hide(candidate, Visit, Permissions.VisitsRead);
            Hide(candidate, "openThreads", Permissions.ThreadsRead);
            if (!caller.SeesPositions() && candidate[Visit] is JsonObject visit)
            {
                // How old the position is may be known: not where it is, nor what follows from that.
                (visit[Position], visit["expectedArrival"]) = (null, null);
            }
        }

        void Hide(JsonObject candidate, string field, string permission)
        {
            if (!caller.Permissions.Contains(permission))
            {
                candidate[field] = null;
            }
        }
    }

    private static IEnumerable<JsonObject> CandidatesOf(JsonObject card) => card["candidates"]?.AsArray().OfType<JsonObject>() ?? [];
}
