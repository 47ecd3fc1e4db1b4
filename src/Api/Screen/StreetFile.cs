using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Screen;

/// <summary>The operator's file of streets (PMTiles), served in ranges of bytes: a page reads of it what it shows.</summary>
internal static class StreetFile
{
    /// <summary>Where it is served.</summary>
    public const string Route = "/map/streets.pmtiles";

    private static ReadOnlySpan<byte> Head => "PMTiles\u0003"u8;

    /// <summary>Why a file can't be one; null where it can.</summary>
    public static string? FaultOf(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> head = stackalloc byte[Head.Length];
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Head) ? null : $"must be a PMTiles file of version 3, which {path} is not";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"must be a file that can be read: {fault.Message}";
        }
    }

    /// <summary>Answers with the file or a part of it. The page asks again for what it has read before only after an hour.</summary>
    public static IResult Answer(string? path, HttpContext http)
    {
        if (path is null)
        {
            return TypedResults.NotFound();
        }

        var file = new FileInfo(path);
        http.Response.Headers.CacheControl = "private, max-age=3600";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.PhysicalFile(
            file.FullName, "application/vnd.pmtiles", lastModified: file.LastWriteTimeUtc, enableRangeProcessing: true,
            entityTag: new EntityTagHeaderValue($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\""));
    }
}
