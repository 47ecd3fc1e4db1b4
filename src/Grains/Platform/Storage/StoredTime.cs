namespace ChargeCars.Platform.Storage;

/// <summary>Moments as PostgreSQL keeps them, so that an answer of now and one that is read from its row later say the same.</summary>
public static class StoredTime
{
    /// <summary>Now, to the microsecond.</summary>
    public static DateTimeOffset StoredNow(this TimeProvider time) => ToStored(time.GetUtcNow());

    /// <summary>A moment, to the microsecond.</summary>
    public static DateTimeOffset ToStored(DateTimeOffset exact) => exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerMicrosecond));
}
