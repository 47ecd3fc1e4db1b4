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

    /// <summary>Create and change orders and their lines, and take their ordinary actions.</summary>
    public const string OrdersWrite = "orders.write";

    /// <summary>Cancel an order.</summary>
    public const string OrdersCancel = "orders.cancel";

    /// <summary>Complete an order without the customer's signature.</summary>
    public const string OrdersWaiveSignoff = "orders.waive_signoff";

    /// <summary>Plan and change visits, and take their actions.</summary>
    public const string VisitsWrite = "visits.write";

    /// <summary>Answer, assign and resolve conversations.</summary>
    public const string ThreadsWrite = "threads.write";

    /// <summary>Hand in messages that came to an address or number of ours: for mail services and the portal.</summary>
    public const string MessagesReceive = "messages.receive";

    /// <summary>Claim calls and call back.</summary>
    public const string CallsWrite = "calls.write";

    /// <summary>Hear recordings and voicemails.</summary>
    public const string CallsListen = "calls.listen";

    /// <summary>Make and withdraw the tokens by which the telephony system sends its events.</summary>
    public const string TelephonyManage = "telephony.manage";

    /// <summary>See products.</summary>
    public const string CatalogueRead = "catalogue.read";

    /// <summary>See what customers and partners pay.</summary>
    public const string PricesRead = "prices.read";

    /// <summary>Change the five names that the company works under, and the channels and numbers through which they speak.</summary>
    public const string BusinessEntitiesManage = "business_entities.manage";

    /// <summary>Change products.</summary>
    public const string CatalogueWrite = "catalogue.write";

    /// <summary>See stock: places, balances, movements and reservations.</summary>
    public const string StockRead = "stock.read";

    /// <summary>Move goods, and keep them for somebody.</summary>
    public const string StockWrite = "stock.write";

    /// <summary>Change stock places and what they should have at least, and have the stock checked.</summary>
    public const string StockManage = "stock.manage";

    /// <summary>See installed chargers.</summary>
    public const string ChargersRead = "chargers.read";

    /// <summary>Record and change installed chargers.</summary>
    public const string ChargersWrite = "chargers.write";

    /// <summary>See organizations, contacts and addresses.</summary>
    public const string RelationsRead = "relations.read";

    /// <summary>Change organizations, contacts and addresses.</summary>
    public const string RelationsWrite = "relations.write";

    /// <summary>Erase a person, and what they left everywhere.</summary>
    public const string ContactsErase = "contacts.erase";

    /// <summary>Take out all that there is of a person.</summary>
    public const string ContactsExport = "contacts.export";

    /// <summary>Find addresses and streets in the public register.</summary>
    public const string PlacesRead = "places.read";

    /// <summary>See teams and who is in them.</summary>
    public const string TeamsRead = "teams.read";

    /// <summary>Change teams and who is in them.</summary>
    public const string TeamsWrite = "teams.write";

    /// <summary>See quotes.</summary>
    public const string QuotesRead = "quotes.read";

    /// <summary>Make and send quotes.</summary>
    public const string QuotesWrite = "quotes.write";

    /// <summary>See invoices.</summary>
    public const string InvoicesRead = "invoices.read";

    /// <summary>Make and issue invoices.</summary>
    public const string InvoicesWrite = "invoices.write";

    /// <summary>See files.</summary>
    public const string AttachmentsRead = "attachments.read";

    /// <summary>Add and remove files.</summary>
    public const string AttachmentsWrite = "attachments.write";

    /// <summary>See what follows from commands, and try again what stopped.</summary>
    public const string DueCommandsManage = "due_commands.manage";

    /// <summary>See what is overdue.</summary>
    public const string StatusRead = "status.read";

    /// <summary>See what needs somebody, as far as one sees what it is about.</summary>
    public const string AlertsRead = "alerts.read";

    /// <summary>Put alerts away, give them to a colleague, and say that they are seen to.</summary>
    public const string AlertsWrite = "alerts.write";

    /// <summary>See accounts.</summary>
    public const string UsersRead = "users.read";

    /// <summary>Make, change and close accounts, and end their sessions.</summary>
    public const string UsersManage = "users.manage";

    /// <summary>See roles and what they grant.</summary>
    public const string RolesRead = "roles.read";

    /// <summary>Make and change roles.</summary>
    public const string RolesManage = "roles.manage";

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
