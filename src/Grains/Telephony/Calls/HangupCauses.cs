using System.Collections.Frozen;

namespace ChargeCars.Telephony.Calls;

/// <summary>What a call that nobody answered ended by. Only the network's cause tells an engaged line or a fault from silence.</summary>
internal static class HangupCauses
{
    private static readonly FrozenSet<string> Busy =
        new[] { "busy", "user_busy", "line_busy", "busy_here", "busy_everywhere", "17", "486", "600" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Failed = new[]
    {
        "failed", "failure", "call_failed", "network_failure", "network_out_of_order", "normal_temporary_failure", "recovery_on_timer_expire", "error",
        "internal_error", "invalid_number", "invalid_number_format", "unallocated_number", "unallocated", "no_route_destination", "no_route",
        "number_changed", "destination_out_of_order", "switch_congestion", "congestion", "service_unavailable", "not_found", "forbidden",
        "1", "3", "27", "28", "34", "38", "41", "42", "403", "404", "484", "500", "502", "503", "504",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Null where the cause says neither.</summary>
    public static CallStatus? StatusOf(string? cause) => cause?.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_') switch
    {
        null => null,
        var word when Busy.Contains(word) => CallStatus.Busy,
        var word when Failed.Contains(word) => CallStatus.Failed,
        _ => null,
    };
}
