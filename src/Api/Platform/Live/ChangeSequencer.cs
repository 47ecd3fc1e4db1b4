using ChargeCars.Platform.Changes;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Puts changes back in the order of their sequences, whatever order, loss and repetition they arrive with. Sequences are
/// dense, so one that is missing is a hole that a reading of <c>change_event</c> fills. Pure; one thread.
/// </summary>
/// <param name="head">The last sequence that counts as delivered.</param>
/// <param name="room">Changes that may wait behind a hole; beyond it they are dropped and read again.</param>
internal sealed class ChangeSequencer(long head, int room)
{
    private readonly SortedDictionary<long, ChangeEvent> _early = [];
    private bool _dropped;

    /// <summary>The last sequence handed on.</summary>
    public long Head { get; private set; } = head;

    /// <summary>Whether something later than the head is known and something before it is not.</summary>
    public bool HasHole => _early.Count > 0 || _dropped;

    /// <summary>Takes what a stream brought; returns what now continues the head, in order.</summary>
    public IReadOnlyList<ChangeEvent> Take(IReadOnlyList<ChangeEvent> changes)
    {
        if (_early.Count == 0 && Continues(changes))
        {
            Head += changes.Count;
            return changes;
        }

        foreach (var change in changes)
        {
            if (change.Sequence > Head)
            {
                _early.TryAdd(change.Sequence, change);
            }
        }

        var continued = Continue([]);
        if (_early.Count > room)
        {
            _early.Clear();
            _dropped = true;
        }

        return continued;
    }

    /// <summary>
    /// Takes rows read after the head, ascending: what lies before the first of them is gone from the table for good, which
    /// <paramref name="lost"/> tells.
    /// </summary>
    public IReadOnlyList<ChangeEvent> TakeRead(IReadOnlyList<ChangeEvent> rows, out bool lost)
    {
        lost = rows.Count > 0 && rows[0].Sequence > Head + 1;
        if (lost)
        {
            Head = rows[0].Sequence - 1;
        }

        var continued = new List<ChangeEvent>(rows.Count);
        foreach (var row in rows)
        {
            if (row.Sequence == Head + 1)
            {
                continued.Add(row);
                Head++;
            }
        }

        return Continue(continued);
    }

    /// <summary>The table has been read to its end.</summary>
    public void CaughtUp() => _dropped = false;

    /// <summary>Starts afresh behind another head.</summary>
    public void Reset(long head)
    {
        Head = head;
        _dropped = false;
        _early.Clear();
    }

    private bool Continues(IReadOnlyList<ChangeEvent> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Sequence != Head + 1 + i)
            {
                return false;
            }
        }

        return true;
    }

    private List<ChangeEvent> Continue(List<ChangeEvent> continued)
    {
        while (_early.Count > 0)
        {
            var (sequence, change) = _early.First();
            if (sequence > Head + 1)
            {
                break;
            }

            _early.Remove(sequence);
            if (sequence == Head + 1)
            {
                continued.Add(change);
                Head++;
            }
        }

        return continued;
    }
}
