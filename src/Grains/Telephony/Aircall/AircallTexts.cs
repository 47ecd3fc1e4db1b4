using System.Collections.Frozen;
using System.Text.Json;
using ChargeCars.Platform.Reading;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Aircall;

/// <summary>What Aircall writes of a call, as its API answers it and as events may carry it. Total: nothing throws.</summary>
internal static class AircallTexts
{
    private const int MaxUtterances = 10_000;
    private const int MaxSpoken = 5_000;
    private const int MaxSummary = 50_000;
    private const int MaxTopics = 100;
    private const int MaxTopic = 200;

    /// <summary>The events that say that a text is there.</summary>
    public static FrozenDictionary<string, CallTextKind> Events { get; } = new Dictionary<string, CallTextKind>
    {
        ["transcription.created"] = CallTextKind.Transcription,
        ["summary.created"] = CallTextKind.Summary,
        ["topics.created"] = CallTextKind.Topics,
        ["sentiment.created"] = CallTextKind.Sentiment,
    }.ToFrozenDictionary();

    /// <summary>Where the API has it below a call, and the member of its answer that it is in.</summary>
    public static (string Path, string Member) PlaceOf(CallTextKind kind) => kind switch
    {
        CallTextKind.Transcription => ("transcription", "transcription"),
        CallTextKind.Summary => ("summary", "summary"),
        CallTextKind.Topics => ("topics", "topic"),
        _ => ("sentiments", "sentiment"),
    };

    /// <summary>The text; null where there is none, as in an event that only names the call.</summary>
    public static CallText? Read(CallTextKind kind, JsonElement? data) => kind switch
    {
        CallTextKind.Transcription => Transcription(data.Member("content")),
        CallTextKind.Summary => data.Text("content", MaxSummary) is { } summary ? new() { Summary = summary } : null,
        CallTextKind.Topics => Words(data.Member("content").Items(MaxTopics).Select(topic => ((JsonElement?)topic).Text(MaxTopic))) is { Count: > 0 } topics
            ? new() { Topics = topics }
            : null,
        // The customer's: that of colleagues is nothing for a dispatcher.
        _ => Words(data.Member("participants").Items().Where(one => one.Text("type", 20) != "internal")
            .Select(one => one.Text("value", 20)?.ToLowerInvariant())) is { Count: > 0 } moods
            ? new() { Sentiments = moods }
            : null,
    };

    private static CallText? Transcription(JsonElement? content)
    {
        List<CallUtterance> utterances =
        [
            .. content.Member("utterances").Items(MaxUtterances).Select(said => said.Text("text", MaxSpoken) is { } text
                ? new CallUtterance(Seconds(said.Member("start_time").Number()), said.Text("participant_type", 20) != "internal", said.Text("user_id", 64), text)
                : null).OfType<CallUtterance>(),
        ];
        return utterances.Count > 0 ? new() { Language = content.Text("language", 20), Utterances = utterances } : null;
    }

    private static int? Seconds(decimal? seconds) => seconds is >= 0 and < 1_000_000 ? (int)seconds : null;

    private static List<string> Words(IEnumerable<string?> words) => [.. words.OfType<string>().Distinct(StringComparer.Ordinal)];
}
