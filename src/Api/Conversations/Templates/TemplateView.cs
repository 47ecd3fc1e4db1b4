using ChargeCars.Conversations.Templates;

namespace ChargeCars.Api.Conversations.Templates;

/// <summary>A template with its values in place; nothing was sent.</summary>
/// <param name="TemplateId">The template.</param>
/// <param name="Name">What colleagues call it.</param>
/// <param name="Language">Its language.</param>
/// <param name="Subject">The mail's subject; null on other channels.</param>
/// <param name="BodyText">The text; where something is missing, without it.</param>
/// <param name="Missing">The variables that it shows and that nobody knows here: with any of them it is not sent.</param>
public sealed record TemplateView(Guid TemplateId, string Name, TemplateLanguage? Language, string? Subject, string BodyText, IReadOnlyList<string> Missing);
