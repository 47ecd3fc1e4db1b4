using System.Globalization;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Visits;

/// <summary>
/// Answers to a checklist. What is no answer to its item (another type, an unknown word) is refused at once; what is a true
/// answer that does not pass (a value out of bounds, nothing yet) is kept and stands in the way of completing. Pure.
/// </summary>
public static class ChecklistAnswers
{
    private const int MostPhotos = 20;
    private const int LongestText = 2_000;
    private const decimal GreatestNumber = 1_000_000_000;

    /// <summary>Every answer that is none, as <c>checklist.rcd_trip_time.value</c>; null where all are. A null answer takes one away.</summary>
    public static Invalid? Check(Checklist checklist, IReadOnlyDictionary<string, ChecklistAnswer?> answers)
    {
        var items = checklist.Items.ToDictionary(item => item.Code, StringComparer.Ordinal);
        var faults = new FieldFaults();
        foreach (var (code, answer) in answers)
        {
            var field = $"checklist.{code}";
            if (items.TryGetValue(code, out var item))
            {
                faults.Part(field, answer, (inner, given) => CheckAnswer(inner, item, given));
            }
            else
            {
                faults.Fault(field, $"is no item of the checklist {checklist.Template}, version {checklist.Version}");
            }
        }

        return faults.Invalid;
    }

    /// <summary>The checklist with some answers given, changed or (null) taken away; the others stay as they are.</summary>
    /// <param name="checklist">The checklist.</param>
    /// <param name="answers">Answers that <see cref="Check"/> let pass.</param>
    /// <param name="by">The contact who gives them; null for a program.</param>
    /// <param name="now">When, UTC.</param>
    public static Checklist Merge(
        Checklist checklist, IReadOnlyDictionary<string, ChecklistAnswer?> answers, Guid? by, DateTimeOffset now)
    {
        var merged = new SortedDictionary<string, ChecklistEntry>(StringComparer.Ordinal);
        foreach (var (code, entry) in checklist.Answers)
        {
            merged[code] = entry;
        }

        foreach (var (code, answer) in answers)
        {
            if (answer is null)
            {
                merged.Remove(code);
            }
            else if (!merged.TryGetValue(code, out var known) || !IsSame(known, Tidy(answer)))
            {
                merged[code] = new ChecklistEntry(Tidy(answer)) { AnsweredAt = now, AnsweredBy = by };
            }
        }

        return checklist with { Answers = new Dictionary<string, ChecklistEntry>(merged) };
    }

    /// <summary>What stands in the way of completing the visit, in the order of the items; empty where the list is complete.</summary>
    public static IReadOnlyList<string> Unmet(Checklist checklist)
    {
        var unmet = new List<string>();
        foreach (var item in checklist.Items)
        {
            var entry = checklist.Answers.GetValueOrDefault(item.Code);
            if (Missing(item, entry) is { } missing)
            {
                unmet.Add($"{item.Label} ({item.Code}): {missing}");
            }
            else if (entry?.Value is { } value && Failure(item, value) is { } failure)
            {
                unmet.Add($"{item.Label} ({item.Code}): {failure}");
            }
        }

        return unmet;
    }

    private static void CheckAnswer(FieldFaults faults, ChecklistItem item, ChecklistAnswer answer)
    {
        faults
            .Fault("value", answer.Value is { } value ? TypeFault(item, value) : null)
            .Rule("photoIds", answer.PhotoIds.Count > MostPhotos, $"must hold at most {MostPhotos}")
            .Rule("photoIds", answer.PhotoIds.Contains(Guid.Empty), "must hold ids of attachments")
            .Rule("photoIds", answer.PhotoIds.Distinct().Count() < answer.PhotoIds.Count, "must not hold an id twice")
            .Text("instrument", answer.Instrument, 0..200)
            .Lines("note", answer.Note, 0..LongestText);
        if (item.Type == ChecklistItemType.Text)
        {
            faults.Lines("value", answer.Value?.Text, 0..LongestText);
        }
    }

    private static string? TypeFault(ChecklistItem item, ChecklistValue value) => item.Type switch
    {
        ChecklistItemType.Boolean => value.Truth is null ? "must be true or false" : null,
        ChecklistItemType.Number => value.Number switch
        {
            null => item.Unit is { } unit ? $"must be a number, in {unit}" : "must be a number",
            < -GreatestNumber or > GreatestNumber => string.Create(CultureInfo.InvariantCulture, $"must be {-GreatestNumber} to {GreatestNumber}"),
            var number when decimal.Round(number.Value, 6) != number => "must have at most 6 decimals",
            _ => null,
        },
        ChecklistItemType.Text => value.Text is null ? "must be a text" : null,
        ChecklistItemType.Choice => value.Text is { } word && item.Choices.Contains(word) ? null : $"must be one of {string.Join(", ", item.Choices)}",
        ChecklistItemType.Photo => "belongs to no photo: send photoIds",
        _ => throw new InvalidOperationException($"The item {item.Code} has no type."),
    };

    private static string? Missing(ChecklistItem item, ChecklistEntry? entry)
    {
        var hasValue = item.Type == ChecklistItemType.Photo ? entry?.PhotoIds.Count > 0 : entry?.Value is { } value && value.Text is not "";
        return (hasValue, item) switch
        {
            (false, { Required: true, Type: ChecklistItemType.Photo }) => "a photo is missing",
            (false, { Required: true }) => "an answer is missing",
            (false, _) => null,
            (true, { PhotoRequired: true }) when entry!.PhotoIds.Count == 0 => "a photo is missing",
            (true, { InstrumentRequired: true }) when entry!.Instrument is null => "the instrument is missing",
            _ => null,
        };
    }

    private static string? Failure(ChecklistItem item, ChecklistValue value)
    {
        var unit = item.Unit is null ? "" : $" {item.Unit}";
        return value switch
        {
            { Truth: { } truth } when item.Expected is { } expected && truth != expected => $"'{value}' does not pass",
            { Number: { } number } when number < item.Minimum => string.Create(CultureInfo.InvariantCulture, $"{number}{unit} is less than {item.Minimum}{unit}"),
            { Number: { } number } when number > item.Maximum => string.Create(CultureInfo.InvariantCulture, $"{number}{unit} is more than {item.Maximum}{unit}"),
            { Text: { } word } when item.Accepted.Count > 0 && !item.Accepted.Contains(word) => $"'{word}' does not pass",
            _ => null,
        };
    }

    private static ChecklistAnswer Tidy(ChecklistAnswer answer) => answer with
    {
        Value = answer.Value?.Text is { } text ? ChecklistValue.Of(PlainText.TidyLines(text)) : answer.Value,
        Instrument = PlainText.TidyOrNull(answer.Instrument),
        Note = PlainText.TidyLinesOrNull(answer.Note),
    };

    /// <summary>An answer that is sent again keeps who gave it first, and when.</summary>
    private static bool IsSame(ChecklistAnswer known, ChecklistAnswer given) =>
        known.Value == given.Value && known.PhotoIds.SequenceEqual(given.PhotoIds) && known.Instrument == given.Instrument && known.Note == given.Note;
}
