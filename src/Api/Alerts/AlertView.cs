using ChargeCars.Alerts;

namespace ChargeCars.Api.Alerts;

/// <summary>An alert, as its caller has it.</summary>
/// <param name="Id">Its id; the same for a type and a thing.</param>
/// <param name="Version">The ETag.</param>
/// <param name="AlertType">What it says.</param>
/// <param name="EntityType">The table of what it is about.</param>
/// <param name="EntityId">What it is about.</param>
/// <param name="Label">What people call that.</param>
/// <param name="BusinessEntity">The business entity of that.</param>
/// <param name="VehicleId">The van that is concerned.</param>
/// <param name="VisitId">The visit that is concerned.</param>
/// <param name="OrderId">The order that is concerned.</param>
/// <param name="Severity">How much it presses.</param>
/// <param name="Status">How far it is.</param>
/// <param name="RaisedAt">When the fact began, UTC.</param>
/// <param name="Occurrence">How often it was raised or came back.</param>
/// <param name="FactAt">When the newest of what it counts happened, UTC.</param>
/// <param name="Detail">How late, how often, how fast.</param>
/// <param name="EndedAt">When the fact ended, UTC.</param>
/// <param name="SnoozedUntil">Until when it is put away, UTC.</param>
/// <param name="Snoozed">Who put it away, and when.</param>
/// <param name="Done">Who has seen to it, and when.</param>
/// <param name="AssignedToContactId">The colleague whose it is.</param>
/// <param name="Assigned">Who gave it to them, and when.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
/// <param name="IsUnread">Whether the caller has not seen this occurrence yet.</param>
public sealed record AlertView(
    Guid Id, long Version, AlertType AlertType, string EntityType, Guid EntityId, string? Label, BusinessEntity? BusinessEntity, Guid? VehicleId,
    Guid? VisitId, Guid? OrderId, AlertSeverity Severity, AlertStatus Status, DateTimeOffset RaisedAt, int Occurrence, DateTimeOffset? FactAt,
    AlertDetail Detail, DateTimeOffset? EndedAt, DateTimeOffset? SnoozedUntil, AlertAct? Snoozed, AlertAct? Done, Guid? AssignedToContactId, AlertAct? Assigned,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool IsUnread)
{
    internal static AlertView Of(Alert alert, int seen) => new(
        alert.Id, alert.Version, alert.AlertType, alert.EntityType, alert.EntityId, alert.Label, alert.BusinessEntity, alert.VehicleId, alert.VisitId,
        alert.OrderId, alert.Severity, alert.Status, alert.RaisedAt, alert.Occurrence, alert.FactAt, alert.Detail, alert.EndedAt, alert.SnoozedUntil,
        alert.Snoozed, alert.Done, alert.AssignedToContactId, alert.Assigned, alert.CreatedAt, alert.UpdatedAt, seen < alert.Occurrence);
}

/// <summary>How many need somebody.</summary>
/// <param name="Open">Those that are open.</param>
/// <param name="Unread">Those of them that the caller has not seen.</param>
public sealed record AlertCount(int Open, int Unread);
