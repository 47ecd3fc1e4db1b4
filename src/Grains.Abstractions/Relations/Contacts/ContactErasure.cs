using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Contacts;

/// <summary>
/// Erases a person: their name and addresses here, and what they said and who called, wherever that is. That they were there stays, and the audit.
/// </summary>
/// <param name="Numbers">Their phone numbers beside those of the row, E.164.</param>
/// <param name="Reason">Why, such as the request that it answers.</param>
[GenerateSerializer, Immutable, Alias("contact.erase")]
public sealed record EraseContact(IReadOnlyList<string> Numbers, string? Reason) : EntityCommand<Contact>;

/// <summary>The program's own: erases what a person left elsewhere. Stored until it is done.</summary>
/// <param name="Emails">Their mail addresses as they were, lower case.</param>
/// <param name="Numbers">Their numbers as they were, E.164.</param>
[GenerateSerializer, Immutable, Alias("contact.erase-traces")]
public sealed record EraseTraces(IReadOnlyList<string> Emails, IReadOnlyList<string> Numbers);
