using System.Collections.Frozen;
using System.Text.Json;

namespace ChargeCars;

/// <summary>An enum's values as the schema writes them (<c>OnSite</c> ↔ <c>on_site</c>), in rows, JSON and problems alike.</summary>
public static class WireText
{
    /// <summary>The schema's word for a value.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Words<T>.ByValue[value];

    /// <summary>The value of the schema's word; throws where a row holds a word that this program does not know.</summary>
    public static T Parse<T>(string word) where T : struct, Enum =>
        Words<T>.ByWord.TryGetValue(word, out var value)
            ? value
            : throw new FormatException($"'{word}' is not one of {string.Join(", ", Words<T>.ByWord.Keys)}.");

    /// <summary>Looks a word up without a fault for an unknown one.</summary>
    public static bool TryParse<T>(string word, out T value) where T : struct, Enum => Words<T>.ByWord.TryGetValue(word, out value);

    /// <summary>Every word of an enum, in its order.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    private static class Words<T> where T : struct, Enum
    {
        internal static readonly FrozenDictionary<T, string> ByValue = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        internal static readonly FrozenDictionary<string, T> ByWord =
            ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
