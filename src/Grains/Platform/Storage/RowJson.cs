using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Platform.Storage;

/// <summary>JSON as it is kept in rows: the columns' own names.</summary>
public static class RowJson
{
    /// <summary>As jsonb columns have it: snake_case.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>JSON as clients see it: camelCase.</summary>
    public static JsonSerializerOptions Client { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>A value for a change event's data.</summary>
    public static RawJson ForClient<T>(T value) => new(JsonSerializer.Serialize(value, Client));

    /// <summary>A value for a jsonb column.</summary>
    public static RawJson ForRow<T>(T value) => new(JsonSerializer.Serialize(value, Options));

    /// <summary>A state by its columns, for the audit.</summary>
    public static JsonObject ToObject<TState>(TState state) => JsonSerializer.SerializeToNode(state, Options)!.AsObject();
}
