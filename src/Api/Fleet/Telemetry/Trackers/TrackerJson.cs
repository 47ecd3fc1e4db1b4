using System.Text.Json;
using System.Text.Unicode;

namespace ChargeCars.Api.Fleet.Telemetry.Trackers;

/// <summary>Reads what is known out of a tracker's JSON; what is missing, unknown or of another type is not there.</summary>
internal static class TrackerJson
{
    /// <summary>The body's object, or why it is none. The document is the caller's to dispose.</summary>
    public static (JsonDocument? Document, BodyFault? Fault) Parse(ReadOnlySpan<byte> bytes)
    {
        bytes = PositionBatchReader.WithoutMark(bytes);
        if (!Utf8.IsValid(bytes))
        {
            return (null, new("body", "is not UTF-8"));
        }

        try
        {
            var reader = new Utf8JsonReader(bytes);
            var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object && !reader.Read())
            {
                return (document, null);
            }

            document.Dispose();
            return (null, new("body", "must be an object"));
        }
        catch (JsonException fault)
        {
            return (null, new("body", $"is not JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}"));
        }
    }

    /// <summary>A member, whatever it is; undefined where there is none or the element is no object.</summary>
    public static JsonElement Member(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        try
        {
            return element.TryGetProperty(name, out var member) ? member : default;
        }
        catch (InvalidOperationException)
        {
            return MemberAmongBroken(element, name);
        }
    }

    public static double? Number(this JsonElement element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var value) => value,
        { ValueKind: JsonValueKind.String } text => TrackerText.Number(Text(text)),
        _ => null,
    };

    public static bool? Truth(this JsonElement element, string name) => element.Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A tracker's id without blanks around it: text, or a number where a program wrote its digits so. Empty where there is none.</summary>
    public static string Name(this JsonElement element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => Text(text).Trim(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => "",
    };

    /// <summary>False where the member is there and no time; a missing or null one leaves <paramref name="time"/> null.</summary>
    public static bool TryTime(this JsonElement element, string name, out DateTimeOffset? time)
    {
        time = null;
        var member = element.Member(name);
        var text = member.ValueKind switch
        {
            JsonValueKind.String => Text(member),
            JsonValueKind.Number => member.GetRawText(),
            _ => null,
        };
        if (text is null)
        {
            return member.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
        }

        var isTime = TrackerText.TryTime(text, out var read);
        time = isTime ? read : null;
        return isTime;
    }

    /// <summary>A string's text; null where it holds half of a surrogate pair, escaped.</summary>
    public static string? WholeText(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement element) => WholeText(element) ?? "";

    // Looking a member up throws at the name of another one that holds half of a surrogate pair, escaped.
    private static JsonElement MemberAmongBroken(JsonElement element, string name)
    {
        var found = default(JsonElement);
        foreach (var member in element.EnumerateObject())
        {
            try
            {
                if (member.NameEquals(name))
                {
                    found = member.Value;
                }
            }
            catch (InvalidOperationException)
            {
                // It is none that is known here.
            }
        }

        return found;
    }
}
