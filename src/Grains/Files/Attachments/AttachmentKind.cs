using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Reading;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Files.Attachments;

/// <summary>Files.</summary>
public sealed class AttachmentKind : IEntityKind<Attachment, AttachmentDetails>
{
    /// <inheritdoc/>
    public static RowMapping<Attachment> Rows { get; } = new("attachment");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["entityType"] = ListFilter.Word<AttachmentOwner>("entity_type"),
            ["entityId"] = ListFilter.Uuid("entity_id"),
            ["fileType"] = ListFilter.Word<FileSort>("file_type"),
            ["mimeType"] = ListFilter.Text("mime_type"),
            ["sha256"] = ListFilter.Text("sha256"),
            ["isPublic"] = ListFilter.Boolean("is_public"),
            ["uploadedByContactId"] = ListFilter.Uuid("uploaded_by_contact_id"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["fileName"] = new("file_name", "text") },
        "-createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(AttachmentDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("fileName", details.FileName, 1..200)
        .Satisfies("fileName", details.FileName, FaultOfName)
        .Invalid;

    /// <inheritdoc/>
    public static AttachmentDetails Normalized(AttachmentDetails details) => details with { FileName = PlainText.Tidy(details.FileName) };

    /// <inheritdoc/>
    public static Result<Outcome<Attachment>> Decide(Attachment state, EntityCommand<Attachment> command, DateTimeOffset now) => command switch
    {
        TakeThumbnail found => Outcome.Of(
            state with
            {
                ThumbnailName = found.StoredName ?? state.ThumbnailName,
                Metadata = (state.Metadata ?? new()) with { Width = found.Width, Height = found.Height },
            },
            "thumbnail_made"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of an attachment."),
    };

    /// <summary>What making a file known means. Pure.</summary>
    internal static Result<Outcome<Attachment>> Added(Attachment made, AddAttachment add) => Outcome.Of(
        made with
        {
            EntityType = add.EntityType,
            EntityId = add.EntityId,
            FileType = add.Content.Sort,
            FileSize = add.Content.Size,
            FileUrl = $"/api/attachments/{made.Id}/content",
            MimeType = add.Content.MimeType,
            Sha256 = add.Content.Sha256,
            UploadedByContactId = add.By,
            Metadata = add.SentAs is { } name ? new() { SentAs = name } : null,
            StoredName = add.Content.StoredName,
            Scope = add.Scope,
        },
        "created") with
    {
        Then = Thumbnails.CanBeMadeOf(add.Content.MimeType) ? [new DueCommand(made.Id, new MakeThumbnail())] : [],
    };

    /// <summary>What a deletion obliges to: the bytes go too, once it is certain that the row is gone.</summary>
    internal static Outcome<Attachment> Deleted(Attachment state, Outcome<Attachment> deleted) => deleted with
    {
        Then = [new DueCommand(state.Id, new EraseFiles([state.StoredName, .. state.ThumbnailName is { } thumbnail ? [thumbnail] : Array.Empty<string>()]))],
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(Attachment state) => state.Scope;

    /// <inheritdoc/>
    public static object Label(Attachment state) => new { state.FileName, state.EntityType, state.EntityId };

    /// <summary>Without its names in the store.</summary>
    public static object Told(Attachment state) => new
    {
        state.Id, state.EntityType, state.EntityId, state.FileName, state.FileType, state.MimeType, state.FileSize, state.IsPublic,
        HasThumbnail = state.ThumbnailName is not null, state.Version,
    };

    // A name that Clean would change leads somewhere, or deceives.
    private static string? FaultOfName(string name) =>
        PlainText.Tidy(name) is var tidy && FileNames.Clean(tidy, "", 1) != tidy
            ? "must be a plain file name: no path, none of < > : \" | ? *, no point at its end, at most 150 characters"
            : null;
}
