using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.DueCommands;

namespace ChargeCars.Conversations.Intake;

/// <summary>Works what was kept and is still to be worked, after a crash or where a provider is not kept waiting.</summary>
internal sealed class InboundWorker(InboundStore store, MailIntake mails, ChannelIntake channels) : IDueCommandHandler<WorkInbound>
{
    public async Task<Error?> CarryOutAsync(Guid targetId, WorkInbound command, CommandContext context, CancellationToken cancellation)
    {
        if (await store.FindAsync(command.RawId, cancellation) is not { } raw)
        {
            return new NotFound("inbound_message", command.RawId.ToString());
        }

        return raw switch
        {
            { IsWorked: true } => null,
            { Channel: ChannelType.Email } when !ChannelIntake.IsMailStatus(raw) => (await mails.WorkAsync(raw, context, cancellation)).Error,
            _ => await channels.WorkAsync(raw, context, cancellation),
        };
    }
}
