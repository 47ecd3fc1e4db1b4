namespace ChargeCars.Silo.Replay;

/// <summary>Something the person at the terminal must put right. The message is printed alone, without a stack trace.</summary>
internal class ReplayException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A trace that can't be read: names the file and, where there is one, the line.</summary>
internal sealed class TraceReadException(string file, long line, string problem, Exception? inner = null)
    : ReplayException(line > 0 ? $"{file}:{line}: {problem}" : $"{file}: {problem}", inner)
{
    public long Line { get; } = line;
}
