using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Storage;

/// <summary>JSON as it is kept in rows: the columns' own names.</summary>
public static class RowJson
{
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

    public static JsonObject ToObject<TState>(TState state) => JsonSerializer.SerializeToNode(state, Options)!.AsObject();
}
