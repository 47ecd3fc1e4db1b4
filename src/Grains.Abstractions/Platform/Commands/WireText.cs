using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ChargeCars;

/// <summary>An enum's values as the schema writes them (<c>OnSite</c> ↔ <c>on_site</c>), in rows, JSON and problems alike.</summary>
public static class WireText
{
    /// <summary>The schema's word for a value.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Known<T>.Words.Of(Unsafe.As<T, int>(ref value));

    /// <summary>The value of the schema's word; throws where a row holds a word that this program does not know.</summary>
    public static T Parse<T>(string word) where T : struct, Enum =>
        TryParse<T>(word, out var value)
            ? value
            : throw new FormatException($"'{word}' is not one of {string.Join(", ", Known<T>.Words.All)}.");

    /// <summary>Looks a word up without a fault for an unknown one.</summary>
    public static bool TryParse<T>(string word, out T value) where T : struct, Enum
    {
        var known = Known<T>.Words.TryParse(word, out var number);
        value = Unsafe.As<int, T>(ref number);
        return known;
    }

    /// <summary>Every word of an enum, in its order.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Known<T>.Words.All;

    private static class Known<T> where T : struct, Enum
    {
        internal static readonly EnumWords Words = new(typeof(T));
    }

    // For all enums one class, which knows their values as numbers: what is generic of an enum is compiled for each of them when
    // the host starts, and with dictionaries of their own that took half a second.
    private sealed class EnumWords
    {
        private readonly string[] _byValue;
        private readonly FrozenDictionary<string, int> _byWord;

        public EnumWords(Type type)
        {
            var names = Enum.GetNames(type);
            // Numbered from 0 without a gap, as an enum is whose values nobody wrote; names come in the order of the values.
            if (Enum.GetUnderlyingType(type) != typeof(int) || !((int[])Enum.GetValuesAsUnderlyingType(type)).SequenceEqual(Enumerable.Range(0, names.Length)))
            {
                throw new NotSupportedException($"The values of {type.Name} must be 0, 1, 2 and so on: the schema keeps its words alone.");
            }

            _byValue = Array.ConvertAll(names, JsonNamingPolicy.SnakeCaseLower.ConvertName);
            _byWord = Enumerable.Range(0, names.Length).ToFrozenDictionary(value => _byValue[value], StringComparer.Ordinal);
        }

        public IReadOnlyList<string> All => _byValue;

        public string Of(int value) =>
            (uint)value < (uint)_byValue.Length ? _byValue[value] : throw new KeyNotFoundException($"{value} is no value that the schema has a word for.");

        public bool TryParse(string word, out int value) => _byWord.TryGetValue(word, out value);
    }
}
