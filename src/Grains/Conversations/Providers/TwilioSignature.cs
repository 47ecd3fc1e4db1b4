using System.Security.Cryptography;
using System.Text;

namespace ChargeCars.Conversations.Providers;

/// <summary>
/// Twilio's <c>X-Twilio-Signature</c>: HMAC-SHA1 in base64 over the public address and the form's fields, sorted by name.
/// </summary>
internal static class TwilioSignature
{
    private const string BodyHash = "bodySHA256=";

    /// <summary>Whether a form is Twilio's.</summary>
    /// <param name="signature">The header.</param>
    /// <param name="addresses">
    /// The public address with its query, as configured and as the request has it: Twilio signs what it was told to call, in that
    /// writing. Each is tried with and without its default port, and with its host in lower case.
    /// </param>
    /// <param name="form">Every field, decoded.</param>
    /// <param name="tokens">The account's tokens.</param>
    public static bool IsValid(
        string? signature, IEnumerable<string> addresses, IEnumerable<KeyValuePair<string, string>> form, IEnumerable<string> tokens)
    {
        var fields = new StringBuilder();
        foreach (var (name, value) in form.Distinct().OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            fields.Append(name).Append(value);
        }

        return signature is not null && Matches(signature.Trim(), addresses, fields.ToString(), tokens);
    }

    /// <summary>Whether a JSON body is Twilio's: the address is signed and carries the body's hash.</summary>
    public static bool IsValid(string? signature, IEnumerable<string> addresses, ReadOnlySpan<byte> body, IEnumerable<string> tokens)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        string[] all = [.. addresses];
        var carries = all.Any(address => address.IndexOf(BodyHash, StringComparison.Ordinal) is >= 0 and var at
            && Signatures.IsSame(address[(at + BodyHash.Length)..].Split('&')[0].ToLowerInvariant(), hash));
        return carries && signature is not null && Matches(signature.Trim(), all, "", tokens);
    }

    private static bool Matches(string signature, IEnumerable<string> addresses, string fields, IEnumerable<string> tokens)
    {
        var isOne = false;
        byte[][] keys = [.. tokens.Select(Encoding.UTF8.GetBytes)];
        foreach (var address in addresses.SelectMany(Variants).Distinct(StringComparer.Ordinal))
        {
            foreach (var key in keys)
            {
                isOne |= Signatures.IsSame(Convert.ToBase64String(Hash(key, address + fields)), signature);
            }
        }

        return isOne;
    }

#pragma warning disable CA5350 // Twilio signs by HMAC-SHA1; what is weak in SHA-1 is not in its HMAC.
    private static byte[] Hash(byte[] key, string text) => HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    // Text all along: an address that was parsed and written again has lost its writing.
    private static IEnumerable<string> Variants(string address)
    {
        var (scheme, port) = address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? ("https://", ":443") : ("http://", ":80");
        if (!address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        var end = address.AsSpan(scheme.Length).IndexOfAny('/', '?') is >= 0 and var at ? at + scheme.Length : address.Length;
        var (host, rest) = (address[scheme.Length..end], address[end..]);
        var bare = host.EndsWith(port, StringComparison.Ordinal) ? host[..^port.Length] : host;
        foreach (var one in (string[])[bare, bare.ToLowerInvariant()])
        {
            yield return $"{scheme}{one}{rest}";
            if (!one.Contains(':', StringComparison.Ordinal))
            {
                yield return $"{scheme}{one}{port}{rest}";
            }
        }
    }
}
