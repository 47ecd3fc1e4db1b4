using System.Collections.Frozen;
using ChargeCars.Api.Catalogue.Chargers;
using ChargeCars.Api.Catalogue.Products;
using ChargeCars.Api.Conversations;
using ChargeCars.Api.Conversations.Threads;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Orders.Teams;
using ChargeCars.Api.Orders.Visits;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Relations.Addresses;
using ChargeCars.Api.Relations.Contacts;
using ChargeCars.Api.Relations.Organizations;
using ChargeCars.Api.Telephony.Calls;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Storage;
using NpgsqlTypes;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>
/// Whose files a caller sees: those of what they see. A kind of entity that they have no permission to read has no files for them. The
/// same predicate serves lists, single reads, contents, links, uploads and references.
/// </summary>
internal static class AttachmentScope
{
    private static readonly Owner[] Owners =
    [
        new(AttachmentOwner.Order, Permissions.OrdersRead, OrderAccess.Visible),
        new(AttachmentOwner.Visit, Permissions.VisitsRead, VisitAccess.Visible),
        new(AttachmentOwner.Organization, Permissions.RelationsRead, OrganizationAccess.Visible),
        new(AttachmentOwner.Contact, Permissions.RelationsRead, ContactAccess.Visible),
        new(AttachmentOwner.Address, Permissions.RelationsRead, AddressAccess.Visible),
        new(AttachmentOwner.Product, Permissions.CatalogueRead, ProductAccess.Visible),
        new(AttachmentOwner.Team, Permissions.TeamsRead, TeamAccess.Visible),
        new(AttachmentOwner.Vehicle, Permissions.VehiclesRead, VisibleVehicles),
        new(AttachmentOwner.Call, Permissions.CallsRead, CallQueries.Visible),
        new(AttachmentOwner.InstalledCharger, Permissions.ChargersRead, InstalledChargerAccess.Visible),
        new(AttachmentOwner.CommunicationThread, Permissions.ThreadsRead, ThreadAccess.Visible),
        new(AttachmentOwner.CommunicationMessage, Permissions.ThreadsRead, ConversationScope.Messages),
    ];

    private static readonly FrozenDictionary<AttachmentOwner, Owner> ByType = Owners.ToFrozenDictionary(owner => owner.Type);

    /// <summary>A condition on the columns of <c>attachment</c>; null where all are seen.</summary>
    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        var (cases, isLimited) = (new List<string>(), false);
        foreach (var owner in Owners)
        {
            var seen = owner.Seen(caller);
            isLimited |= seen is not null;
            cases.Add($"WHEN '{owner.Word}' THEN {(seen is null ? "true" : Sees(owner, text.Of(seen)))}");
        }

        return isLimited ? text.All($"CASE entity_type {string.Join(' ', cases)} ELSE false END") : null;
    }

    /// <summary>Why a caller may not change the files of an entity that they see; null where they may.</summary>
    public static Error? RefuseWriting(AttachmentOwner type, Caller caller) => type switch
    {
        AttachmentOwner.Product => BusinessEntityScope.RefuseLimited(caller, "Products"),
        AttachmentOwner.CommunicationThread or AttachmentOwner.CommunicationMessage => ConversationScope.RefuseWriting(caller),
        _ => null,
    };

    /// <summary>Whether there is such an entity and the caller sees it, as a query of one row; the entity's id is its only filter.</summary>
    public static (string Sql, ScopeCondition? Seen) One(AttachmentOwner type, Caller caller) =>
        ($"""SELECT EXISTS (SELECT FROM "{ByType[type].Word}" WHERE id = $1""", ByType[type].Seen(caller));

    // Asked of each file: OFFSET 0 keeps the planner from collecting every entity that the caller sees for a page of files.
    private static string Sees(Owner owner, string condition) =>
        $"""EXISTS (SELECT FROM "{owner.Word}" WHERE "{owner.Word}".id = attachment.entity_id AND ({condition}) OFFSET 0)""";

    private static ScopeCondition? VisibleVehicles(Caller caller)
    {
        var text = new ScopeText();
        return text.All(caller.VisibleVehicles() is { } own ? $"id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, own))})" : null);
    }

    private sealed record Owner(AttachmentOwner Type, string Permission, Func<Caller, ScopeCondition?> Visible)
    {
        public string Word { get; } = WireText.Of(Type);

        public ScopeCondition? Seen(Caller caller) => caller.Permissions.Contains(Permission) ? Visible(caller) : ScopeCondition.Nothing;
    }
}
