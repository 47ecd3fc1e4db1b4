namespace ChargeCars;

/// <summary>
/// Every stream of the program, in one place. Namespaces end with a separator, because Orleans compares a stream id by
/// the concatenation of namespace and key: ("ab","c") would equal ("a","bc").
/// </summary>
public static class StreamNames
{
    /// <summary>The memory stream provider.</summary>
    public const string Provider = "live";

    /// <summary>The storage of stream subscriptions; Orleans fixes the name.</summary>
    public const string SubscriptionStorage = "PubSubStore";

    /// <summary>
    /// How many streams share the positions and the changes. Few, because every API node subscribes to all of them;
    /// more than one, so that they spread over the queues.
    /// </summary>
    public const int Shards = 2;

    /// <summary>The live positions of the vehicles of one shard, a message a commit.</summary>
    public static StreamId Positions(int shard) => StreamId.Create("positions/", shard);

    /// <summary>The committed changes, a message a commit.</summary>
    public static StreamId Changes(int shard) => StreamId.Create("changes/", shard);
}
