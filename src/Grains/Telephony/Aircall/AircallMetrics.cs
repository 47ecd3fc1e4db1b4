using System.Diagnostics.Metrics;

namespace ChargeCars.Telephony.Aircall;

/// <summary>
/// <c>chargecars.aircall.events</c>: events by their name and by what they came to. A name that is not known is not told: anybody could make one up.
/// </summary>
internal static class AircallMetrics
{
    private static readonly Counter<long> Events =
        new Meter("ChargeCars").CreateCounter<long>("chargecars.aircall.events", "{event}", "Events of Aircall's, by name and outcome");

    /// <summary>Counts an event.</summary>
    public static void Count(string name, AircallReading reading)
    {
        if (!Events.Enabled)
        {
            return;
        }

        var outcome = reading switch
        {
            CallReading => "call",
            AgentReading => "agent",
            LineReading => "number",
            MessageReading => "message",
            InsightReading => "insight",
            OtherReading => "kept",
            _ => "unknown",
        };
        Events.Add(
            1, KeyValuePair.Create<string, object?>("event", reading is UnknownReading or OtherReading ? "other" : name),
            KeyValuePair.Create<string, object?>("outcome", outcome));
    }
}
