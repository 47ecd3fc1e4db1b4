namespace ChargeCars.Silo.Replay;

/// <summary>Opens a trace as GPX or CSV: by what it begins with, for a GPX export is often called .xml.</summary>
internal static class TraceFile
{
    /// <param name="vehicle">Licence plate of all its positions; null: the file's own, or else the file's name.</param>
    /// <exception cref="TraceReadException">The file can't be opened or read.</exception>
    public static Trace Read(string path, CsvColumns columns, string? vehicle)
    {
        try
        {
            // Detects UTF-16 by its mark; without one it is UTF-8, as GPX and CSV almost always are.
            using var text = new StreamReader(path, detectEncodingFromByteOrderMarks: true);
            var name = Path.GetFileNameWithoutExtension(path).ToUpperInvariant();
            var isGpx = text.Peek() == '<' || path.EndsWith(".gpx", StringComparison.OrdinalIgnoreCase);
            return isGpx
                ? GpxReader.Read(text, path, vehicle ?? name)
                : CsvTraceReader.Read(text, path, columns, vehicle, otherwise: name);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new TraceReadException(path, 0, unreadable.Message, unreadable);
        }
    }
}
