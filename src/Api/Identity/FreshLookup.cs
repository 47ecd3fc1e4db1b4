using System.Collections.Concurrent;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Rows by id, in the memory of this node: a warm look-up makes no round trip. A row is read again after
/// <see cref="Freshness"/>, the bound on how long a change elsewhere can go unnoticed should its change event be lost;
/// <see cref="Forget"/> makes it unread at once.
/// </summary>
/// <remarks>
/// An entry is the read itself, not its outcome. So one read serves all who ask meanwhile, and forgetting also covers a
/// read that is under way: what it saw may be from before the change and is never kept.
/// </remarks>
internal abstract class FreshLookup<T>(TimeProvider time) where T : class
{
    /// <summary>How long what was read counts.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    /// <summary>How long the absence of a row counts: short, as the row may be made on another node.</summary>
    public static readonly TimeSpan AbsentFreshness = TimeSpan.FromSeconds(5);

    /// <summary>Ids are guessed at will by whoever wants to fill our memory.</summary>
    private const int AbsentCapacity = 1_000;

    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _absent = new();

    protected TimeProvider Time { get; } = time;

    /// <summary>How long what was read counts here.</summary>
    protected virtual TimeSpan CountsFor => Freshness;

    /// <summary>The row; null where there is none.</summary>
    public ValueTask<T?> FindAsync(Guid id)
    {
        var now = Time.GetUtcNow();
        if (_entries.TryGetValue(id, out var entry) && now - entry.Since < CountsFor)
        {
            return new(entry.Reading.Value);
        }

        if (_absent.TryGetValue(id, out var since))
        {
            if (now - since < AbsentFreshness)
            {
                return new((T?)null);
            }

            _absent.TryRemove(new(id, since));
        }

        return new(ReadAsync(id, now, entry));
    }

    /// <summary>Whether the row was there when it was last read, or is being read.</summary>
    public bool Remembers(Guid id) => _entries.ContainsKey(id);

    /// <summary>Reads the row again when it is used next: a change event told of it.</summary>
    public void Forget(Guid id)
    {
        _entries.TryRemove(id, out _);
        _absent.TryRemove(id, out _);
    }

    /// <summary>Reads every row again.</summary>
    public void ForgetAll()
    {
        _entries.Clear();
        _absent.Clear();
    }

    protected abstract Task<T?> ReadAsync(Guid id);

    private async Task<T?> ReadAsync(Guid id, DateTimeOffset now, Entry? stale)
    {
        var fresh = new Entry(now, new(() => ReadAsync(id)));
        var entry = stale is not null && _entries.TryUpdate(id, fresh, stale) ? fresh : _entries.GetOrAdd(id, fresh);
        try
        {
            var found = await entry.Reading.Value;
            if (found is null && _entries.TryRemove(new(id, entry)) && _absent.Count < AbsentCapacity)
            {
                _absent[id] = now;
            }

            return found;
        }
        catch
        {
            // A database that did not answer is no answer to keep.
            _entries.TryRemove(new(id, entry));
            throw;
        }
    }

    private sealed class Entry(DateTimeOffset since, Lazy<Task<T?>> reading)
    {
        public DateTimeOffset Since { get; } = since;

        public Lazy<Task<T?>> Reading { get; } = reading;
    }
}
