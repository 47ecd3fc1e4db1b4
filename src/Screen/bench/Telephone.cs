using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Screen.Bench;

/// <summary>Calls that ring, are answered and end, as Aircall tells of them.</summary>
internal sealed class Telephone(HttpClient http, string token)
{
    private int _calls;

    public static async Task<Telephone> CreateAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "bench" });
        return new(http, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!);
    }

    /// <summary>A whole call; every third is answered by nobody.</summary>
    public async Task CallAsync()
    {
        var (call, began) = (++_calls, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var isAnswered = call % 3 != 0;
        await TellAsync("call.created", call, began, false, false);
        if (isAnswered)
        {
            await TellAsync("call.answered", call, began, true, false);
        }

        await TellAsync("call.ended", call, began, isAnswered, true);
    }

    private async Task TellAsync(string name, int call, long began, bool isAnswered, bool isOver)
    {
        using var answer = await http.PostAsJsonAsync("/api/telephony/aircall", new
        {
            resource = "call",
            @event = name,
            timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            token,
            data = new
            {
                id = $"{call}",
                direction = "inbound",
                status = isOver ? "done" : isAnswered ? "answered" : "initial",
                started_at = began,
                answered_at = isAnswered ? began + 3 : (long?)null,
                ended_at = isOver ? began + 40 : (long?)null,
                raw_digits = $"+31 6 {10_000_000 + call}",
                number = new { id = "7", name = "Service", digits = "+31 85 012 3456" },
                user = isAnswered ? new { id = 501, name = "Bo" } : null,
            },
        });
        answer.EnsureSuccessStatusCode();
    }
}
