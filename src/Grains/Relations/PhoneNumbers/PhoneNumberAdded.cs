using ChargeCars.Platform.DueCommands;

namespace ChargeCars.Relations.PhoneNumbers;

/// <summary>A contact has this number now: what came from it before is theirs.</summary>
/// <param name="PhoneNumber">E.164.</param>
[Alias("phone-number.added")]
internal sealed record PhoneNumberAdded(string PhoneNumber);
