using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChargeCars.Api.Platform.Live;

/// <summary>What one moment of the database says to all who watch the same thing, encoded.</summary>
/// <param name="Sequence">The last sequence of that moment.</param>
/// <param name="Resumed">Whether the gap was still kept.</param>
/// <param name="Vehicles">The vehicles with the newest position that is known.</param>
/// <param name="Changes">The gap.</param>
/// <param name="Inside">Whose position it tells to be inside the area that is watched.</param>
internal sealed record WatchMoment(long Sequence, bool Resumed, EncodedItems Vehicles, EncodedItems Changes, IReadOnlyList<Guid> Inside)
{
    /// <summary>Bytes of JSON.</summary>
    public long Length => Vehicles.Length + Changes.Length;
}

/// <summary>
/// What a client starts from: <c>{ sequence, resumed, vehicles, changes }</c>. Changes after <c>sequence</c> follow as
/// <c>changes</c>. <c>resumed</c> says whether <c>changes</c> are all that the client missed, ascending by sequence, with the
/// vehicles whose position may be news to it; else <c>changes</c> is empty and <c>vehicles</c>, which are all that are watched,
/// replaces what the client has.
/// </summary>
[JsonConverter(typeof(Converter))]
internal sealed class WatchAnswer(WatchMoment moment)
{
    private readonly TaskCompletionSource _encoded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it is in the connection's buffer, all of it: SignalR tells nobody.</summary>
    public Task Encoded => _encoded.Task;

    private sealed class Converter : JsonConverter<WatchAnswer>
    {
        public override WatchAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Nobody sends the host an answer.");

        public override void Write(Utf8JsonWriter writer, WatchAnswer value, JsonSerializerOptions options) => value.WriteTo(writer);
    }

    private void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("sequence", moment.Sequence);
        writer.WriteBoolean("resumed", moment.Resumed);
        writer.WritePropertyName("vehicles");
        moment.Vehicles.WriteTo(writer);
        writer.WritePropertyName("changes");
        moment.Changes.WriteTo(writer);
        writer.WriteEndObject();
        _encoded.TrySetResult();
    }
}
