namespace ChargeCars.Platform.Storage;

/// <summary>For how long something of one of our names is kept.</summary>
/// <param name="Entity">The name; null for what belongs to none.</param>
/// <param name="Keep">How long.</param>
internal readonly record struct RetentionSpan(BusinessEntity? Entity, TimeSpan Keep);

/// <summary>A pair of settings: for how long something is kept of all our names, and of each that has a time of its own.</summary>
internal static class RetentionSpans
{
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(30);

    /// <summary>Of each name, and of what belongs to none, for how long; those that are kept for ever are left out.</summary>
    /// <param name="all">For all names; null for ever.</param>
    /// <param name="of">By the names' words.</param>
    public static IEnumerable<RetentionSpan> Of(TimeSpan? all, IDictionary<string, TimeSpan>? of = null) =>
        from entity in Enum.GetValues<BusinessEntity>().Select(entity => (BusinessEntity?)entity).Append(null)
        let keep = entity is { } named && of is not null && of.TryGetValue(WireText.Of(named), out var own) ? own : all
        where keep is not null
        select new RetentionSpan(entity, keep.Value);

    /// <summary>Every faulty setting of such a pair.</summary>
    /// <param name="section">The configuration section.</param>
    /// <param name="name">The setting for all names; <c>{name}Of:{word}</c> is that of one.</param>
    /// <param name="all">For all names; null for ever.</param>
    /// <param name="of">By the names' words.</param>
    public static IEnumerable<string> Faults(string section, string name, TimeSpan? all, IDictionary<string, TimeSpan>? of = null) => (of ?? new Dictionary<string, TimeSpan>())
        .Where(own => !WireText.TryParse<BusinessEntity>(own.Key, out _)).Select(own => $"{section}:{name}Of:{own.Key} is none of our names.")
        .Concat((of ?? new Dictionary<string, TimeSpan>()).Select(own => ($"{name}Of:{own.Key}", (TimeSpan?)own.Value)).Append((name, all))
            .Where(span => span.Item2 < Shortest).Select(span => $"{section}:{span.Item1} must be at least {Shortest.Days} days."));
}
