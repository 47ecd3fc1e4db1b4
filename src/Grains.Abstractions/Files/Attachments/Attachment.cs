using ChargeCars.Platform.Changes;

namespace ChargeCars.Files.Attachments;

/// <summary>What an editor may set of a file.</summary>
[GenerateSerializer, Immutable, Alias("attachment-details")]
public record AttachmentDetails
{
    /// <summary>Its name, without a path; required.</summary>
    [Id(0)] public string FileName { get; init; } = "";

    /// <summary>Whether everybody who has its address may read it, also without credentials.</summary>
    [Id(1)] public bool IsPublic { get; init; }
}

/// <summary>A file that belongs to another entity. A row of <c>attachment</c>; its bytes are in the file store and never change.</summary>
[GenerateSerializer, Immutable, Alias("attachment")]
public sealed record Attachment : AttachmentDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The kind of entity that it belongs to, and that decides who may read it.</summary>
    [Id(4)] public AttachmentOwner EntityType { get; init; }

    /// <summary>That entity.</summary>
    [Id(5)] public Guid EntityId { get; init; }

    /// <summary>What sort of file it is, by its content.</summary>
    [Id(6)] public FileSort FileType { get; init; }

    /// <summary>Its size in bytes.</summary>
    [Id(7)] public int FileSize { get; init; }

    /// <summary>Where it is read over HTTP.</summary>
    [Id(8)] public string FileUrl { get; init; } = "";

    /// <summary>Its media type by its content, whatever its name says.</summary>
    [Id(9)] public string MimeType { get; init; } = "";

    /// <summary>The SHA-256 of its bytes, in hexadecimal.</summary>
    [Id(10)] public string Sha256 { get; init; } = "";

    /// <summary>The person who sent it; null for a program.</summary>
    [Id(11)] public Guid? UploadedByContactId { get; init; }

    /// <summary>What else is known of it.</summary>
    [Id(12)] public AttachmentMetadata? Metadata { get; init; }

    /// <summary>Its name in the file store; not shown to clients.</summary>
    [Id(13)] public string StoredName { get; init; } = "";

    /// <summary>The name of its thumbnail in the file store; null where there is none. Not shown to clients.</summary>
    [Id(14)] public string? ThumbnailName { get; init; }

    /// <summary>Who is told of its changes: those who were told of its entity's when it was sent. Not shown to clients.</summary>
    [Id(15)] public ChangeScope? Scope { get; init; }
}

/// <summary>What is known of a file beside its columns.</summary>
[GenerateSerializer, Immutable, Alias("attachment-metadata")]
public sealed record AttachmentMetadata
{
    /// <summary>The name that it was sent with, where it could not be kept as it was.</summary>
    [Id(0)] public string? SentAs { get; init; }

    /// <summary>The width of a picture in pixels, as it is seen upright.</summary>
    [Id(1)] public int? Width { get; init; }

    /// <summary>The height of a picture in pixels, as it is seen upright.</summary>
    [Id(2)] public int? Height { get; init; }
}
