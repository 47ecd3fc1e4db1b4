using System.Text.Json.Nodes;

namespace ChargeCars.Platform.Storage.Rows;

/// <summary>Compares JSON by what it says: jsonb neither keeps the order of an object's members nor the way a number was written.</summary>
internal static class JsonText
{
    public static bool Same(string? one, string? other) =>
        one == other || (one is not null && other is not null && JsonNode.DeepEquals(JsonNode.Parse(one), JsonNode.Parse(other)));
}
