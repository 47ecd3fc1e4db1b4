using System.Collections.Concurrent;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>
/// Which vehicle a tracker, a plate or an id means. Every API node keeps what it has looked up; one query finds all that
/// a request asks for and the node doesn't know. Whoever follows the changes calls <see cref="Forget"/>.
/// </summary>
public sealed class VehicleDirectory(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>What is known holds for this at most, should a change ever be missed.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);

    /// <summary>From this age on it is asked for again before anybody needs it.</summary>
    private static readonly TimeSpan RefreshedAfter = KnownFor / 2;

    /// <summary>Vehicles in one query of a refresh.</summary>
    private const int RefreshedAtOnce = 500;

    /// <summary>A tracker sends before its vehicle is made: it should be heard soon after.</summary>
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(2);

    /// <summary>Names that are nobody's, at most: anyone can make them up.</summary>
    private const int MaxUnknown = 20_000;

    private const string Find = """
        WITH found AS (
            SELECT id FROM vehicle WHERE id = ANY($1)
            UNION SELECT id FROM vehicle WHERE device_id = ANY($2)
            UNION SELECT id FROM vehicle WHERE ulu_vehicle_id = ANY($2)
            UNION SELECT id FROM vehicle WHERE upper(regexp_replace(license_plate, '[^A-Za-z0-9]', '', 'g')) = ANY($3))
        SELECT id, device_id, ulu_vehicle_id, upper(regexp_replace(license_plate, '[^A-Za-z0-9]', '', 'g'))
        FROM vehicle JOIN found USING (id)
        """;

    private readonly ConcurrentDictionary<Guid, Entry> _known = new();
    private readonly ConcurrentDictionary<VehicleKey, Guid> _names = new();
    private readonly ConcurrentDictionary<VehicleKey, long> _unknown = new();
    private long _changes;

    /// <summary>Drops what is known of a vehicle that was made, changed or deleted.</summary>
    public void Forget(Guid vehicleId)
    {
        // A look-up that began before the change must not keep what it read.
        Interlocked.Increment(ref _changes);
        _unknown.Clear();
        Remove(vehicleId);
    }

    /// <summary>
    /// Asks again for what is half-way to its end, and drops who is no more. One by one at requests' expense, a fleet of
    /// ten thousand made hundreds of queries a second of that.
    /// </summary>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        var due = _known.Where(one => time.GetElapsedTime(one.Value.ReadAt, now) >= RefreshedAfter);
        foreach (var chunk in due.Chunk(RefreshedAtOnce))
        {
            var found = await LookUpAsync([.. chunk.SelectMany(one => KeysOf(one.Key, one.Value))], cancellation);
            foreach (var (id, _) in chunk)
            {
                if (!found.ContainsKey(VehicleKey.OfId(id)))
                {
                    Remove(id);
                }
            }
        }
    }

    /// <summary>Whether there is such a vehicle.</summary>
    public async ValueTask<bool> ExistsAsync(Guid vehicleId, CancellationToken cancellation) =>
        await FindAsync(VehicleKey.OfId(vehicleId), cancellation) is not null;

    /// <summary>The vehicle that a key names; null where nobody has the name.</summary>
    internal async ValueTask<Guid?> FindAsync(VehicleKey key, CancellationToken cancellation) =>
        TryKnow(key, time.GetTimestamp(), out var known) ? known
        : (await LookUpAsync([key], cancellation)).TryGetValue(key, out var found) ? found
        : null;

    /// <summary>The vehicle of each position without a fault, in their order; null where nobody has the name.</summary>
    internal async ValueTask<Guid?[]> ResolveAsync(PositionBatch batch, CancellationToken cancellation)
    {
        var vehicles = new Guid?[batch.Count];
        if (Resolve(batch, vehicles) is { } unknown)
        {
            var found = await LookUpAsync(unknown, cancellation);
            Fill(batch, vehicles, found);
        }

        return vehicles;
    }

    private void Remove(Guid vehicleId)
    {
        if (_known.TryRemove(vehicleId, out var entry))
        {
            foreach (var name in entry.Names)
            {
                _names.TryRemove(new(name, vehicleId));
            }
        }
    }

    /// <summary>The id, and the names by which it was found.</summary>
    private IEnumerable<VehicleKey> KeysOf(Guid id, Entry entry) =>
        [VehicleKey.OfId(id), .. entry.Names.Where(name => _names.TryGetValue(name, out var owner) && owner == id)];

    private HashSet<VehicleKey>? Resolve(PositionBatch batch, Guid?[] vehicles)
    {
        HashSet<VehicleKey>? unknown = null;
        var now = time.GetTimestamp();
        var positions = batch.Positions;
        for (var i = 0; i < positions.Length; i++)
        {
            ref readonly var position = ref positions[i];
            if (position.Fault is null && !TryKnow(position.Key, now, out vehicles[i]))
            {
                (unknown ??= []).Add(position.Key);
            }
        }

        return unknown;
    }

    private static void Fill(PositionBatch batch, Guid?[] vehicles, Dictionary<VehicleKey, Guid> found)
    {
        var positions = batch.Positions;
        for (var i = 0; i < positions.Length; i++)
        {
            if (vehicles[i] is null && positions[i].Fault is null && found.TryGetValue(positions[i].Key, out var id))
            {
                vehicles[i] = id;
            }
        }
    }

    /// <summary>True with the vehicle, or with null where it is known to be nobody's; false where it must be looked up.</summary>
    private bool TryKnow(VehicleKey key, long now, out Guid? vehicle)
    {
        vehicle = null;
        var id = key.Id;
        if ((key.Kind == VehicleKeyKind.Id || _names.TryGetValue(key, out id))
            && _known.TryGetValue(id, out var entry) && time.GetElapsedTime(entry.ReadAt, now) < KnownFor)
        {
            vehicle = id;
            return true;
        }

        return _unknown.TryGetValue(key, out var askedAt) && time.GetElapsedTime(askedAt, now) < UnknownFor;
    }

    private async Task<Dictionary<VehicleKey, Guid>> LookUpAsync(HashSet<VehicleKey> keys, CancellationToken cancellation)
    {
        var changes = Interlocked.Read(ref _changes);
        var found = new Dictionary<VehicleKey, Guid>();
        var entries = new List<(Guid Id, Entry Entry)>();
        var now = time.GetTimestamp();
        await using (var command = source.CreateCommand(Find))
        {
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, keys.Where(key => key.Kind == VehicleKeyKind.Id).Select(key => key.Id).ToArray()));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, [.. Texts(VehicleKeyKind.Device), .. Texts(VehicleKeyKind.Ulu)]));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, Texts(VehicleKeyKind.Plate)));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                var id = row.GetGuid(0);
                List<VehicleKey> names = [VehicleKey.OfPlate(row.GetString(3))];
                found[VehicleKey.OfId(id)] = id;
                found[names[0]] = id;
                if (row.Optional<string>(2) is { } ulu)
                {
                    // The tracker's own id goes first, should ULU use the same one for another vehicle.
                    names.Add(VehicleKey.OfDevice(ulu));
                    found.TryAdd(names[^1], id);
                    names.Add(VehicleKey.OfUlu(ulu));
                    found[names[^1]] = id;
                }

                if (row.Optional<string>(1) is { } device)
                {
                    names.Add(VehicleKey.OfDevice(device));
                    found[names[^1]] = id;
                }

                entries.Add((id, new(names, now)));
            }
        }

        if (Interlocked.Read(ref _changes) == changes)
        {
            Keep(keys, found, entries, now);
        }

        return found;

        string[] Texts(VehicleKeyKind kind) => [.. keys.Where(key => key.Kind == kind).Select(key => key.Text!)];
    }

    private void Keep(HashSet<VehicleKey> asked, Dictionary<VehicleKey, Guid> found, List<(Guid Id, Entry Entry)> entries, long now)
    {
        foreach (var (id, entry) in entries)
        {
            _known[id] = entry;
            foreach (var name in entry.Names)
            {
                // Only a name that was asked for was looked for among all vehicles, trackers and ULU alike.
                if (asked.Contains(name))
                {
                    _names[name] = found[name];
                }
            }
        }

        if (_unknown.Count > MaxUnknown)
        {
            _unknown.Clear();
        }

        foreach (var key in asked)
        {
            if (!found.ContainsKey(key))
            {
                _names.TryRemove(key, out _);
                _unknown[key] = now;
            }
        }
    }

    /// <param name="Names">By which it can be named, beside its id.</param>
    /// <param name="ReadAt">When, as a timestamp of the clock.</param>
    private sealed record Entry(IReadOnlyList<VehicleKey> Names, long ReadAt);
}
