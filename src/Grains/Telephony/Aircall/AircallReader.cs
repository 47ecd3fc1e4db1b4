using System.Collections.Frozen;
using System.Text.Json;
using ChargeCars.Platform.Reading;
using ChargeCars.Telephony.Agents;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Lines;

namespace ChargeCars.Telephony.Aircall;

/// <summary>Tells events apart by their name, and reads each as far as it can be read. Total: no event throws.</summary>
internal static class AircallReader
{
    private static readonly FrozenDictionary<string, CallEventKind> CallEvents = new Dictionary<string, CallEventKind>
    {
        ["call.created"] = CallEventKind.Created,
        ["call.ringing_on_agent"] = CallEventKind.RingingOnAgent,
        ["call.agent_declined"] = CallEventKind.AgentDeclined,
        ["call.answered"] = CallEventKind.Answered,
        ["call.transferred"] = CallEventKind.Transferred,
        ["call.external_transferred"] = CallEventKind.ExternalTransferred,
        ["call.unsuccessful_transfer"] = CallEventKind.UnsuccessfulTransfer,
        ["call.hungup"] = CallEventKind.Hungup,
        ["call.ended"] = CallEventKind.Ended,
        ["call.hold"] = CallEventKind.Hold,
        ["call.unhold"] = CallEventKind.Unhold,
        ["call.ivr_option_selected"] = CallEventKind.IvrOptionSelected,
        ["call.comm_assets_generated"] = CallEventKind.AssetsGenerated,
        ["call.voicemail_left"] = CallEventKind.VoicemailLeft,
        ["call.assigned"] = CallEventKind.Assigned,
        ["call.archived"] = CallEventKind.Archived,
        ["call.tagged"] = CallEventKind.Tagged,
        ["call.untagged"] = CallEventKind.Untagged,
        ["call.commented"] = CallEventKind.Commented,
    }.ToFrozenDictionary();

    // The first versions of these events say the same as the second and come beside them.
    private static readonly FrozenDictionary<string, AgentEventKind> AgentEvents = new Dictionary<string, AgentEventKind>
    {
        ["user.created.v2"] = AgentEventKind.Created,
        ["user.deleted.v2"] = AgentEventKind.Deleted,
        ["user.connected.v2"] = AgentEventKind.Connected,
        ["user.disconnected.v2"] = AgentEventKind.Disconnected,
        ["user.opened.v2"] = AgentEventKind.Opened,
        ["user.closed.v2"] = AgentEventKind.Closed,
        ["user.wut_start.v2"] = AgentEventKind.WrapUpStarted,
        ["user.wut_end.v2"] = AgentEventKind.WrapUpEnded,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, LineEventKind> LineEvents = new Dictionary<string, LineEventKind>
    {
        ["number.created"] = LineEventKind.Created,
        ["number.opened"] = LineEventKind.Opened,
        ["number.closed"] = LineEventKind.Closed,
        ["number.deleted"] = LineEventKind.Deleted,
    }.ToFrozenDictionary();

    private static readonly string[] InsightPrefixes =
    [
        "transcription.", "summary.", "sentiment.", "topics.", "action_item.", "playbook_result.", "custom_summary.", "call_evaluation.",
        "realtime_transcription.", "ai_voice_agent.",
    ];

    private static readonly string[] OtherPrefixes = ["contact.", "team.", "user.", "group_message.", "analytics.", "integration."];

    /// <summary>What an event comes to.</summary>
    public static AircallReading Read(AircallEnvelope envelope)
    {
        var (name, data) = (envelope.Event, envelope.Data);
        if (CallEvents.TryGetValue(name, out var call))
        {
            return AircallCalls.Read(data, call, envelope.At) is { } read ? new CallReading(read) : new UnknownReading($"{name} without an id");
        }

        if (AgentEvents.TryGetValue(name, out var agent))
        {
            return AircallCalls.Person(data) is { } person
                ? new AgentReading(new(
                    person, agent, envelope.At, data.Text("substatus", 200) ?? data.Text("availability_status", 200), data.Text("last_call_id", 64)))
                : new UnknownReading($"{name} without a user");
        }

        if (LineEvents.TryGetValue(name, out var line))
        {
            return AircallCalls.Line(data) is { } number ? new LineReading(new(number, line, envelope.At)) : new UnknownReading($"{name} without a number");
        }

        return name switch
        {
            "ai_voice_agent.started" when InsightCall(data) is { } id =>
                new CallReading(new() { CallId = id, Kind = CallEventKind.VoiceAgentStarted, At = envelope.At }),
            // Aircall writes them once a call is over, so a hang-up that was lost leaves none ringing.
            _ when AircallTexts.Events.TryGetValue(name, out var text) && InsightCall(data) is { } id =>
                new CallReading(new() { CallId = id, Kind = CallEventKind.TextMade, At = envelope.At, IsDone = true, Text = text }),
            "message.sent" or "message.received" or "message.status_updated" or "message.updated" => new MessageReading(),
            _ when StartsWithAny(name, InsightPrefixes) => InsightCall(data) is { } id
                ? new InsightReading(id, name[..name.IndexOf('.', StringComparison.Ordinal)])
                : new UnknownReading($"{name} without a call"),
            _ when StartsWithAny(name, OtherPrefixes) => new OtherReading(),
            _ => new UnknownReading($"{name} is not known"),
        };
    }

    private static string? InsightCall(JsonElement data) =>
        data.Text("call_id", 64) ?? data.Member("call").Text("id", 64);

    private static bool StartsWithAny(string name, string[] prefixes) =>
        Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
