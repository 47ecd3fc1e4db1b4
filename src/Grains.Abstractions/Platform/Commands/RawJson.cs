using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChargeCars;

/// <summary>JSON that is passed on as it is: from a row to the stream to a client without being read on the way.</summary>
[GenerateSerializer, Immutable, Alias("raw-json"), JsonConverter(typeof(Converter))]
public readonly record struct RawJson([property: Id(0)] string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;

    private sealed class Converter : JsonConverter<RawJson>
    {
        // As the options read JSON without a type: the API's refuse text that can't be kept.
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<JsonElement>(ref reader, options).GetRawText());

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
