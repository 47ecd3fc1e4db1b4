using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Telephony.Missed;

/// <summary>What is done about callers who were missed. They have no editor.</summary>
public sealed class CallBackKind : IEntityTable<CallBack>
{
    /// <inheritdoc/>
    public static RowMapping<CallBack> Rows { get; } = new("call_back");

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(CallBack state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null);

    /// <inheritdoc/>
    public static object Label(CallBack state) => new { state.Caller };

    /// <summary>The row of a caller.</summary>
    public static Guid IdOf(string caller) => NameBasedId.Of($"call-back/{caller}");
}
