using System.Globalization;

namespace ChargeCars.Telephony.Calls;

/// <summary>
/// Joins of two things said: associative, commutative and idempotent, which is why events may come in any order and as often as they like.
/// </summary>
internal static class Joins
{
    /// <summary>The value said first; of two said at once the smaller.</summary>
    public static Stamped<T>? First<T>(Stamped<T>? one, Stamped<T>? other) =>
        one is null ? other : other is null ? one : Compare(one, other) <= 0 ? one : other;

    /// <summary>The value said last; of two said at once the greater.</summary>
    public static Stamped<T>? Last<T>(Stamped<T>? one, Stamped<T>? other) =>
        one is null ? other : other is null ? one : Compare(one, other) >= 0 ? one : other;

    /// <summary>
    /// The union of two lists that are in the order of their keys, each key once; what both have is joined. Beyond <paramref name="max"/>
    /// the greatest keys go, or the smallest where <paramref name="keepGreatest"/>: by key, and by nothing that changes, the join stays a join.
    /// </summary>
    public static IReadOnlyList<T> Union<T, TKey>(
        IReadOnlyList<T> one, IReadOnlyList<T> other, Func<T, TKey> keyOf, Func<T, T, T> join, IComparer<TKey> order, int max, bool keepGreatest = false)
    {
        if (one.Count == 0 || other.Count == 0)
        {
            return one.Count == 0 ? other : one;
        }

        var union = new List<T>(one.Count + other.Count);
        for (var (i, j) = (0, 0); i < one.Count || j < other.Count;)
        {
            var side = i == one.Count ? 1 : j == other.Count ? -1 : order.Compare(keyOf(one[i]), keyOf(other[j]));
            union.Add(side < 0 ? one[i++] : side > 0 ? other[j++] : join(one[i++], other[j++]));
        }

        return Bounded(union, max, keepGreatest);
    }

    /// <summary>Things in any order and number as a list that <see cref="Union"/> takes.</summary>
    public static IReadOnlyList<T> Gather<T, TKey>(
        IEnumerable<T> things, Func<T, TKey> keyOf, Func<T, T, T> join, IComparer<TKey> order, int max, bool keepGreatest = false)
    {
        var gathered = new List<T>();
        foreach (var thing in things.OrderBy(keyOf, order))
        {
            if (gathered.Count > 0 && order.Compare(keyOf(gathered[^1]), keyOf(thing)) == 0)
            {
                gathered[^1] = join(gathered[^1], thing);
            }
            else
            {
                gathered.Add(thing);
            }
        }

        return Bounded(gathered, max, keepGreatest);
    }

    /// <summary>Ids in the order of numbers, so far as they are: shorter ones first.</summary>
    public static IComparer<string> IdOrder { get; } = Comparer<string>.Create((one, other) =>
        one.Length.CompareTo(other.Length) is not 0 and var byLength ? byLength : string.CompareOrdinal(one, other));

    private static List<T> Bounded<T>(List<T> list, int max, bool keepGreatest)
    {
        if (list.Count > max)
        {
            list.RemoveRange(keepGreatest ? 0 : max, list.Count - max);
        }

        return list;
    }

    private static int Compare<T>(Stamped<T> one, Stamped<T> other) =>
        one.Stamp.CompareTo(other.Stamp) is not 0 and var byStamp ? byStamp : string.CompareOrdinal(Written(one.Value), Written(other.Value));

    // Any total order of values will do, as long as it is the same everywhere.
    private static string Written<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
