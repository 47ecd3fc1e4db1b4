namespace ChargeCars.Silo.Replay;

/// <summary>What of a file is not replayed, or not as it stands there: all in number, the first hundred by line.</summary>
internal sealed class TraceFaults(string file)
{
    private const int MostTold = 100;

    private readonly List<(long Line, string Problem)> _first = [];

    public string File { get; } = file;

    public long Count { get; private set; }

    public void Add(long line, string problem)
    {
        Count++;
        if (_first.Count < MostTold)
        {
            _first.Add((line, problem));
        }
    }

    /// <summary>For the person at the terminal, a line each.</summary>
    public IEnumerable<string> Told()
    {
        foreach (var (line, problem) in _first)
        {
            yield return $"{File}:{line}: {problem}";
        }

        if (Count > _first.Count)
        {
            yield return $"{File}: and {Count - _first.Count} more";
        }
    }

    /// <summary>The fault of a file in which nothing is good.</summary>
    public TraceReadException Nothing() => _first is [var (line, problem), ..]
        ? new(File, line, Count > 1 ? $"{problem}, and {Count - 1} more: holds no position that can be replayed" : problem)
        : new(File, 0, "holds no position with a time");
}
