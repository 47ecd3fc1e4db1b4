using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Calls;

/// <summary>The calls of a drill, and what a host must have before it takes them: Aircall's token, its numbers, and whose the callers' numbers are.</summary>
internal sealed class CallScene
{
    private const string Token = "the drill's token of Aircall's webhook";

    private readonly Dictionary<string, int> _callers = [];

    public CallScene(int calls, int seed)
    {
        Streams = [.. Enumerable.Range(0, calls).Select(number => CallStory.Of((seed * 100_000) + number, Token))];
        foreach (var stream in Streams)
        {
            using var first = JsonDocument.Parse(stream[0]);
            if (first.RootElement.GetProperty("data").GetProperty("raw_digits").GetString() is ['+', ..] digits && _callers.Count < calls / 2)
            {
                _callers.TryAdd(digits.Replace(" ", "", StringComparison.Ordinal), _callers.Count);
            }
        }
    }

    /// <summary>Each call's webhooks, in the order in which they happened.</summary>
    public IReadOnlyList<IReadOnlyList<byte[]>> Streams { get; }

    /// <summary>How many events there are: two that are the same to the byte are one.</summary>
    public int Events => Streams.Sum(stream => stream.Select(body => Convert.ToHexString(body)).Distinct().Count());

    /// <summary>Each event so often, in any order.</summary>
    public byte[][] Shuffled(int times, Random random)
    {
        byte[][] all = [.. Enumerable.Repeat(Streams.SelectMany(stream => stream), times).SelectMany(one => one)];
        random.Shuffle(all);
        return all;
    }

    /// <summary>The same rows with the same ids on every database.</summary>
    public async Task MakeAsync(DurableDatabase database, Uri host, Access access)
    {
        using var http = new HttpClient { BaseAddress = host, DefaultRequestHeaders = { Authorization = new("Bearer", access.Token) } };
        using var made = await http.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "drill", token = Token });
        made.EnsureSuccessStatusCode();
        await database.ExecuteAsync($"""
            INSERT INTO business_phone_number (id, aircall_id, name, digits, business_entity_id)
            SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, (7000 + n)::text, 'Line ' || n, '+3185012345' || n, named.id
            FROM generate_series(1, 2) n JOIN business_entity named ON named.entity_code = CASE n WHEN 1 THEN 'laderthuis' ELSE 'chargecars' END
            """);
        foreach (var (digits, number) in _callers)
        {
            await database.ExecuteAsync($"""
                INSERT INTO contact (id, first_name, last_name, email) VALUES ('{Id(number)}', 'Anna', 'Caller {number}', 'anna{number}@example.nl');
                INSERT INTO phone_number (id, contact_id, phone_number) VALUES ('{Id(number)}', '{Id(number)}', '{digits}')
                """);
        }
    }

    private static string Id(int number) => $"00000000-0000-7000-8001-{number:000000000000}";
}
