namespace ChargeCars.Relations.PhoneNumbers;

/// <summary>What a text says as a phone number.</summary>
/// <param name="Raw">The text as it came; empty where there was none.</param>
/// <param name="E164">
/// The number in E.164, such as <c>+31612345678</c>; null where the text is no number, or one too short or too long to dial. By this
/// numbers are compared, so a null never matches anything.
/// </param>
/// <param name="IsValid">Whether a number like it can be in use by the numbering plan of its country.</param>
/// <param name="Extension">What is dialled after the connection, such as <c>12</c>; null where there is none.</param>
/// <param name="CountryName">The country's English name; null where the number is not valid or not a country's.</param>
/// <param name="CountryCode">The dialling code without plus, such as <c>31</c>; null where the number is not valid.</param>
/// <param name="Timezone">The IANA zone where it rings, as far as the number says one only; null elsewhere.</param>
public sealed record PhoneReading(
    string Raw, string? E164, bool IsValid, string? Extension, string? CountryName, string? CountryCode, string? Timezone);
