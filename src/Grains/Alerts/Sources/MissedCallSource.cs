using ChargeCars.Telephony.Missed;

namespace ChargeCars.Alerts.Sources;

/// <summary>Who is to be called back now.</summary>
internal sealed class MissedCallSource(MissedCallReader missed) : IAlertSource
{
    public IReadOnlyList<AlertType> Types { get; } = [AlertType.CallMissed];

    public bool IsQuick => true;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        // Who called out of hours waits until somebody is there.
        var waiting = (await missed.ReadAsync(null, now, isPast: false, cancellation)).Where(item => item.Caller.WaitsUntil is null);
        return AlertFacts.Of([.. waiting.Take(AlertFacts.Most + 1).Select(Fact)]);
    }

    private static AlertFact Fact(MissedItem item) =>
        new(AlertType.CallMissed, "call_back", CallBackKind.IdOf(item.Caller.Key), SeverityOf(item.Caller))
        {
            Label = item.Caller.CallerNumber ?? item.Caller.RawDigits,
            BusinessEntity = item.BusinessEntity,
            FactAt = item.Caller.LastAt,
            Detail = new() { Count = item.Caller.Count, Since = item.Caller.FirstAt, Reason = item.Caller.Reason, CallId = item.Caller.CallIds[0] },
        };

    private static AlertSeverity SeverityOf(MissedCaller caller) => caller.Urgency == MissedUrgency.Normal ? AlertSeverity.High : AlertSeverity.Normal;
}
