using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Testing;

/// <summary>The webhook bodies that one call of a made-up day sends, in the order in which they happened.</summary>
public sealed class CallStory
{
    private static readonly string[] Reasons =
        ["out_of_opening_hours", "short_abandoned", "abandoned_in_ivr", "abandoned_in_classic", "no_available_agent", "agents_did_not_answer"];

    private readonly Random _random;
    private readonly string _token;
    private readonly JsonObject _call;
    private readonly List<byte[]> _bodies = [];
    private long _clock;

    private CallStory(int seed, string token)
    {
        (_random, _token) = (new(seed), token);
        _clock = 1_796_000_000 + (seed * 1_000L);
        _call = new()
        {
            ["id"] = Id(900_000_000_000 + seed),
            ["call_uuid"] = $"CA{seed:D8}",
            ["direct_link"] = $"https://api.aircall.io/v1/calls/{seed}",
            ["direction"] = _random.Next(4) == 0 ? "outbound" : "inbound",
            ["status"] = "initial",
            ["started_at"] = Time(),
            ["answered_at"] = null,
            ["ended_at"] = null,
            ["duration"] = 0,
            ["raw_digits"] = _random.Next(8) switch { 0 => "anonymous", 1 => null, _ => $"+31 6 {_random.Next(10_000_000, 60_000_000)}" },
            ["number"] = new JsonObject { ["id"] = Id(7_001), ["name"] = "Service", ["digits"] = "+31 85 012 3456", ["country"] = "NL" },
            ["tags"] = new JsonArray(),
            ["comments"] = new JsonArray(),
            ["surprise"] = new JsonObject { ["nested"] = 1 },
        };
    }

    /// <summary>The bodies of the call of a seed.</summary>
    /// <param name="seed">Decides all of it; calls of different seeds are different calls.</param>
    /// <param name="token">By which Aircall proves itself.</param>
    public static IReadOnlyList<byte[]> Of(int seed, string token = "secret")
    {
        var story = new CallStory(seed, token);
        story.Tell();
        return story._bodies;
    }

    private void Tell()
    {
        Send("call.created");
        if (_random.Next(3) == 0)
        {
            _call["ivr_options_selected"] = new JsonArray(new JsonObject
            {
                ["id"] = _random.Next(2) == 0 ? 12 : "sales", ["title"] = "Storing", ["key"] = "1", ["branch"] = "main", ["created_at"] = Time(),
            });
            Send("call.ivr_option_selected");
        }

        var isAnswered = _random.Next(3) > 0;
        for (var ring = _random.Next(4); ring > 0; ring--)
        {
            _call["user"] = Agent(_random.Next(4));
            Send("call.ringing_on_agent");
            if (_random.Next(2) == 0)
            {
                Send("call.agent_declined");
            }
        }

        _call["teams"] = new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(team => new JsonObject { ["id"] = team, ["name"] = $"Team {team}" })]);
        if (isAnswered)
        {
            Talk();
        }

        _call["status"] = "done";
        Send("call.hungup");
        _call["ended_at"] = Time();
        _call["duration"] = _random.Next(600);
        _call["cost"] = "1.25";
        _call["hangup_cause"] = _random.Next(5) switch { 0 => "busy", 1 => "network_failure", 2 => null, _ => "normal" };
        _call["missed_call_reason"] = isAnswered ? null : Reasons[_random.Next(Reasons.Length)];
        if (!isAnswered && _random.Next(3) == 0)
        {
            _call["voicemail"] = "https://aircall.example/voicemail/1";
            Send("call.voicemail_left");
        }

        Send("call.ended");
        Afterwards();
    }

    private void Talk()
    {
        _call["user"] = Agent(_random.Next(4));
        _call["status"] = "answered";
        _call["answered_at"] = Time();
        Send("call.answered");
        for (var turn = _random.Next(5); turn > 0; turn--)
        {
            switch (_random.Next(4))
            {
                case 0:
                    Send("call.hold");
                    _call["user"] = null;
                    Send("call.unhold");
                    break;
                case 1:
                    _call["transferred_by"] = Agent(_random.Next(4));
                    _call["transferred_to"] = Agent(_random.Next(4));
                    Send("call.transferred");
                    _call["user"] = _call["transferred_to"]!.DeepClone();
                    _call["number"] = new JsonObject { ["id"] = Id(7_002), ["name"] = "Overflow", ["digits"] = "+31 85 765 4321" };
                    _call["raw_digits"] = "+31 85 012 3456";
                    Send("call.ringing_on_agent");
                    Send(_random.Next(2) == 0 ? "call.answered" : "call.unsuccessful_transfer");
                    break;
                case 2:
                    _call["external_transferred_to"] = "+31612345678";
                    Send("call.external_transferred");
                    break;
            }
        }
    }

    private void Afterwards()
    {
        List<string> tags = [];
        for (var turn = _random.Next(8); turn > 0; turn--)
        {
            switch (_random.Next(5))
            {
                case 0:
                    tags.Add($"tag {_random.Next(5)}");
                    SetTags();
                    Send("call.tagged");
                    break;
                case 1 when tags.Count > 0:
                    tags.RemoveAt(_random.Next(tags.Count));
                    SetTags();
                    Send("call.untagged");
                    break;
                case 2:
                    ((JsonArray)_call["comments"]!).Add(new JsonObject
                    {
                        ["id"] = _clock, ["content"] = $"Belt terug {_clock}", ["posted_at"] = Time(), ["posted_by"] = Agent(1),
                    });
                    Send("call.commented");
                    break;
                case 3:
                    _call["assigned_to"] = Agent(_random.Next(4));
                    Send("call.assigned");
                    break;
                default:
                    _call["recording"] = $"https://aircall.example/recording/{_clock}";
                    _call["asset"] = "https://assets.aircall.example/1";
                    Send(_random.Next(2) == 0 ? "call.comm_assets_generated" : "call.archived");
                    break;
            }
        }

        void SetTags() =>
            _call["tags"] = new JsonArray([.. tags.Distinct().Select(tag => new JsonObject { ["id"] = tag[4] - '0', ["name"] = tag })]);
    }

    private JsonObject? Agent(int number) => number switch
    {
        0 => new() { ["id"] = Id(500), ["name"] = "An", ["email"] = "an@chargecars.example" },
        1 => new() { ["id"] = Id(501), ["name"] = "Bo" },
        2 => new() { ["email"] = "cas@chargecars.example" },
        _ => new() { ["id"] = null, ["name"] = null },
    };

    private JsonNode Id(long id) => _random.Next(2) == 0 ? id : $"{id}";

    // Seconds, milliseconds, either as text.
    private JsonNode Time() => _random.Next(4) switch { 0 => _clock * 1_000, 1 => $"{_clock}", _ => _clock };

    private void Send(string name)
    {
        _bodies.Add(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["resource"] = "call", ["event"] = name, ["timestamp"] = Time(), ["token"] = _token, ["data"] = _call.DeepClone(), ["extra"] = true,
        }));
        // Now and then two things happen within a second.
        _clock += _random.Next(4);
    }
}
