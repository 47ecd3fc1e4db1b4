using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Alerts;

/// <summary>Alerts. They have no editor: facts raise and end them, and people see to them.</summary>
public sealed class AlertKind : IEntityTable<Alert>
{
    /// <inheritdoc/>
    public static RowMapping<Alert> Rows { get; } = new("alert");

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Alert state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, state.VehicleId);

    /// <inheritdoc/>
    public static object Label(Alert state) => new { state.AlertType, state.EntityType, state.EntityId, state.Label };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Alert? state) => violation.ConstraintName is "alert_pkey" or "uq_alert_entity"
        ? new TryAgain("The alert was raised elsewhere at the same moment.")
        : null;
}
