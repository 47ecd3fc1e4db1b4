using System.Text.Json;
using System.Text.RegularExpressions;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Conversations.Templates;

/// <summary>A message as WhatsApp has approved it beforehand, with what stands in its places.</summary>
/// <param name="Name">The name under which it is approved.</param>
/// <param name="Language">The language in which it is.</param>
/// <param name="Parameters">What stands in its places, in their order.</param>
/// <param name="Body">The text that comes to: a draft that was written anew says something else, and is not that template any more.</param>
internal sealed partial record ProviderTemplate(string Name, string Language, IReadOnlyList<string> Parameters, string Body)
{
    /// <summary>The member of a message's details that holds it.</summary>
    private const string Field = "provider";

    /// <summary>What is wrong with a name; null where it is sound or there is none.</summary>
    public static string? NameFault(string? name) =>
        name is null || NamePattern().IsMatch(name) ? null : "must be 1 to 512 lower-case letters, digits and underscores";

    /// <summary>What is wrong with a language; null where it is sound or there is none.</summary>
    public static string? LanguageFault(string? language) => language is null || LanguagePattern().IsMatch(language) ? null : "must be such as nl or en_US";

    /// <summary>The approved template of one of ours; null where none was approved, or a place would stay empty, which WhatsApp refuses.</summary>
    public static ProviderTemplate? Of(MessageTemplateDetails template, RenderedTemplate rendered) =>
        template is { ProviderName: { } name, ProviderLanguage: { } language } && rendered.Parameters is { } parameters
            ? new(name, language, parameters, rendered.Body)
            : null;

    /// <summary>The approved template that a message is; null where it is none.</summary>
    public static ProviderTemplate? Of(CommunicationMessage message)
    {
        if (message is not { Direction: MessageDirection.Outbound, Details: { } details })
        {
            return null;
        }

        using var json = JsonDocument.Parse(details.Text);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(Field, out var kept) && kept.ValueKind == JsonValueKind.Object
            && kept.Deserialize<ProviderTemplate>(RowJson.Client) is { } template && PlainText.TidyLinesOrNull(template.Body) == message.BodyText
                ? template
                : null;
    }

    [GeneratedRegex("^[a-z0-9_]{1,512}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-z]{2,3}(_[A-Z]{2,3})?\\z", RegexOptions.NonBacktracking)]
    private static partial Regex LanguagePattern();
}
