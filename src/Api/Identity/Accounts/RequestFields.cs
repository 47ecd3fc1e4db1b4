using ChargeCars.Identity.Accounts;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>Collects what is wrong with a body's fields, each by its name.</summary>
internal sealed class RequestFields
{
    // Longer ones are no mistake of a person; RFC 5321 ends addresses at 254.
    public const int LongestEmail = 254;
    public const int LongestPassword = 1_000;
    public const int ShortestPassword = 12;

    private readonly Dictionary<string, string[]> _faults = [];

    /// <summary>Null where nothing is.</summary>
    public Invalid? Fault => _faults.Count == 0 ? null : new(_faults);

    public RequestFields Text(string field, string? value, int longest)
    {
        // PostgreSQL's text holds no NUL.
        if (string.IsNullOrWhiteSpace(value) || value.Length > longest || value.Contains('\0', StringComparison.Ordinal))
        {
            _faults[field] = [$"must be 1 to {longest} characters"];
        }

        return this;
    }

    /// <summary>A password that is to be set: long, none that is tried first, and nothing else is asked (NIST SP 800-63B-4, 3.1.1.2).</summary>
    public RequestFields NewPassword(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length is < ShortestPassword or > LongestPassword || value.Distinct().Count() < 4)
        {
            _faults[field] = [$"must be {ShortestPassword} to {LongestPassword} characters, and not the same few over and over"];
        }
        else if (CommonPasswords.Contains(value))
        {
            _faults[field] = ["is one of those that guessers try first: take words that don't belong together"];
        }

        return this;
    }
}
