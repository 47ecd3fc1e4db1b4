using System.Text;
using ChargeCars.Files.Attachments;

namespace ChargeCars.Files;

/// <summary>
/// What a file is, by its first bytes (https://mimesniff.spec.whatwg.org and the formats' own pages). Its name is not asked: a program
/// that is called photo.jpg is a program.
/// </summary>
public static class FileContent
{
    /// <summary>How many of the first bytes are looked at.</summary>
    public const int HeadSize = 4096;

    private const string Bytes = "application/octet-stream";

    private static readonly (int At, byte[] Mark, string Type, FileSort Sort)[] Marks =
    [
        (0, [0xFF, 0xD8, 0xFF], "image/jpeg", FileSort.Image),
        (0, [0x89, .. "PNG\r\n\x1A\n"u8], "image/png", FileSort.Image),
        (0, [.. "GIF87a"u8], "image/gif", FileSort.Image),
        (0, [.. "GIF89a"u8], "image/gif", FileSort.Image),
        (8, [.. "WEBP"u8], "image/webp", FileSort.Image),
        (0, [.. "II*\0"u8], "image/tiff", FileSort.Image),
        (0, [.. "MM\0*"u8], "image/tiff", FileSort.Image),
        (0, [.. "%PDF-"u8], "application/pdf", FileSort.Document),
        (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "application/x-ole-storage", FileSort.Document),
        (0, [.. "{\\rtf"u8], "application/rtf", FileSort.Document),
        (8, [.. "AVI "u8], "video/x-msvideo", FileSort.Video),
        (8, [.. "WAVE"u8], "audio/wav", FileSort.Audio),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "video/webm", FileSort.Video),
        (0, [.. "ID3"u8], "audio/mpeg", FileSort.Audio),
        (0, [0xFF, 0xFB], "audio/mpeg", FileSort.Audio),
        (0, [.. "OggS"u8], "audio/ogg", FileSort.Audio),
        (0, [.. "fLaC"u8], "audio/flac", FileSort.Audio),
        (0, [.. "#!AMR"u8], "audio/amr", FileSort.Audio),
        (0, [0x1F, 0x8B], "application/gzip", FileSort.Archive),
        (0, [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed", FileSort.Archive),
        (0, [.. "Rar!\x1A\x07"u8], "application/vnd.rar", FileSort.Archive),
        (257, [.. "ustar"u8], "application/x-tar", FileSort.Archive),
    ];

    // The brands of the ISO base media file format, which pictures and films share.
    private static readonly (string Brand, string Type, FileSort Sort)[] Brands =
    [
        ("avif", "image/avif", FileSort.Image), ("heic", "image/heic", FileSort.Image), ("heix", "image/heic", FileSort.Image),
        ("hevc", "image/heic", FileSort.Image), ("mif1", "image/heif", FileSort.Image), ("msf1", "image/heif", FileSort.Image),
        ("M4A ", "audio/mp4", FileSort.Audio), ("qt  ", "video/quicktime", FileSort.Video), ("3gp", "video/3gpp", FileSort.Video),
    ];

    private static readonly (string Entry, string Type)[] Packed =
    [
        ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        ("application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    ];

    private static readonly string[] MarkupOfPages = ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<style"];

    /// <summary>The media type and the sort of a file.</summary>
    /// <param name="head">Its first <see cref="HeadSize"/> bytes, or all of it.</param>
    public static (string Type, FileSort Sort) Of(ReadOnlySpan<byte> head)
    {
        foreach (var (at, mark, type, sort) in Marks)
        {
            if (head.Length >= at + mark.Length && head.Slice(at, mark.Length).SequenceEqual(mark) && (at != 8 || head.StartsWith("RIFF"u8)))
            {
                return (type, sort);
            }
        }

        // Four bytes of nothing follow the size, which no text has.
        if (head.Length > 14 && head.StartsWith("BM"u8) && head[6..10].IndexOfAnyExcept((byte)0) < 0)
        {
            return ("image/bmp", FileSort.Image);
        }

        return head.Length >= 12 && head[4..].StartsWith("ftyp"u8) ? OfMedia(head)
            : head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8) ? OfZip(head)
            : OfText(head);
    }

    /// <summary>Whether a browser shows a picture of this type and can be made to do nothing else with it.</summary>
    public static bool IsShownByBrowsers(string type) => type is "image/jpeg" or "image/png" or "image/gif" or "image/webp" or "image/avif";

    /// <summary>The type that a file may be served as: one that makes no browser run it, whatever it is.</summary>
    public static string ServedAs(string type) => type switch
    {
        "text/html" or "image/svg+xml" or "application/xml" => Bytes,
        _ when type.StartsWith("text/", StringComparison.Ordinal) || type == "application/json" => "text/plain; charset=utf-8",
        _ => type,
    };

    private static (string, FileSort) OfMedia(ReadOnlySpan<byte> head)
    {
        foreach (var (brand, type, sort) in Brands)
        {
            if (head[8..].StartsWith(Encoding.ASCII.GetBytes(brand)))
            {
                return (type, sort);
            }
        }

        return ("video/mp4", FileSort.Video);
    }

    private static (string, FileSort) OfZip(ReadOnlySpan<byte> head)
    {
        foreach (var (entry, type) in Packed)
        {
            if (head.IndexOf(Encoding.ASCII.GetBytes(entry)) >= 0)
            {
                return (type, FileSort.Document);
            }
        }

        return ("application/zip", FileSort.Archive);
    }

    private static (string, FileSort) OfText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((byte[])[0xFF, 0xFE]) || head.StartsWith((byte[])[0xFE, 0xFF]))
        {
            // UTF-16: not read further, and not served as anything but text.
            return ("text/plain", FileSort.Text);
        }

        if (TextOf(head) is not { } text)
        {
            return (Bytes, FileSort.Other);
        }

        var start = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return MarkupOfPages.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase)) && !text.Contains("<svg", StringComparison.OrdinalIgnoreCase)
                ? ("text/html", FileSort.Text)
            : text.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? ("image/svg+xml", FileSort.Text)
            : start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) ? ("application/xml", FileSort.Text)
            : start.StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase) ? ("text/calendar", FileSort.Text)
            : start.StartsWith("BEGIN:VCARD", StringComparison.OrdinalIgnoreCase) ? ("text/vcard", FileSort.Text)
            : start is ['{' or '[', ..] ? ("application/json", FileSort.Text)
            : ("text/plain", FileSort.Text);
    }

    /// <summary>The bytes as text; null where they are none. The last character may be cut off.</summary>
    private static string? TextOf(ReadOnlySpan<byte> head)
    {
        foreach (var value in head)
        {
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
            {
                return null;
            }
        }

        var text = Encoding.UTF8.GetString(head);
        var broken = text.IndexOf('\uFFFD', StringComparison.Ordinal);
        return broken < 0 || (head.Length >= HeadSize && broken >= text.Length - 3) ? text : Encoding.Latin1.GetString(head);
    }
}
