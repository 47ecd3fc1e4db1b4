using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ChargeCars.Api.Identity;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using Orleans.Concurrency;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>
/// Brings a batch to its vehicles' grains, a call a vehicle, all at once, and the outcomes back in the batch's order.
/// Whatever format the batch came in.
/// </summary>
internal sealed class PositionIntake(VehicleDirectory directory, IGrainFactory grains)
{
    // GetGrain reads the interface's attributes by reflection every time: a sixth of a fix's cost. As many as there are vehicles.
    private readonly ConcurrentDictionary<Guid, IVehicleGrain> _grains = new();

    /// <summary>One outcome for each position. Throws when some could not be written; all may then be sent again.</summary>
    /// <param name="batch">The positions.</param>
    /// <param name="sender">Who sends them: a vehicle that is out of their scope is unknown to them. Null for the host's own feeds.</param>
    /// <param name="cancellation">Ends the look-up of the vehicles.</param>
    // Most trackers send what they have at once, one fix: nothing to group and nothing to put in order.
    public Task<FixResult[]> RecordAsync(PositionBatch batch, Caller? sender, CancellationToken cancellation) =>
        batch.Count == 1 ? RecordOneAsync(batch, sender, cancellation) : RecordAllAsync(batch, sender, cancellation);

    private async Task<FixResult[]> RecordOneAsync(PositionBatch batch, Caller? sender, CancellationToken cancellation)
    {
        var vehicle = batch.Positions[0].Fault is null ? await directory.FindAsync(batch.Positions[0].Key, cancellation) : null;
        var results = vehicle is { } id && sender?.SeesVehicle(id) is not false
            ? (await GrainOf(id).RecordAsync([batch.Positions[0].Fix])).Value
            : [Refusal(batch.Positions[0])];
        PositionMetrics.Count(results);
        return results;
    }

    private async Task<FixResult[]> RecordAllAsync(PositionBatch batch, Caller? sender, CancellationToken cancellation)
    {
        var vehicles = await directory.ResolveAsync(batch, cancellation);
        if (sender?.VisibleVehicles() is not null)
        {
            HideForeign(vehicles, sender);
        }

        var results = new FixResult[batch.Count];
        var groups = Group(batch, vehicles, results);
        var calls = new Task<Immutable<FixResult[]>>[groups.Count];
        for (var i = 0; i < calls.Length; i++)
        {
            calls[i] = GrainOf(groups[i].VehicleId).RecordAsync(groups[i].Fixes);
        }

        await Task.WhenAll(calls);
        for (var i = 0; i < calls.Length; i++)
        {
            var outcomes = (await calls[i]).Value;
            for (var j = 0; j < outcomes.Length; j++)
            {
                results[groups[i].Indices[j]] = outcomes[j];
            }
        }

        PositionMetrics.Count(results);
        return results;
    }

    private IVehicleGrain GrainOf(Guid vehicle) =>
        _grains.GetOrAdd(vehicle, static (id, grains) => grains.GetGrain<IVehicleGrain>(id), grains);

    private static FixResult Refusal(in ParsedPosition position) => position.Fault is { } fault
        ? new(FixOutcome.Malformed, fault)
        : new(FixOutcome.UnknownVehicle, $"there is no {position.Key}");

    private static void HideForeign(Guid?[] vehicles, Caller sender)
    {
        foreach (ref var vehicle in vehicles.AsSpan())
        {
            if (vehicle is { } id && !sender.SeesVehicle(id))
            {
                vehicle = null;
            }
        }
    }

    private static List<Share> Group(PositionBatch batch, Guid?[] vehicles, FixResult[] results)
    {
        var shares = new List<Share>();
        var numbers = new Dictionary<Guid, int>();
        var positions = batch.Positions;
        for (var i = 0; i < positions.Length; i++)
        {
            if (vehicles[i] is not { } id)
            {
                results[i] = Refusal(positions[i]);
                continue;
            }

            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, id, out var known);
            if (!known)
            {
                number = shares.Count;
                shares.Add(new(id));
            }

            shares[number].Count++;
        }

        for (var i = 0; i < positions.Length; i++)
        {
            if (vehicles[i] is { } id)
            {
                shares[numbers[id]].Add(i, positions[i].Fix);
            }
        }

        return shares;
    }

    /// <summary>One vehicle's part of a batch, in the order in which it came.</summary>
    private sealed class Share(Guid vehicleId)
    {
        private int _next;

        public Guid VehicleId { get; } = vehicleId;

        /// <summary>How many fixes there will be; known before the first is added.</summary>
        public int Count { get; set; }

        public PositionFix[] Fixes { get; private set; } = [];

        public int[] Indices { get; private set; } = [];

        public void Add(int index, in PositionFix fix)
        {
            if (_next == 0)
            {
                (Fixes, Indices) = (new PositionFix[Count], new int[Count]);
            }

            Indices[_next] = index;
            Fixes[_next++] = fix;
        }
    }
}
