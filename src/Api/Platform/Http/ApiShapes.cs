using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ChargeCars.Api.Platform.Http;

/// <summary>The shapes of bodies and answers, as far as the framework can't find them: what our converters write, and what is always there.</summary>
internal static class ApiShapes
{
    /// <summary>Describes what a converter of ours hides from the framework: texts, times and the words of lists.</summary>
    /// <param name="schema">The shape as it was found.</param>
    /// <param name="type">Of what it is.</param>
    /// <param name="property">The field that has it; null where it is none's.</param>
    public static void Describe(OpenApiSchema schema, JsonTypeInfo type, JsonPropertyInfo? property)
    {
        DescribeText(schema, type.Type, property?.IsGetNullable == true);

        if (type.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 } fields)
        {
            // As answers have it, whose fields are there also where they are null. Requests take it back.
            var sometimes = type.Properties.Where(field => field.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) == true).Select(field => field.Name).ToHashSet();
            schema.Required = fields.Keys.Where(name => !sometimes.Contains(name)).ToHashSet();
        }

        if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && IsText(element))
        {
            var items = new OpenApiSchema();
            DescribeText(items, element, mayBeNull: false);
            schema.Items = items;
        }
    }

    private static void DescribeText(OpenApiSchema schema, Type type, bool mayBeNull)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (!IsText(bare))
        {
            return;
        }

        mayBeNull = bare != type || (mayBeNull && !bare.IsValueType);
        schema.Type = mayBeNull ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        schema.Format = bare == typeof(DateOnly) ? "date" : bare == typeof(DateTimeOffset) ? "date-time" : schema.Format;
        if (bare.IsEnum)
        {
            schema.Enum = [.. WordsOf(bare).Select(word => (JsonNode)JsonValue.Create(word)), .. mayBeNull ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];
        }
    }

    /// <summary>
    /// What a shape is called in the document. Every feature may have its own ActionBody: one that stands in another type is called after
    /// it too.
    /// </summary>
    public static string? NameOf(JsonTypeInfo type)
    {
        var (bare, name) = (Nullable.GetUnderlyingType(type.Type) ?? type.Type, OpenApiOptions.CreateDefaultSchemaReferenceId(type));
        var around = bare.DeclaringType?.Name.Replace("Endpoints", "", StringComparison.Ordinal);
        return name is null || around is null || name.StartsWith(around, StringComparison.Ordinal) ? name : around + name;
    }

    /// <summary>
    /// Takes back what requests need not have. Which fields a command demands, its rules decide and not its type: the creation of an
    /// entity says so (<see cref="RequiredFields"/>), of other bodies it is in the summary.
    /// </summary>
    public static void DescribeRequired(OpenApiDocument document)
    {
        var seen = new HashSet<string>();
        foreach (var operation in document.Paths.Values.Where(path => path.Operations is not null).SelectMany(path => path.Operations!.Values))
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
            {
                TakeBack(content.Schema, document, seen);
                if (operation.Metadata is { } metadata && metadata.TryGetValue(nameof(RequiredFields), out var stated) && stated is RequiredFields required
                    && Resolved(content.Schema, document) is { } shape)
                {
                    content.Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = shape.Properties, AdditionalPropertiesAllowed = shape.AdditionalPropertiesAllowed, Required = required.Names().ToHashSet() };
                }
            }
        }
    }

    private static void TakeBack(IOpenApiSchema? schema, OpenApiDocument document, HashSet<string> seen)
    {
        if (schema is OpenApiSchemaReference reference && !seen.Add(reference.Reference.Id!))
        {
            return;
        }

        if (Resolved(schema, document) is not { } shape)
        {
            return;
        }

        shape.Required = null;
        foreach (var part in (shape.Properties?.Values ?? []).Concat(shape.OneOf ?? []).Concat(shape.AnyOf ?? []).Concat(shape.AllOf ?? []).Append(shape.Items).Append(shape.AdditionalProperties))
        {
            TakeBack(part, document, seen);
        }
    }

    private static OpenApiSchema? Resolved(IOpenApiSchema? schema, OpenApiDocument document) => schema switch
    {
        OpenApiSchema shape => shape,
        OpenApiSchemaReference reference when document.Components?.Schemas is { } known && known.TryGetValue(reference.Reference.Id!, out var shape) => shape as OpenApiSchema,
        _ => null,
    };

    private static bool IsText(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var bare
        && (bare == typeof(string) || bare == typeof(DateTimeOffset) || bare == typeof(DateOnly) || IsOfWords(bare));

    private static bool IsOfWords(Type type) =>
        type.IsEnum && type.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType is { IsGenericType: true } converter && converter.GetGenericTypeDefinition() == typeof(WireEnumConverter<>);

    private static IReadOnlyList<string> WordsOf(Type type) =>
        (IReadOnlyList<string>)typeof(WireText).GetMethod(nameof(WireText.All))!.MakeGenericMethod(type).Invoke(null, null)!;
}

/// <summary>The fields that a body must have.</summary>
/// <param name="Names">Says their names when the API is described: a kind's rules and its JSON are not needed sooner.</param>
internal sealed record RequiredFields(Func<IReadOnlyList<string>> Names);
