using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChargeCars.Orders.Visits;

/// <summary>The value of an answer: yes or no, a number, or words. In JSON just that: <c>true</c>, <c>312.5</c>, <c>"B"</c>.</summary>
[GenerateSerializer, Immutable, Alias("checklist-value"), JsonConverter(typeof(Converter))]
public readonly record struct ChecklistValue
{
    private ChecklistValue(bool? truth, decimal? number, string? text) => (Truth, Number, Text) = (truth, number, text);

    /// <summary>Yes or no; null for anything else.</summary>
    [Id(0)] public bool? Truth { get; }

    /// <summary>A number; null for anything else.</summary>
    [Id(1)] public decimal? Number { get; }

    /// <summary>Words; null for anything else.</summary>
    [Id(2)] public string? Text { get; }

    /// <summary>Yes or no.</summary>
    public static ChecklistValue Of(bool truth) => new(truth, null, null);

    /// <summary>A number.</summary>
    public static ChecklistValue Of(decimal number) => new(null, number, null);

    /// <summary>Words.</summary>
    public static ChecklistValue Of(string text) => new(null, null, text);

    /// <inheritdoc/>
    public override string ToString() => this switch
    {
        { Truth: { } truth } => truth ? "yes" : "no",
        { Number: { } number } => number.ToString(CultureInfo.InvariantCulture),
        _ => Text ?? "",
    };

    private sealed class Converter : JsonConverter<ChecklistValue>
    {
        private const string Expected = "must be true or false, a number or a text";

        public override ChecklistValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => Of(true),
            JsonTokenType.False => Of(false),
            JsonTokenType.String => Of(reader.GetString()!),
            JsonTokenType.Number when reader.TryGetDecimal(out var number) => Of(number),
            _ => throw new JsonException(Expected),
        };

        public override void Write(Utf8JsonWriter writer, ChecklistValue value, JsonSerializerOptions options)
        {
            switch (value)
            {
                case { Truth: { } truth }:
                    writer.WriteBooleanValue(truth);
                    break;
                case { Number: { } number }:
                    writer.WriteNumberValue(number);
                    break;
                default:
                    writer.WriteStringValue(value.Text ?? "");
                    break;
            }
        }
    }
}
