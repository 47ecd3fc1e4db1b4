using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Conversations.Tracking;

/// <summary>Customers' links. They have no editor, and screens are told nothing of them: what was written to a customer is a message.</summary>
public sealed class TrackingKind : IEntityTable<TrackingLink>
{
    /// <inheritdoc/>
    public static RowMapping<TrackingLink> Rows { get; } = new("tracking_link");

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(TrackingLink state) => new(WireText.Of(state.BusinessEntity), null, null, null);

    /// <inheritdoc/>
    public static object Label(TrackingLink state) => new { state.VisitId };

    /// <inheritdoc/>
    public static object Told(TrackingLink state) => new
    {
        state.VisitId, state.ToldFrom, state.ToldUntil, state.Notices, state.WishedAt, state.WishedFrom, state.Wishes,
    };
}
