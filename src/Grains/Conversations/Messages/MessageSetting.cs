using ChargeCars.Orders.Deadlines;

namespace ChargeCars.Conversations.Messages;

/// <summary>What a decision about a message needs beside its thread.</summary>
internal sealed record MessageSetting
{
    /// <summary>The hours in which we work, by which a wait is counted.</summary>
    public BusinessCalendar Calendar { get; init; } = BusinessCalendar.Usual;

    /// <summary>The message that the command is about; null where there is none of its id.</summary>
    public CommunicationMessage? Message { get; init; }

    /// <summary>The message of ours that another one says did not arrive.</summary>
    public CommunicationMessage? Failed { get; init; }

    /// <summary>The messages of a command that is about several.</summary>
    public IReadOnlyList<CommunicationMessage> Several { get; init; } = [];

    /// <summary>The account that the thread runs over; null where there is none.</summary>
    public ChannelAccount? Account { get; init; }

    /// <summary>Where the customer is written to, by the books.</summary>
    public string? CustomerAddress { get; init; }

    /// <summary>Whether a receiver wants no messages.</summary>
    public bool OptedOut { get; init; }

    /// <summary>The files that go along with the message.</summary>
    public IReadOnlyList<MessageAttachment> Files { get; init; } = [];

    /// <summary>When the other side wrote last, UTC.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>The earliest and the latest of the thread's other messages, UTC.</summary>
    public (DateTimeOffset? First, DateTimeOffset? Last) Others { get; init; }
}
