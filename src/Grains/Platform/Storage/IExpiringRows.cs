namespace ChargeCars.Platform.Storage;

/// <summary>Rows of a feature that are not kept for ever; <see cref="RetentionService"/> has them deleted hourly.</summary>
public interface IExpiringRows
{
    /// <summary>What is deleted, for the log: <c>delete expired …</c>.</summary>
    string Task { get; }

    /// <summary>Deletes what has expired, in batches; answers how many.</summary>
    Task<long> DeleteExpiredAsync(CancellationToken ct);
}
