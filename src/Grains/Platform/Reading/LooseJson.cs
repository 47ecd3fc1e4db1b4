using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ChargeCars.Platform.Reading;

/// <summary>
/// Foreign JSON, read as far as it can be: a member that is absent, null or of another type than expected is null, numbers may be
/// text and text numbers. Nothing here throws.
/// </summary>
internal static class LooseJson
{
    /// <summary>A body that is JSON; null where it is none.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            // The parser lets bytes through that are no UTF-8, and throws when they are read.
            using var document = Utf8.IsValid(body.Span)
                ? JsonDocument.Parse(body)
                : JsonDocument.Parse(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span)));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member that is there and not null.</summary>
    public static JsonElement? Member(this JsonElement? element, string name)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.Object } owner
                && owner.TryGetProperty(name, out var member)
                && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
                    ? member
                    : null;
        }
        catch (InvalidOperationException)
        {
            // The name of another member holds half a surrogate pair.
            return null;
        }
    }

    /// <inheritdoc cref="Member(JsonElement?, string)"/>
    public static JsonElement? Member(this JsonElement element, string name) => Member((JsonElement?)element, name);

    /// <summary>The members of an array, at most <paramref name="max"/>; none of anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element, int max = 1_000) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Take(max) : [];

    /// <summary>Text, a number or a truth as text, cleaned; null where it is blank or neither.</summary>
    public static string? Text(this JsonElement? element, int max = 2_000) => element is { } value
        ? value.ValueKind switch
        {
            JsonValueKind.String => CleanText.Of(Raw(value), max),
            JsonValueKind.Number => CleanText.Of(Integral(value.GetRawText()), max),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        }
        : null;

    /// <summary>The member's text; see <see cref="Text(JsonElement?, int)"/>.</summary>
    public static string? Text(this JsonElement? element, string name, int max = 2_000) => element.Member(name).Text(max);

    /// <inheritdoc cref="Text(JsonElement?, string, int)"/>
    public static string? Text(this JsonElement element, string name, int max = 2_000) => element.Member(name).Text(max);

    /// <summary>A number, also one in text.</summary>
    public static decimal? Number(this JsonElement? element) =>
        decimal.TryParse(element.Text(100), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A whole number of 32 bits; a fraction is cut off.</summary>
    public static int? Integer(this JsonElement? element) =>
        element.Number() is { } number && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>A truth, also as text or number.</summary>
    public static bool? Truth(this JsonElement? element) => element.Text(10)?.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    /// <summary>A time in any form of <see cref="LooseTime"/>, as number or text.</summary>
    public static DateTimeOffset? Time(this JsonElement? element) => LooseTime.Of(element.Text(64));

    /// <summary>The string as it stands; null where its escapes are no text (half a surrogate pair).</summary>
    public static string? Raw(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes an element as PostgreSQL can store it; <paramref name="replace"/> says what stands for a member at the top.</summary>
    public static void WriteStorable(Utf8JsonWriter json, JsonElement element, Func<string, string?>? replace = null)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    var name = NameOf(member);
                    json.WritePropertyName(name);
                    if (replace?.Invoke(name) is { } text)
                    {
                        json.WriteStringValue(text);
                    }
                    else
                    {
                        WriteStorable(json, member.Value);
                    }
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteStorable(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(CleanText.Storable(Raw(element) ?? Unreadable));
                break;
            default:
                json.WriteRawValue(element.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    private const string Unreadable = "\uFFFD";

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return CleanText.Storable(member.Name);
        }
        catch (InvalidOperationException)
        {
            return Unreadable;
        }
    }

    // 1.0 and 1e3 are ids as good as 1 and 1000.
    private static string Integral(string number) =>
        number.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
        && decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value == decimal.Truncate(value)
            ? decimal.Truncate(value).ToString(CultureInfo.InvariantCulture)
            : number;
}
