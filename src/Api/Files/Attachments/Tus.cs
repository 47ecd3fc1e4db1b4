using System.Globalization;
using System.Text;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>The headers of the tus protocol.</summary>
internal static class Tus
{
    /// <summary>The one version that is spoken.</summary>
    public const string Version = "1.0.0";

    private const int LongestMetadata = 4096;

    /// <summary>What an upload is begun with.</summary>
    /// <param name="File">What the sender says of the file.</param>
    /// <param name="Length">How many bytes it will have.</param>
    internal sealed record Creation(NewAttachment File, long Length);

    /// <summary>Reads what a creation says; every fault is named by its header, or by the key of the metadata.</summary>
    public static Result<Creation> ReadCreation(IHeaderDictionary headers)
    {
        var (faults, length) = (new FieldFaults(), ReadNumber(headers["Upload-Length"]));
        faults.Rule("Upload-Length", length is null or 0, headers.ContainsKey("Upload-Defer-Length") ? "is required: it can't be told later" : "is required: a whole number above 0");
        var metadata = ReadMetadata(headers["Upload-Metadata"].ToString());
        if (metadata is null)
        {
            return Invalid.Field("Upload-Metadata", $"must be keys with base64 values, separated by commas, at most {LongestMetadata} characters");
        }

        var type = WireText.TryParse<AttachmentOwner>(metadata.GetValueOrDefault("entityType", ""), out var word) ? word : (AttachmentOwner?)null;
        var id = Guid.TryParse(metadata.GetValueOrDefault("entityId"), out var value) ? value : (Guid?)null;
        var isPublic = metadata.GetValueOrDefault("isPublic", "false");
        faults.OneOf("entityType", type)
            .Rule("entityId", id is null, "is required: a uuid")
            .Rule("isPublic", isPublic is not ("true" or "false"), "must be true or false");
        if (faults.Invalid is { } invalid)
        {
            return invalid;
        }

        var name = SentName.Of(metadata.GetValueOrDefault("filename"));
        return new Creation(new(type!.Value, id!.Value, name.Name, name.SentAs, isPublic == "true"), length!.Value);
    }

    /// <summary>A header's number; null where it is none.</summary>
    public static long? ReadNumber(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A number as headers have it.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Says where an upload is.</summary>
    public static void Tell(IHeaderDictionary headers, AttachmentUpload upload)
    {
        headers["Upload-Offset"] = Number(upload.Received);
        headers["Upload-Length"] = Number(upload.Length);
        headers["Upload-Expires"] = upload.ExpiresAt.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>The metadata by its keys, whatever they are: other clients send others too. Null where it can't be read.</summary>
    private static Dictionary<string, string>? ReadMetadata(string text)
    {
        if (text.Length > LongestMetadata)
        {
            return null;
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var space = pair.IndexOf(' ', StringComparison.Ordinal);
            var (key, value) = space < 0 ? (pair, "") : (pair[..space], pair[(space + 1)..].Trim());
            var bytes = new byte[value.Length];
            if (!Convert.TryFromBase64String(value, bytes, out var length) || !metadata.TryAdd(key, Encoding.UTF8.GetString(bytes, 0, length)))
            {
                return null;
            }
        }

        return metadata;
    }
}
