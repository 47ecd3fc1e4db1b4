namespace ChargeCars.Platform.Search;

/// <summary>A row that was found.</summary>
/// <param name="Type">Its kind's table.</param>
/// <param name="Id">Its id.</param>
/// <param name="Tier">
/// How well it fits: 1 the title or a code as typed, 2 the beginning of the title, 3 whole words, 4 beginnings of words, 5 with typing
/// errors, 6 what it belongs to.
/// </param>
/// <param name="Score">Which of one tier comes first; the higher one.</param>
internal readonly record struct SearchFind(string Type, Guid Id, int Tier, float Score)
{
    /// <summary>The row that fits, where this one was found through another.</summary>
    public (string Type, Guid Id)? By { get; init; }
}

/// <summary>Which finds of several kinds are answered, and in which order.</summary>
internal static class SearchRanking
{
    /// <summary>
    /// At most <paramref name="limit"/>, by kind: first the kind with the best find. Each kind gets an equal share, and what some leave
    /// of theirs goes to the best of the others, so that a hundred people of a name don't hide the one company. Pure.
    /// </summary>
    public static IReadOnlyList<SearchFind> Choose(IEnumerable<SearchFind> finds, int limit)
    {
        var kinds = finds.GroupBy(find => find.Id).Select(same => same.Order(Best).First())
            .GroupBy(find => find.Type).Select(kind => kind.Order(Best).ToList()).OrderBy(kind => kind[0], Best).ToList();
        if (kinds.Count == 0)
        {
            return [];
        }

        var share = Math.Max(1, limit / kinds.Count);
        var chosen = kinds.SelectMany(kind => kind.Take(share)).Take(limit).ToList();
        var rest = kinds.SelectMany(kind => kind.Skip(share)).Order(Best).Take(limit - chosen.Count);
        var all = chosen.Concat(rest).ToLookup(find => find.Type);
        return [.. kinds.SelectMany(kind => all[kind[0].Type].Order(Best))];
    }

    /// <summary>The best first.</summary>
    public static IReadOnlyList<SearchFind> Ordered(IEnumerable<SearchFind> finds) => [.. finds.Order(Best)];

    private static readonly Comparer<SearchFind> Best = Comparer<SearchFind>.Create(static (one, other) =>
        (one.Tier, -one.Score, one.Type, one.Id).CompareTo((other.Tier, -other.Score, other.Type, other.Id)));
}
