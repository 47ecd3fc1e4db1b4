namespace ChargeCars;

/// <summary>The grain storages of the program, beside <see cref="StreamNames.SubscriptionStorage"/>.</summary>
public static class StorageNames
{
    /// <summary>How far feeds have been read: operational state that no table of the schema is for.</summary>
    public const string Feeds = "feeds";
}
