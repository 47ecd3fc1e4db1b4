namespace ChargeCars.Silo.Replay;

/// <summary>What became of the fixes that were sent.</summary>
internal sealed class ReplayTally(long total)
{
    /// <summary>The server has it already: what a retry after a lost answer comes to.</summary>
    public const string Duplicate = "duplicate";

    public const string UnknownVehicle = "unknown_vehicle";

    private readonly SortedDictionary<string, Rejection> _rejections = new(StringComparer.Ordinal);

    public long Total { get; } = total;

    /// <summary>Sent and answered.</summary>
    public long Sent { get; private set; }

    public long Stored { get; private set; }

    public IReadOnlyDictionary<string, Rejection> Rejections => _rejections;

    public HashSet<string> UnknownVehicles { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool EverythingIsStored =>
        Sent == Total
        && _rejections.Keys.All(reason => reason == Duplicate)
        && Stored + (_rejections.GetValueOrDefault(Duplicate)?.Count ?? 0) >= Total;

    public void Add(IReadOnlyList<ScheduledFix> batch, IngestAnswer answer)
    {
        Sent += batch.Count;
        Stored += answer.Stored;
        foreach (var rejected in answer.Rejected ?? [])
        {
            if (rejected.Index < 0 || rejected.Index >= batch.Count) throw new ReplayException($"the server rejects position {rejected.Index} of a request of {batch.Count}");
            var fix = batch[rejected.Index];
            if (rejected.Reason == UnknownVehicle) UnknownVehicles.Add(fix.Vehicle);
            _rejections[rejected.Reason] = _rejections.TryGetValue(rejected.Reason, out var former)
                ? former with { Count = former.Count + 1 }
                : new Rejection(1, fix, rejected.Detail);
        }
    }

    /// <param name="First">The first fix so rejected, as an example.</param>
    internal sealed record Rejection(long Count, ScheduledFix First, string? Detail);
}

/// <summary>The answer of <c>POST /api/telemetry/positions</c>.</summary>
internal sealed record IngestAnswer(int Accepted, int Stored, IReadOnlyList<IngestRejection>? Rejected);

internal sealed record IngestRejection(int Index, string Reason, string? Detail);
