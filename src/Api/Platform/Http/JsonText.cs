using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ChargeCars.Api.Platform.Http;

/// <summary>
/// Every text of a JSON body, whatever it is read as, is text that the database can keep: no U+0000, no half of a surrogate
/// pair, no broken UTF-8. Else PostgreSQL or its driver would refuse it later, as a fault of ours.
/// </summary>
internal static class JsonText
{
    /// <summary>What is wrong with a field that stands twice in a body.</summary>
    public const string Twice = "is given more than once; give it once";

    /// <summary>The text that the reader stands on. Throws where it can't be kept; the serializer adds the field's path.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            throw new JsonException("must be text");
        }

        try
        {
            var text = reader.GetString()!;
            return StorableText.Fault(text) is { } fault ? throw new JsonException(fault) : text;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("must be whole Unicode text in UTF-8");
        }
    }

    /// <summary>Strings that have a type.</summary>
    internal sealed class Strings : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonText.Read(ref reader);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonText.Read(ref reader);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }

    /// <summary>JSON that is read as it is, whose names and texts nobody else looks at before they are used: patches, a role's permissions.</summary>
    internal sealed class Untyped : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert == typeof(JsonElement) || typeToConvert == typeof(JsonDocument) || typeToConvert.IsAssignableTo(typeof(JsonNode));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Checked<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class Checked<T> : JsonConverter<T>
    {
        private static readonly JsonConverter<T> Inner = (JsonConverter<T>)JsonSerializerOptions.Default.GetConverter(typeof(T));

        // Null is JSON too: of a JsonElement it is the value null, not none.
        public override bool HandleNull => Inner.HandleNull;

        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            // Of a copy; the serializer has read the value to its end before it asks a converter of ours.
            Check(reader);
            return Inner.Read(ref reader, typeToConvert, options);
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => Inner.Write(writer, value, options);

        private static void Check(Utf8JsonReader reader)
        {
            var (root, member) = (reader.CurrentDepth, "");
            // The framework refuses a name that is given twice, and tells its first letters.
            var names = new Stack<HashSet<string>>();
            if (reader.TokenType == JsonTokenType.String)
            {
                TextOf(ref reader, root, member);
            }

            while (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || reader.CurrentDepth > root)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    names.Push([]);
                }
                else if (reader.TokenType == JsonTokenType.EndObject)
                {
                    names.Pop();
                }

                if (!reader.Read() || reader.CurrentDepth == root)
                {
                    return;
                }

                if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
                {
                    continue;
                }

                var text = TextOf(ref reader, root, member);
                if (reader.TokenType == JsonTokenType.String)
                {
                    continue;
                }

                member = reader.CurrentDepth == root + 1 ? text : member;
                if (!names.Peek().Add(text))
                {
                    throw Fault(text == member ? Twice : $"has {text} more than once; give it once", root, member);
                }
            }
        }

        private static string TextOf(ref Utf8JsonReader reader, int root, string member)
        {
            try
            {
                return JsonText.Read(ref reader);
            }
            catch (JsonException fault) when (root == 0 && member.Length > 0)
            {
                throw Fault(fault.Message, root, member);
            }
        }

        // A body that is untyped as a whole has no path of its own: its member's name says more.
        private static JsonException Fault(string text, int root, string member) =>
            root == 0 && member.Length > 0 ? new JsonException(text, $"$.{member}", null, null) : new JsonException(text);
    }
}
