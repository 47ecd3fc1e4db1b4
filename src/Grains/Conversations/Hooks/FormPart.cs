using ChargeCars.Conversations.Mail;
using ChargeCars.Platform.Reading;
using Microsoft.AspNetCore.WebUtilities;

namespace ChargeCars.Conversations.Hooks;

/// <summary>A field or file of a form, with its bytes: their charset may be told elsewhere.</summary>
/// <param name="Name">The field's.</param>
/// <param name="FileName">As sent; null of a field.</param>
/// <param name="ContentType">As sent.</param>
/// <param name="Content">The value.</param>
internal sealed record FormPart(string Name, string? FileName, string? ContentType, ReadOnlyMemory<byte> Content)
{
    private const int MaxParts = 1_000;

    /// <summary>Reads <c>multipart/form-data</c>; refused where it is none.</summary>
    public static async Task<Result<IReadOnlyList<FormPart>>> ReadAsync(Stream body, string boundary, CancellationToken cancellation)
    {
        try
        {
            List<FormPart> parts = [];
            var reader = new MultipartReader(boundary, body);
            while (parts.Count < MaxParts && await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (section.GetContentDispositionHeader() is { } disposition)
                {
                    using var content = new MemoryStream();
                    await section.Body.CopyToAsync(content, cancellation);
                    var fileName = Unquoted(disposition.FileNameStar.Value) ?? Unquoted(disposition.FileName.Value);
                    parts.Add(new(Unquoted(disposition.Name.Value) ?? "", fileName, section.ContentType, content.ToArray()));
                }
            }

            return parts;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or ArgumentException or FormatException)
        {
            return Invalid.Field("body", "must be multipart/form-data with the boundary that its header names");
        }
    }

    private static string? Unquoted(string? value) => CleanText.Of(value?.Trim('"'), 1_000);
}

/// <summary>The fields of a form, by name.</summary>
internal sealed class FormFields(IReadOnlyList<FormPart> parts)
{
    /// <summary>Files, in order.</summary>
    public IEnumerable<FormPart> Files => parts.Where(part =>
        part.FileName is not null || (part.Name.StartsWith("attachment", StringComparison.Ordinal) && part.ContentType is not null));

    /// <summary>The bytes of a field; null where there is none.</summary>
    public ReadOnlyMemory<byte>? Bytes(string name) => parts.FirstOrDefault(part => part.Name == name) is { } part ? part.Content : null;

    /// <summary>A field in its charset; UTF-8 or windows-1252 where none is told.</summary>
    public string? Text(string name, string? charset = null) => Bytes(name) is { } bytes ? MailText.Decode(bytes.Span, charset) : null;
}
