using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace ChargeCars.Platform.Entities;

/// <summary>
/// Collects what is wrong with the fields of a command, the first fault of each field, and ends in <see cref="Invalid"/>:
/// <code>
/// new FieldFaults()
///     .Text("name", details.Name, 1..200)
///     .OneOf("productType", details.ProductType)
///     .Money("unitPrice", details.UnitPrice)
///     .Satisfies("kvkNumber", details.KvkNumber, KvkNumber.Fault)
///     .Invalid
/// </code>
/// A check passes over null unless it says that the field is required. Text is judged as <see cref="PlainText"/> will keep it.
/// </summary>
public sealed class FieldFaults
{
    /// <summary>The first year of a date; earlier ones are typing errors, and PostgreSQL stores year 1 as minus infinity.</summary>
    public const int FirstYear = 1900;

    /// <summary>The last year of a date; PostgreSQL stores the end of 9999 as infinity.</summary>
    public const int LastYear = 2200;

    private const int LargestObject = 20_000;

    private readonly Dictionary<string, string[]> _faults;
    private readonly string _prefix;

    /// <summary>Without a fault.</summary>
    public FieldFaults() : this([], "")
    {
    }

    private FieldFaults(Dictionary<string, string[]> faults, string prefix)
    {
        _faults = faults;
        _prefix = prefix;
    }

    /// <summary>The refusal with every fault by its field; null where there is none.</summary>
    public Invalid? Invalid => _faults.Count == 0 ? null : new Invalid(_faults);

    /// <summary>A fault that some rule found; null where it found none.</summary>
    public FieldFaults Fault(string field, string? fault)
    {
        if (fault is not null)
        {
            _faults.TryAdd(_prefix + field, [fault]);
        }

        return this;
    }

    /// <summary>A rule of the kind's own. The fault continues the field's name: <c>must be …</c>, <c>is required</c>.</summary>
    public FieldFaults Rule(string field, bool broken, string fault) => broken ? Fault(field, fault) : this;

    /// <summary>A value that keeps a rule which answers its fault, or null.</summary>
    public FieldFaults Satisfies<T>(string field, T? value, Func<T, string?> rule) where T : class => value is null ? this : Fault(field, rule(value));

    /// <summary>A value that must be there.</summary>
    public FieldFaults Required<T>(string field, T? value) => Rule(field, value is null || value is Guid id && id == Guid.Empty, "is required");

    /// <summary>An enum's value that must be there.</summary>
    public FieldFaults OneOf<T>(string field, T? value) where T : struct, Enum =>
        value is { } known && Enum.IsDefined(known) ? this : Fault(field, $"is required: one of {string.Join(", ", WireText.All<T>())}");

    /// <summary>A word out of a list.</summary>
    public FieldFaults OneOf(string field, string? value, IReadOnlyCollection<string> words) =>
        Rule(field, value is not null && !words.Contains(value), $"must be one of {string.Join(", ", words)}");

    /// <summary>
    /// A name or another single line. <paramref name="length"/> is in characters with both ends included, as in <c>1..200</c>;
    /// the field is required where it begins above zero.
    /// </summary>
    public FieldFaults Text(string field, string? value, Range length) => Fault(field, TextFault(value, length));

    /// <summary>Notes and other text that may have line breaks and tabs; otherwise as <see cref="Text"/>.</summary>
    public FieldFaults Lines(string field, string? value, Range length) =>
        Fault(field, TextFault(value, length, PlainText.TidyLines, PlainText.FaultOfLines));

    /// <summary>A number within bounds, both included.</summary>
    public FieldFaults Number<T>(string field, T? value, T least, T most) where T : struct, INumber<T> =>
        // Not (value < least || value > most): NaN would pass.
        Rule(field, value is { } number && !(number >= least && number <= most), Invariant($"must be {least} to {most}"));

    /// <summary>A decimal within bounds, both included, with at most so many decimals.</summary>
    public FieldFaults Decimal(string field, decimal? value, decimal least, decimal most, int decimals) => Number(field, value, least, most)
        .Rule(field, value is { } number && decimal.Round(number, decimals) != number, Invariant($"must have at most {decimals} decimals"));

    /// <summary>An amount in euros: whole cents that fit <c>numeric(10,2)</c>, and no less than <paramref name="least"/>.</summary>
    public FieldFaults Money(string field, decimal? value, decimal least = 0) => Decimal(field, value, least, MoneyAmount.Largest, decimals: 2);

    /// <summary>A date of the years 1900 to 2200.</summary>
    public FieldFaults Date(string field, DateOnly? value) => Year(field, value?.Year);

    /// <summary>The day on which something happened: at most a day ahead, as somebody may write it down the evening before. <paramref name="now"/> is UTC.</summary>
    public FieldFaults DayPast(string field, DateOnly? value, DateTimeOffset now) =>
        Date(field, value).Rule(field, value > WallClock.DateOf(now).AddDays(1), "must be at most a day ahead: it says when it happened");

    /// <summary>A moment of the years 1900 to 2200, UTC.</summary>
    public FieldFaults Time(string field, DateTimeOffset? value) => Year(field, value?.UtcDateTime.Year);

    /// <summary>The end of a span, which may equal its beginning but not precede it.</summary>
    public FieldFaults NotBefore<T>(string field, T? end, string beginningField, T? beginning) where T : struct, IComparable<T> =>
        Rule(field, end is { } last && beginning is { } first && last.CompareTo(first) < 0, $"must not be before {beginningField}");

    /// <summary>An object that is kept as it is, without a shape of its own.</summary>
    public FieldFaults Object(string field, RawJson? value) => Fault(field, value is { } json ? ObjectFault(json.Text) : null);

    /// <summary>The same faults, for the fields of an object within the object: they are named <c>field.inner</c>.</summary>
    public FieldFaults Within(string field) => new(_faults, $"{_prefix}{field}.");

    /// <summary>An object within the object: its faults are named <c>field.inner</c>.</summary>
    public FieldFaults Part<T>(string field, T? value, Action<FieldFaults, T> check) where T : class
    {
        if (value is not null)
        {
            check(Within(field), value);
        }

        return this;
    }

    /// <summary>A list of objects, none of them null: their faults are named <c>field[3].inner</c>. A list that is too long is not read.</summary>
    public FieldFaults Each<T>(string field, IReadOnlyList<T>? items, int most, Action<FieldFaults, T> check) where T : class
    {
        if (items?.Count > most)
        {
            return Fault(field, Invariant($"must hold at most {most}, not {items.Count}"));
        }

        for (var i = 0; i < items?.Count; i++)
        {
            var item = Invariant($"{field}[{i}]");
            Required(item, items[i]).Part(item, items[i], check);
        }

        return this;
    }

    /// <summary>The fault of a single line, for rules that build on it; see <see cref="Text"/>.</summary>
    public static string? TextFault(string? value, Range length) => TextFault(value, length, PlainText.Tidy, PlainText.Fault);

    private static string? ObjectFault(string json)
    {
        if (json.Length > LargestObject)
        {
            return Invariant($"must be at most {LargestObject} characters, not {json.Length}");
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object ? TextsFault(document.RootElement) : "must be an object";
    }

    // PostgreSQL refuses a jsonb with a text that it can't keep.
    private static string? TextsFault(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => StorableText.Fault(json.GetString()),
        JsonValueKind.Array => json.EnumerateArray().Select(TextsFault).FirstOrDefault(fault => fault is not null),
        JsonValueKind.Object => json.EnumerateObject().Select(field => StorableText.Fault(field.Name) ?? TextsFault(field.Value)).FirstOrDefault(fault => fault is not null),
        _ => null,
    };

    private FieldFaults Year(string field, int? year) =>
        Rule(field, year is < FirstYear or > LastYear, Invariant($"must be in the years {FirstYear} to {LastYear}"));

    private static string? TextFault(string? value, Range length, Func<string, string> tidy, Func<string, string?> fault)
    {
        if (length.Start.IsFromEnd || length.End.IsFromEnd)
        {
            throw new ArgumentException("A text has a least and a greatest length, such as 1..200.", nameof(length));
        }

        var (least, most) = (length.Start.Value, length.End.Value);
        if (value is null || PlainText.IsBlank(value))
        {
            // What is invisible is kept where nothing is required, so it must be fit to keep.
            return least > 0 ? "is required" : value is null ? null : fault(tidy(value));
        }

        var text = tidy(value);
        return PlainText.Length(text) switch
        {
            var count when count > most => Invariant($"must be at most {most} characters, not {count}"),
            var count when count < least => Invariant($"must be at least {least} characters, not {count}"),
            _ => fault(text),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
