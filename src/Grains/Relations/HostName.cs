using System.Text.RegularExpressions;

namespace ChargeCars.Relations;

/// <summary>Names of hosts on the internet, as email addresses and web sites have them.</summary>
internal static partial class HostName
{
    /// <summary>Whether it is a full name by its form: labels of letters, digits and inner hyphens, and not an IP address.</summary>
    public static bool IsPublic(string name) => name.Length <= 253 && Name().IsMatch(name);

    // Letters of any script: mail and web programs write those as xn-- themselves. A top-level domain has no digits unless it is xn--.
    [GeneratedRegex(@"^([\p{L}\p{M}\p{Nd}]([\p{L}\p{M}\p{Nd}-]{0,61}[\p{L}\p{M}\p{Nd}])?\.)+([\p{L}\p{M}]{2,63}|[Xx][Nn]--[0-9A-Za-z-]{1,59})\z")]
    private static partial Regex Name();
}
