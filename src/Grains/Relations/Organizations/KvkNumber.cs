namespace ChargeCars.Relations.Organizations;

/// <summary>
/// Numbers of the Dutch trade register: 8 digits for an organization, 12 for one of its branches. They have no check digit, and
/// are text, since they begin with zeros.
/// </summary>
public static class KvkNumber
{
    /// <summary>As it is kept: digits only.</summary>
    public static string Normalized(string text) => CodeText.Compact(text);

    /// <summary>Why it is not an organization's number; null where it is.</summary>
    public static string? Fault(string text) => CodeText.IsNumber(Normalized(text), 8) ? null : "must be a KvK number: 8 digits";

    /// <summary>Why it is not a branch's number (vestigingsnummer); null where it is.</summary>
    public static string? FaultOfBranch(string text) =>
        CodeText.IsNumber(Normalized(text), 12) ? null : "must be a branch number (vestigingsnummer): 12 digits";
}
