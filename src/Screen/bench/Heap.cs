using System.Text.Json;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Bench;

/// <summary>What a page holds once all that it let go is collected.</summary>
/// <param name="Megabytes">Of objects of its scripts.</param>
/// <param name="Nodes">Of its document, those that scripts still hold among them.</param>
/// <param name="Listeners">Of events.</param>
internal sealed record Heap(double Megabytes, int Nodes, int Listeners)
{
    public static async Task<Heap> OfAsync(ICDPSession session)
    {
        // What a first collection frees may hold more that only the next one finds.
        for (var i = 0; i < 3; i++)
        {
            await session.SendAsync("HeapProfiler.collectGarbage");
        }

        var used = (await session.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetDouble();
        var counted = (await session.SendAsync("Memory.getDOMCounters"))!.Value;
        return new(used / 1024 / 1024, Of(counted, "nodes"), Of(counted, "jsEventListeners"));
    }

    private static int Of(JsonElement counted, string name) => counted.GetProperty(name).GetInt32();
}
