using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Files.Attachments;

/// <summary>Makes a file known whose bytes are in the store.</summary>
/// <param name="Details">What an editor sets.</param>
/// <param name="EntityType">The kind of entity that it belongs to.</param>
/// <param name="EntityId">That entity, which exists and which the sender sees.</param>
/// <param name="Scope">Who is told of the entity's changes.</param>
/// <param name="Content">What the store has.</param>
/// <param name="By">The contact who sent it; null for a program.</param>
/// <param name="SentAs">The name that it was sent with, where it is another than the one that is kept.</param>
[GenerateSerializer, Immutable, Alias("attachment.add")]
public sealed record AddAttachment(
    AttachmentDetails Details, AttachmentOwner EntityType, Guid EntityId, ChangeScope? Scope, StoredContent Content, Guid? By, string? SentAs)
    : EntityCommand<Attachment>;

/// <summary>Bytes that are in the file store.</summary>
/// <param name="StoredName">Their name there.</param>
/// <param name="Size">How many they are.</param>
/// <param name="Sha256">Their SHA-256, in hexadecimal.</param>
/// <param name="MimeType">Their media type, as they themselves tell it.</param>
/// <param name="Sort">The sort of file.</param>
[GenerateSerializer, Immutable, Alias("stored-content")]
public sealed record StoredContent(string StoredName, int Size, string Sha256, string MimeType, FileSort Sort);
