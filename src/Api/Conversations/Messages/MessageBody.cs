using ChargeCars.Conversations.Messages;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary>What an author writes.</summary>
public record DraftBody
{
    /// <summary>Its text.</summary>
    public string? BodyText { get; init; }

    /// <summary>Its HTML; by mail only.</summary>
    public string? BodyHtml { get; init; }

    /// <summary>Its subject; by mail only, that of the thread where it is left out.</summary>
    public string? Subject { get; init; }

    /// <summary>Whom it is for; the thread's customer where it is left out.</summary>
    public IReadOnlyList<string>? RecipientEmails { get; init; }

    /// <summary>In copy; by mail only.</summary>
    public IReadOnlyList<string>? CcEmails { get; init; }

    /// <summary>In blind copy; by mail only.</summary>
    public IReadOnlyList<string>? BccEmails { get; init; }

    /// <summary>Colleagues whom it mentions, by their contacts.</summary>
    public IReadOnlyList<Guid>? Mentions { get; init; }

    internal MessageContent Content() => new()
    {
        BodyText = BodyText, BodyHtml = BodyHtml, Subject = Subject, RecipientEmails = RecipientEmails, CcEmails = CcEmails, BccEmails = BccEmails, Mentions = Mentions,
    };
}

/// <summary>The body of <c>POST /api/threads/{id}/messages</c>.</summary>
public sealed record MessageBody : DraftBody
{
    /// <summary>The template that says it, in the place of text and subject.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>With a template: the visit that it is about; the order's next where it is left out.</summary>
    public Guid? VisitId { get; init; }

    /// <summary>Whether it is a note among ourselves, which never leaves.</summary>
    public bool IsNote { get; init; }

    /// <summary>Whether it stays a draft.</summary>
    public bool IsDraft { get; init; }

    /// <summary>Not before this time, UTC; as soon as it can't be taken back any more where it is left out.</summary>
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>The position of the newest message that the author saw; the refusal names whoever answered after it.</summary>
    public int? BasedOn { get; init; }

    /// <summary>Whether it leaves although somebody else answers or answered.</summary>
    public bool Anyway { get; init; }
}

/// <summary>The body of <c>POST /api/messages/{id}/actions/send</c>.</summary>
public sealed record SendBody
{
    /// <inheritdoc cref="MessageBody.SendAt"/>
    public DateTimeOffset? SendAt { get; init; }

    /// <inheritdoc cref="MessageBody.BasedOn"/>
    public int? BasedOn { get; init; }

    /// <inheritdoc cref="MessageBody.Anyway"/>
    public bool Anyway { get; init; }
}
