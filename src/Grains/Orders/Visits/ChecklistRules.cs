using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Visits;

/// <summary>What a template of a checklist must satisfy, and how a visit gets one. Pure.</summary>
public static class ChecklistRules
{
    private const int MostItems = 200;
    private const int MostChoices = 50;

    /// <summary>Every fault by its field, as <c>items[3].maximum</c>; null where there is none.</summary>
    public static Invalid? Check(ChecklistTemplate template)
    {
        var faults = new FieldFaults()
            .Required("code", template.Code).Satisfies("code", template.Code, CodeFault)
            .Text("name", template.Name, 1..200)
            .Text("version", template.Version, 1..50)
            .Rule("items", template.Items.Count == 0, "must hold at least one item")
            .Each("items", template.Items, MostItems, CheckItem);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(template.Items.Count, MostItems); i++)
        {
            faults.Rule($"items[{i}].code", !seen.Add(template.Items[i]?.Code ?? ""), "must not be used twice in one list");
        }

        return faults.Invalid;
    }

    /// <summary>A visit's own copy, without answers.</summary>
    public static Checklist Freeze(ChecklistTemplate template) => new() { Template = template.Code, Version = template.Version, Items = template.Items };

    private static void CheckItem(FieldFaults faults, ChecklistItem item)
    {
        var (isNumber, isChoice) = (item.Type == ChecklistItemType.Number, item.Type == ChecklistItemType.Choice);
        faults
            .Required("code", item.Code).Satisfies("code", item.Code, CodeFault)
            .Text("label", item.Label, 1..200)
            .Text("group", item.Group, 0..100)
            .OneOf("type", item.Type)
            .Text("unit", item.Unit, 0..20)
            .Rule("unit", item.Unit is not null && !isNumber, "belongs to the type 'number' only")
            .Rule("minimum", item.Minimum is not null && !isNumber, "belongs to the type 'number' only")
            .Rule("maximum", item.Maximum is not null && !isNumber, "belongs to the type 'number' only")
            .Rule("maximum", item.Maximum < item.Minimum, "must not be less than minimum")
            .Rule("expected", item.Expected is not null && item.Type != ChecklistItemType.Boolean, "belongs to the type 'boolean' only")
            .Rule("choices", isChoice && item.Choices.Count is < 2 or > MostChoices, $"must hold 2 to {MostChoices} for the type 'choice'")
            .Rule("choices", !isChoice && item.Choices.Count > 0, "belongs to the type 'choice' only")
            .Rule("choices", item.Choices.Distinct(StringComparer.Ordinal).Count() < item.Choices.Count, "must not hold a word twice")
            .Rule("accepted", !item.Accepted.All(item.Choices.Contains), "must be among the choices")
            .Rule("instrumentRequired", item.InstrumentRequired && !isNumber, "belongs to the type 'number' only");
        foreach (var choice in item.Choices.Take(MostChoices))
        {
            faults.Text("choices", choice, 1..100);
        }
    }

    private static string? CodeFault(string code) =>
        code.Length is >= 1 and <= 50 && char.IsAsciiLetterLower(code[0]) && code.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '_')
            ? null
            : "must be 1 to 50 lower-case letters, digits and _, beginning with a letter, such as rcd_trip_time";
}
