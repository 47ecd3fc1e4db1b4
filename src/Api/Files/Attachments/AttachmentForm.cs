using ChargeCars.Files;
using ChargeCars.Files.Attachments;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>
/// Reads a form with a file as it comes in, so that the file goes straight into the store and never into memory. Its fields may stand
/// before or behind the file.
/// </summary>
internal sealed class AttachmentForm
{
    private const int LongestField = 200;
    private const int LongestBoundary = 100;
    private readonly Dictionary<string, string[]> _faults = [];
    private readonly Dictionary<string, string> _fields = [];
    private SentName _name;
    private bool _isCutShort;

    /// <summary>What the store has of it; null where no file was in the form.</summary>
    public StoredContent? Content { get; private set; }

    /// <summary>What the sender says of the file, or what is wrong with it.</summary>
    public Result<NewAttachment> Read()
    {
        var type = Field("entityType", text => WireText.TryParse<AttachmentOwner>(text, out var word) ? word : (AttachmentOwner?)null, $"must be one of {string.Join(", ", WireText.All<AttachmentOwner>())}");
        var id = Field("entityId", text => Guid.TryParse(text, out var value) ? value : (Guid?)null, "must be a uuid");
        var isPublic = _fields.ContainsKey("isPublic")
            && Field("isPublic", text => text is "true" or "false" ? text == "true" : (bool?)null, "must be true or false") is true;
        if (Content is null && !_isCutShort)
        {
            _faults.TryAdd("file", ["is required: a part with a file name"]);
        }
        else if (Content?.Size == 0)
        {
            _faults.TryAdd("file", ["is empty"]);
        }

        return _faults.Count > 0 ? new Invalid(_faults) : new NewAttachment(type!.Value, id!.Value, _name.Name, _name.SentAs, isPublic);
    }

    /// <summary>Whether the fields that were read until now are sound, as far as they are there: a file for nobody is not waited for.</summary>
    private bool IsSoundSoFar => _faults.Count == 0;

    /// <summary>Reads the body.</summary>
    /// <exception cref="BadHttpRequestException">It is no form, or broke off.</exception>
    /// <exception cref="FileTooLargeException">The file has more bytes than one may have.</exception>
    public static async Task<AttachmentForm> ReadAsync(HttpRequest request, AttachmentFiles files, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= LongestBoundary } boundary)
        {
            throw new BadHttpRequestException("Send multipart/form-data with the fields entityType, entityId and file.", StatusCodes.Status415UnsupportedMediaType);
        }

        var form = new AttachmentForm();
        try
        {
            var reader = new MultipartReader(boundary.ToString(), request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024 };
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (!await form.TakeAsync(section, files, cancellation))
                {
                    form._isCutShort = true;
                    break;
                }
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            await form.DiscardAsync(files);
            throw new BadHttpRequestException("The form can't be read to its end.", fault);
        }
        catch
        {
            await form.DiscardAsync(files);
            throw;
        }

        return form;
    }

    /// <summary>Removes what was kept of the file.</summary>
    public Task DiscardAsync(AttachmentFiles files) => Content is { } content ? files.DiscardAsync(content.StoredName) : Task.CompletedTask;

    // False where it is no use to read on.
    private async Task<bool> TakeAsync(MultipartSection section, AttachmentFiles files, CancellationToken cancellation)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is not { Length: > 0 } name)
        {
            throw new InvalidDataException("A part of the form has no name.");
        }

        switch (name)
        {
            case "file" when Content is not null:
                _faults["file"] = ["is given more than once"];
                return false;
            case "file" when !IsSoundSoFar:
                return false;
            case "file":
                _name = SentName.Of(HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString());
                Content = await files.KeepAsync(section.Body, cancellation);
                return true;
            case "entityType" or "entityId" or "isPublic":
                var text = await TextAsync(section.Body, cancellation);
                if (text is null || !_fields.TryAdd(name, text))
                {
                    _faults[name] = [text is null ? $"must be at most {LongestField} characters" : "is given more than once"];
                }

                return true;
            default:
                _faults[StorableText.Fault(name) is null ? name : "body"] = ["is not a field that can be set here"];
                return true;
        }
    }

    private static async Task<string?> TextAsync(Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[LongestField + 1];
        var read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return read > LongestField ? null : System.Text.Encoding.UTF8.GetString(bytes, 0, read);
    }

    private T? Field<T>(string name, Func<string, T?> parse, string expected) where T : struct
    {
        if (_fields.TryGetValue(name, out var text) && parse(text) is { } value)
        {
            return value;
        }

        // What was not read to its end may have it.
        if (text is not null || !_isCutShort)
        {
            _faults.TryAdd(name, [text is null ? "is required" : expected]);
        }

        return null;
    }
}
