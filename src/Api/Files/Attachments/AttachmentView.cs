using ChargeCars.Files.Attachments;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>A file as clients see it. Sizes are bytes, times UTC; <c>thumbnailUrl</c> is null where there is none, or none yet.</summary>
public sealed record AttachmentView(
    Guid Id, AttachmentOwner EntityType, Guid EntityId, string FileName, FileSort FileType, int FileSize, string FileUrl, string? ThumbnailUrl, string MimeType, string Sha256,
    Guid? UploadedByContactId, bool IsPublic, AttachmentMetadata? Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    internal static AttachmentView Of(Attachment file) => new(
        file.Id, file.EntityType, file.EntityId, file.FileName, file.FileType, file.FileSize, file.FileUrl,
        file.ThumbnailName is null ? null : $"{AttachmentAccess.Route}/{file.Id}/thumbnail", file.MimeType, file.Sha256, file.UploadedByContactId, file.IsPublic, file.Metadata,
        file.CreatedAt, file.UpdatedAt, file.Version);
}
