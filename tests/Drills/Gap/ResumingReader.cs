using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Changes;
using ChargeCars.Drills.Load;
using Npgsql;

namespace ChargeCars.Drills.Gap;

/// <summary>
/// A client that loses its connection all the time: of each page it keeps a random part, and now and then it resumes at a
/// sequence that it saw long ago, where it must find what it found then.
/// </summary>
internal sealed class ResumingReader(int number, NpgsqlDataSource source, Random random, DrillReport report)
{
    private readonly ChangeRows _rows = new(source);
    private readonly List<(long Sequence, Guid Entity)> _seen = [];

    public int Number { get; } = number;

    public int Seen => _seen.Count;

    public int Reads { get; private set; }

    public int Resumed { get; private set; }

    /// <summary>Reads until the writers have ended and all is read.</summary>
    public async Task RunAsync(Task writers)
    {
        while (true)
        {
            var ended = writers.IsCompleted;
            if (!ended && _seen.Count > 0 && random.Next(5) == 0)
            {
                await ReadAgainAsync(random.Next(_seen.Count));
                continue;
            }

            var last = _seen.Count == 0 ? 0 : _seen[^1].Sequence;
            var (page, maximum) = await _rows.AfterAsync(last, CancellationToken.None);
            Reads++;
            Take(page.Take(ended ? page.Count : random.Next(page.Count + 1)));
            if (ended && (_seen.Count == 0 ? 0 : _seen[^1].Sequence) == maximum)
            {
                return;
            }

            await Task.Delay(random.Next(0, 5));
        }
    }

    /// <summary>Everything that was committed, once, in order.</summary>
    public void Compare(List<(long Sequence, Guid Entity)> table)
    {
        var seen = _seen.Select(change => change.Sequence).ToHashSet();
        foreach (var (sequence, _) in table.Where(row => !seen.Contains(row.Sequence)))
        {
            report.Violation($"reader {Number} never saw sequence {sequence}");
        }

        report.Require(_seen.SequenceEqual(table), () => $"reader {Number} saw {_seen.Count} changes, the table has {table.Count}, and they are not the same in the same order");
    }

    private void Take(IEnumerable<ChangeEvent> changes)
    {
        foreach (var change in changes)
        {
            var last = _seen.Count == 0 ? 0 : _seen[^1].Sequence;
            report.Require(change.Sequence == last + 1, () => $"reader {Number} got sequence {change.Sequence} after {last}");
            _seen.Add((change.Sequence, change.EntityId));
        }
    }

    private async Task ReadAgainAsync(int index)
    {
        var (page, _) = await _rows.AfterAsync(_seen[index].Sequence, CancellationToken.None);
        Reads++;
        Resumed++;
        for (var i = 0; i < page.Count && index + 1 + i < _seen.Count; i++)
        {
            var (before, now) = (_seen[index + 1 + i], (page[i].Sequence, page[i].EntityId));
            report.Require(before == now, () => $"reader {Number} resumed after {_seen[index].Sequence} and got {now} where it had got {before}");
        }
    }
}
