using ChargeCars.Platform.Entities;

namespace ChargeCars.Files.Attachments;

internal sealed class AttachmentGrain(EntityStore<Attachment, AttachmentKind> store, AttachmentUse use, TimeProvider time)
    : StandardGrain<Attachment, AttachmentDetails, AttachmentKind>(store, time)
{
    /// <summary>As everywhere; a file that a visit's checklist names stays.</summary>
    public override async Task<Result<Attachment>> ExecuteAsync(EntityCommand<Attachment> command, CommandContext context) =>
        command is Delete<Attachment> && State is { } file && await use.RefuseAsync(file) is { } refusal ? refusal : await base.ExecuteAsync(command, context);

    // A file is made known with its bytes, or not at all; and they go with it.
    protected override Result<Outcome<Attachment>> Decide(Attachment? state, EntityCommand<Attachment> command, DateTimeOffset now) => (state, command) switch
    {
        (null, AddAttachment add) => base.Decide(null, new Create<Attachment, AttachmentDetails>(add.Details), now) switch
        {
            { Succeeded: true } made => AttachmentKind.Added(made.Value.After!, add),
            var refused => refused,
        },
        ({ } known, AddAttachment) => new Conflict("exists", $"The attachment {known.Id} exists already."),
        ({ } known, Delete<Attachment>) => base.Decide(state, command, now) switch
        {
            { Succeeded: true } deleted => AttachmentKind.Deleted(known, deleted.Value),
            var refused => refused,
        },
        ({ } known, RemoveOrphan) => AttachmentKind.Deleted(known, new(null)
        {
            Announced = [new("deleted")],
            Summary = $"The {WireText.Of(known.EntityType)} that it belonged to is gone",
        }),
        _ => base.Decide(state, command, now),
    };
}

/// <summary>Deletes a file whose entity is gone.</summary>
[GenerateSerializer, Immutable, Alias("attachment.remove-orphan")]
internal sealed record RemoveOrphan : EntityCommand<Attachment>;
