using ChargeCars.Platform.Changes;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>A message of changes, shared by all connections of a view: encoded once a protocol, when it is first written.</summary>
internal sealed class ChangeSlice(IReadOnlyList<ChangeEvent> changes)
{
    public IReadOnlyList<ChangeEvent> Changes { get; } = changes;

    public long Last => Changes[^1].Sequence;

    public SerializedHubMessage Message { get; } = Slices.Encode("changes", new ChangesMessage(changes));

    /// <summary>The part after a sequence; null when nothing is.</summary>
    public ChangeSlice? After(long sequence) =>
        Changes[0].Sequence > sequence ? this
        : Last <= sequence ? null
        : new([.. Changes.Where(change => change.Sequence > sequence)]);
}

/// <summary>A message of positions, shared by all connections of a view.</summary>
internal sealed record PositionSlice(PositionItem[] Items, SerializedHubMessage Message)
{
    public IEnumerable<Guid> Vehicles => Items.Select(item => item.VehicleId);
}

/// <summary>Makes the hub's messages.</summary>
internal sealed class Slices(IOptions<PositionOptions> options, TimeProvider time)
{
    public static SerializedHubMessage Encode(string target, object message) =>
        new(new InvocationMessage(target, [message]));

    /// <summary>Positions in messages of so many at most.</summary>
    public PositionSlice[] Of(ReadOnlySpan<LivePosition> positions, int perMessage)
    {
        var slices = new PositionSlice[(positions.Length + perMessage - 1) / perMessage];
        for (var i = 0; i < slices.Length; i++)
        {
            var first = i * perMessage;
            slices[i] = Of(positions.Slice(first, Math.Min(perMessage, positions.Length - first)));
        }

        return slices;
    }

    public PositionSlice Of(ReadOnlySpan<LivePosition> positions)
    {
        var now = time.GetUtcNow();
        var items = new PositionItem[positions.Length];
        for (var i = 0; i < items.Length; i++)
        {
            ref readonly var position = ref positions[i];
            items[i] = new(
                position.VehicleId, position.FixTime, position.Latitude, position.Longitude, position.SpeedKmh, position.HeadingDegrees,
                position.AccuracyMeters, position.OperationalStatus, options.Value.FreshnessOf(position.FixTime, now));
        }

        return new(items, Encode("positions", new PositionsMessage(items)));
    }
}
