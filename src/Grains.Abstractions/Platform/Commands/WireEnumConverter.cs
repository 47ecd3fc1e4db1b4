using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChargeCars;

/// <summary>Reads and writes an enum as the schema's word; an unknown word or a number is refused with the words that are known.</summary>
public sealed class WireEnumConverter<T> : JsonConverter<T> where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && WireText.TryParse<T>(reader.GetString()!, out var value)
            ? value
            : throw new JsonException($"must be one of {string.Join(", ", WireText.All<T>())}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WireText.Of(value));
}
