using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace ChargeCars.Platform.Storage;

/// <summary>JSON as it is kept in rows: the columns' own names.</summary>
public static class RowJson
{
    /// <summary>As jsonb columns have it: snake_case.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        // From the start: without it the first use decides, and with it the order in which the host starts.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>What the audit holds in the place of a secret: that it was set or changed, and never what it is.</summary>
    public const string Redacted = "(secret)";

    /// <summary>JSON as clients see it: camelCase.</summary>
    public static JsonSerializerOptions Client { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>A value for a change event's data.</summary>
    public static RawJson ForClient<T>(T value) => new(JsonSerializer.Serialize(value, Client));

    /// <summary>A value for a jsonb column.</summary>
    public static RawJson ForRow<T>(T value) => new(JsonSerializer.Serialize(value, Options));

    /// <summary>A state by its columns, for the audit.</summary>
    public static JsonObject ToObject<TState>(TState state) => JsonSerializer.SerializeToNode(state, Options)!.AsObject();
}
