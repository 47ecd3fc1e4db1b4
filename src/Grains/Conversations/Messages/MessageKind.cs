using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Conversations.Messages;

/// <summary>Messages. They have no editor and no grain: their thread writes them.</summary>
public sealed class MessageKind : IEntityTable<CommunicationMessage>
{
    /// <inheritdoc/>
    public static RowMapping<CommunicationMessage> Rows { get; } = new("communication_message");

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(CommunicationMessage state) => throw new NotSupportedException("A message's changes are its thread's.");

    /// <inheritdoc/>
    public static object Label(CommunicationMessage state) => new { state.Subject };
}
