using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChargeCars.Api.Platform.Http;

/// <summary>
/// Times as ISO 8601 in UTC with Z; a time with another offset is understood, one without any is refused. The years 1 and 9999
/// are refused too: PostgreSQL's driver stores their ends as infinity.
/// </summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        return HasOffset(text) && reader.TryGetDateTimeOffset(out var time) && time.ToUniversalTime() is { Year: > 1 and < 9999 } utc
            ? utc
            : throw new JsonException("must be a time as ISO 8601 with Z, such as 2026-11-23T08:30:00Z");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));

    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || (text.Length > 19 && text.AsSpan(19).IndexOfAny('+', '-') >= 0);
}

/// <summary>Dates as <c>yyyy-MM-dd</c>, but for the years 1 and 9999, whose ends PostgreSQL's driver stores as infinity.</summary>
internal sealed class DateConverter : JsonConverter<DateOnly>
{
    private const string Format = "yyyy-MM-dd";

    public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            && DateOnly.TryParseExact(reader.GetString(), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is > 1 and < 9999
                ? date
                : throw new JsonException("must be a date, yyyy-MM-dd");

    public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(Format, CultureInfo.InvariantCulture));
}
