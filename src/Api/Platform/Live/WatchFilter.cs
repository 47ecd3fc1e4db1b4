using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Api.Alerts;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Telephony.Calls;
using ChargeCars.Planning.Arrivals;
using ChargeCars.Platform.Changes;
using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;

namespace ChargeCars.Api.Platform.Live;

/// <summary>A rectangle whose four sides are known to be sound.</summary>
internal readonly record struct Area(double South, double West, double North, double East)
{
    public bool Contains(double latitude, double longitude) =>
        latitude >= South && latitude <= North
        && (West <= East ? longitude >= West && longitude <= East : longitude >= West || longitude <= East);
}

/// <summary>
/// What a connection watches, after its request was checked. Equal requests have equal keys, and connections with equal keys
/// share every message.
/// </summary>
internal sealed class WatchFilter
{
    /// <summary>What says where a vehicle is or was, or when it drove: all of that is asked for with <c>positions.read</c>.</summary>
    private static readonly FrozenSet<string> Whereabouts = FrozenSet.ToFrozenSet(
        ["latitude", "longitude", "currentLocation", "startedAt", "endedAt", "fixTime"], StringComparer.Ordinal);

    /// <summary>The changes whose <c>from</c> and <c>to</c> are times in which it drove, and those that tell what its tracker sent.</summary>
    private static readonly FrozenSet<string> OfFixes = FrozenSet.ToFrozenSet(
        ["vehicle.trips_repaired", PositionRemoval.ChangeType, RefusalChange.Refused, RefusalChange.ClockCorrected], StringComparer.Ordinal);

    private readonly FrozenSet<string> _entityTypes;
    private readonly FrozenSet<Guid> _vehicles;
    private readonly FrozenSet<Guid> _orders;
    private readonly Caller _caller;

    public WatchFilter(IReadOnlyList<Topic> topics, Area? area, IEnumerable<Guid> vehicles, IEnumerable<Guid> orders, Caller caller)
    {
        _caller = caller;
        // Which van came where is told to who may see geofences; a change does not say whose fence it is, so a scope closes it.
        var geofences = caller.Permissions.Contains(Permissions.GeofencesRead) && caller.BusinessEntities is null;
        var attachments = caller.Permissions.Contains(Permissions.AttachmentsRead);
        _entityTypes = topics.SelectMany(topic => topic.EntityTypes)
            .Where(type => (geofences || type != "geofence") && (attachments || type != Topics.Attachment)).ToFrozenSet(StringComparer.Ordinal);
        (Area, _vehicles, _orders) = (area, vehicles.ToFrozenSet(), orders.ToFrozenSet());
        Fleet = topics.Any(topic => topic.Name == Topics.Fleet);
        Positions = Fleet && caller.SeesPositions();
        Key = string.Join('|',
            string.Join(',', topics.Select(topic => topic.Name).Distinct().Order(StringComparer.Ordinal)),
            area is { } a ? string.Create(CultureInfo.InvariantCulture, $"{a.South:R},{a.West:R},{a.North:R},{a.East:R}") : "",
            string.Join(',', _vehicles.Order()), string.Join(',', _orders.Order()), Positions, geofences, attachments, CallCardMask.Key(caller), AlertScope.Key(caller), ScopeOf(caller));
    }

    public string Key { get; }

    public Area? Area { get; }

    /// <summary>Whether vehicles are watched.</summary>
    public bool Fleet { get; }

    /// <summary>Whether where vehicles are may be told: a permission of its own, as it is personal data.</summary>
    public bool Positions { get; }

    public string[] EntityTypes => [.. _entityTypes];

    /// <summary>The vehicles that the fleet is narrowed to; null for all, and where an area may bring any of them in.</summary>
    public Guid[]? SnapshotVehicles => _caller.VisibleVehicles() is { } visible ? [.. visible.Where(Named)]
        : _vehicles.Count == 0 || Area is not null ? null : [.. _vehicles];

    /// <summary>Whether a vehicle at a place is watched: by its id, by the area, or because neither narrows.</summary>
    public bool Covers(Guid vehicle, double latitude, double longitude) =>
        _caller.SeesVehicle(vehicle)
        && (_vehicles.Contains(vehicle) || (Area is { } area ? area.Contains(latitude, longitude) : _vehicles.Count == 0));

    /// <inheritdoc cref="Covers(Guid, double, double)"/>
    public bool Covers(in LivePosition position) => Covers(position.VehicleId, position.Latitude, position.Longitude);

    /// <summary>Those of the changes that are watched, as the caller may see them.</summary>
    public IEnumerable<ChangeEvent> Select(IEnumerable<ChangeEvent> changes) => changes.Where(Covers).Select(Masked);

    public bool Covers(ChangeEvent change)
    {
        if (!_entityTypes.Contains(change.EntityType) || !Sees(_caller, change) || (!Positions && TellsWhere(change))
            || (change.Type == ArrivalTeller.ChangeType && !_caller.SeesPositions()))
        {
            return false;
        }

        return change.EntityType switch
        {
            "vehicle" => _vehicles.Count == 0 || _vehicles.Contains(change.EntityId),
            "geofence" => _vehicles.Count == 0 || IdIn(change, "vehicleId") is not { } vehicle || _vehicles.Contains(vehicle),
            "order" => _orders.Count == 0 || _orders.Contains(change.EntityId),
            Topics.Attachment => CoversOwner(change),
            "line_item" or "quote" or "invoice" or "visit" => _orders.Count == 0 || IdIn(change, "orderId") is not { } order || _orders.Contains(order),
            Topics.Alert => AlertScope.Tells(_caller, change),
            _ => true,
        };
    }

    /// <summary>
    /// Whether a change is in a caller's scope, by the columns that it carries. Closed where it does not say whose it is:
    /// only who is limited in nothing sees that.
    /// </summary>
    internal static bool Sees(Caller caller, ChangeEvent change)
    {
        if (change.EntityType == "vehicle")
        {
            return caller.SeesVehicle(change.EntityId);
        }

        // A vehicle's files and alerts go with it, which is of no business entity. Those of a visit name their order's.
        if (change.EntityType is Topics.Attachment or Topics.Alert && change.Scope is { VehicleId: { } van, BusinessEntity: null })
        {
            return caller.SeesVehicle(van);
        }

        var scope = change.Scope;
        return (caller.Vehicles is null || (scope?.VehicleId is { } vehicle && caller.Vehicles.Contains(vehicle)))
            && (caller.PartnerOrganizationId is null || scope?.PartnerOrganizationId == caller.PartnerOrganizationId)
            && (caller.BusinessEntities is null
                || (scope?.BusinessEntity is { } word && WireText.TryParse<BusinessEntity>(word, out var entity) && caller.Sees(entity)));
    }

    // By what it says and not by its type, so that a type that is new is not told by accident.
    private static bool TellsWhere(ChangeEvent change)
    {
        using var data = JsonDocument.Parse(change.Data.Text);
        return change.EntityType == "vehicle"
            && (OfFixes.Contains(change.Type)
                || (data.RootElement.ValueKind == JsonValueKind.Object && data.RootElement.EnumerateObject().Any(field => Whereabouts.Contains(field.Name))));
    }

    /// <summary>As <see cref="VehicleScope"/> masks a vehicle: how old its position is may be known, when it was there not.</summary>
    private ChangeEvent Masked(ChangeEvent change)
    {
        if (change.EntityType == "call")
        {
            return WithoutHiddenCard(change);
        }

        const string Field = "lastLocationUpdate";
        if (Positions || change.EntityType != "vehicle" || !change.Data.Text.Contains(Field, StringComparison.Ordinal)
            || JsonNode.Parse(change.Data.Text) is not JsonObject data || !data.ContainsKey(Field))
        {
            return change;
        }

        data[Field] = null;
        return change with { Data = RowJson.ForClient(data) };
    }

    // A file is told to who watches what it belongs to. That of a message may be a draft's, which is its author's alone: nobody is told of it.
    private bool CoversOwner(ChangeEvent change)
    {
        using var data = JsonDocument.Parse(change.Data.Text);
        return data.RootElement.TryGetProperty("entityType", out var type) && type.GetString() is { } owner && owner != Topics.Message && _entityTypes.Contains(owner)
            && (owner != "order" || _orders.Count == 0 || IdIn(change, "entityId") is not { } order || _orders.Contains(order))
            && (owner != "vehicle" || _vehicles.Count == 0 || IdIn(change, "entityId") is not { } vehicle || _vehicles.Contains(vehicle));
    }

    private ChangeEvent WithoutHiddenCard(ChangeEvent change)
    {
        if (CallCardMask.SeesAll(_caller) || JsonNode.Parse(change.Data.Text) is not JsonObject data || data[CallCardMask.Field] is not JsonObject card)
        {
            return change;
        }

        CallCardMask.Apply(card, _caller);
        return change with { Data = RowJson.ForClient(data) };
    }

    private bool Named(Guid vehicle) => _vehicles.Count == 0 || Area is not null || _vehicles.Contains(vehicle);

    // Connections share messages only with those who see the same.
    private static string ScopeOf(Caller caller) => string.Join('/',
        caller.PartnerOrganizationId,
        caller.Vehicles is { } vehicles ? "own:" + string.Join(',', vehicles.Order()) : "",
        caller.BusinessEntities is { } entities ? "of:" + string.Join(',', entities.Order()) : "");

    // A change that does not say whose it is goes out: one too many is better than one too few.
    private static Guid? IdIn(ChangeEvent change, string field)
    {
        using var data = JsonDocument.Parse(change.Data.Text);
        return data.RootElement.ValueKind == JsonValueKind.Object
            && data.RootElement.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id)
            ? id
            : null;
    }
}
