using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChargeCars.Platform.Reading;

namespace ChargeCars.Telephony.Aircall;

/// <summary>What Aircall wraps every event in: five members, always all of them. There is no id of the event.</summary>
/// <param name="Resource">What kind of thing <paramref name="Data"/> is. Events are told apart by <paramref name="Event"/>, not by this.</param>
/// <param name="Event">What happened, such as <c>call.ended</c>.</param>
/// <param name="At">When, by Aircall's clock, UTC.</param>
/// <param name="Token">The secret that proves the sender; never stored or logged.</param>
/// <param name="Data">The thing as it was then.</param>
/// <param name="Whole">All that came.</param>
internal sealed record AircallEnvelope(string Resource, string Event, DateTimeOffset At, string Token, JsonElement Data, JsonElement Whole)
{
    private const int MaxName = 200;

    /// <summary>Reads a body; refuses, by field, what is neither the envelope nor a callback. Members beside the five are ignored.</summary>
    /// <param name="body">As it came.</param>
    /// <param name="tokenInPath">The token in the address that it came to; counts where the body has none.</param>
    /// <param name="receivedAt">When it came, UTC; of a callback that says no time.</param>
    public static Result<AircallEnvelope> Read(ReadOnlyMemory<byte> body, string? tokenInPath = null, DateTimeOffset? receivedAt = null)
    {
        if (LooseJson.Parse(body) is not { ValueKind: JsonValueKind.Object } envelope)
        {
            return Invalid.Field("body", "must be a JSON object with resource, event, timestamp, token and data");
        }

        var token = Word(envelope, "token") ?? tokenInPath;
        var time = envelope.Member("timestamp").Time();
        return envelope.Member("event") is null && Word(envelope, "event_name") is { } callback
            ? Callback(envelope, callback, time ?? receivedAt, token)
            : Usual(envelope, time, token);
    }

    // Numbers in proxy mode send these, once: by the name of their event, in milliseconds, with the message inside or as it is.
    private static Result<AircallEnvelope> Callback(JsonElement callback, string name, DateTimeOffset? time, string? token)
    {
        if (token is null || time is null)
        {
            return token is null ? Invalid.Field("token", "must be the webhook's token") : Invalid.Field("timestamp", "must be a time in unix milliseconds");
        }

        if (callback.Member("data") is { ValueKind: JsonValueKind.Object } data)
        {
            return new AircallEnvelope("message", name, time.Value, token, data, callback);
        }

        // Whoever looks for what was kept of a message looks in its data.
        var whole = LooseJson.Parse(Encoding.UTF8.GetBytes($$"""{"event_name":{{JsonSerializer.Serialize(name)}},"data":{{Redacted(callback)}}}"""));
        return new AircallEnvelope("message", name, time.Value, token, callback, whole ?? callback);
    }

    private static Result<AircallEnvelope> Usual(JsonElement envelope, DateTimeOffset? time, string? token)
    {
        var resource = Word(envelope, "resource");
        var name = Word(envelope, "event");
        var data = envelope.Member("data");
        var faults = new Dictionary<string, string[]>();
        Require(resource is not null, "resource", "must be text, such as \"call\"");
        Require(name is not null, "event", "must be text, such as \"call.ended\"");
        Require(time is not null, "timestamp", "must be a time in unix seconds");
        Require(token is not null, "token", "must be the webhook's token");
        Require(data is { ValueKind: JsonValueKind.Object }, "data", "must be an object");
        return faults.Count > 0
            ? new Invalid(faults)
            : new AircallEnvelope(resource!, name!, time!.Value, token!, data!.Value, envelope);

        void Require(bool isMet, string field, string fault)
        {
            if (!isMet)
            {
                faults[field] = [fault];
            }
        }
    }

    /// <summary>What came, as it may be stored and logged: every <c>token</c> at its top is blanked, all else is kept as far as it can be stored.</summary>
    public static string Redacted(JsonElement whole)
    {
        var written = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(written, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            LooseJson.WriteStorable(json, whole, name => name.Equals("token", StringComparison.OrdinalIgnoreCase) ? "[redacted]" : null);
        }

        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static string? Word(JsonElement envelope, string name) =>
        envelope.Member(name) is { ValueKind: JsonValueKind.String } word && word.GetRawText().Length <= MaxName
            ? CleanText.Of(LooseJson.Raw(word))
            : null;
}
