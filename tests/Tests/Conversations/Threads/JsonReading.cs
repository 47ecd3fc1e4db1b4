using System.Text.Json;

namespace ChargeCars.Tests.Conversations.Threads;

internal static class JsonReading
{
    /// <summary>A member as text; null where it is null.</summary>
    public static string? Text(this JsonElement json, string name) => json.GetProperty(name).GetString();
}
