using System.Text.Json;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Telephony;

/// <summary>What webhook bodies come to.</summary>
internal static class AircallStory
{
    /// <inheritdoc cref="CallStory.Of"/>
    public static IReadOnlyList<byte[]> Of(int seed) => CallStory.Of(seed);

    /// <summary>The row that events come to, in the order given.</summary>
    public static Call Row(IEnumerable<byte[]> bodies) =>
        bodies.Select(Event).Aggregate((Call?)null, (call, said) => CallMerge.Apply(call, said))!;

    /// <summary>The event of a body.</summary>
    public static CallEvent Event(byte[] body) =>
        Assert.IsType<CallReading>(AircallReader.Read(AircallEnvelope.Read(body).Value!)).Event;

    /// <summary>A body with any members.</summary>
    public static byte[] Body(string name, long at, object data) => JsonSerializer.SerializeToUtf8Bytes(
        new { resource = "call", @event = name, timestamp = at, token = "secret", data });
}
