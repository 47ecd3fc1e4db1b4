namespace ChargeCars.Platform.Search;

/// <summary>
/// By what people find an entity, and how it is shown among what was found. A kind declares it in one place, beside its row, and
/// names only what everybody sees who sees the row: a field that is masked for some would be found out by searching for it.
/// </summary>
/// <param name="Title">What it is called; the first thing that is shown and the best thing to be found by.</param>
public sealed record SearchText(string Title)
{
    /// <summary>What tells it from others of its name; shown, and found by its words.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Other names and places that it is found by, word by word.</summary>
    public IReadOnlyList<string?> Also { get; init; } = [];

    /// <summary>
    /// Numbers and codes, such as an order's number, a plate or a postcode: found however blanks, dashes, dots and capitals are set,
    /// and by their beginning.
    /// </summary>
    public IReadOnlyList<string?> Codes { get; init; } = [];

    /// <summary>Phone numbers, in E.164 or as they were typed.</summary>
    public IReadOnlyList<string?> Phones { get; init; } = [];

    /// <summary>E-mail addresses: found whole and by their beginning.</summary>
    public IReadOnlyList<string?> Emails { get; init; } = [];

    /// <summary>Dutch text: found by its words in any inflection.</summary>
    public string? Prose { get; init; }

    /// <summary>Whether the text may be English as well as Dutch, as what people write to us is: then it is found by its words in either.</summary>
    public bool IsMixed { get; init; }

    /// <summary>Everything that may be shown of it, the title first: where what was typed is looked for when a find is shown.</summary>
    public IEnumerable<string> Shown =>
        new[] { Title, Subtitle }.Concat(Also).Concat(Codes).Concat(Phones).Concat(Emails).Append(Prose).OfType<string>().Where(text => text.Length > 0);

    /// <summary>Whether both are found by the same.</summary>
    public bool Same(SearchText other) =>
        Title == other.Title && Subtitle == other.Subtitle && Prose == other.Prose && IsMixed == other.IsMixed && Also.SequenceEqual(other.Also)
        && Codes.SequenceEqual(other.Codes)
        && Phones.SequenceEqual(other.Phones) && Emails.SequenceEqual(other.Emails);
}
