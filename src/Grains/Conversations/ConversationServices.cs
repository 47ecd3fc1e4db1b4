using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Sending;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Conversations;

/// <summary>Registration of what conversations need.</summary>
public static class ConversationServices
{
    /// <summary>The setting that chooses how messages leave: <c>file</c> (default), or <c>none</c>.</summary>
    public const string SenderKey = "ChargeCars:Messages:Sender";

    /// <summary>Adds what takes messages in, on every host.</summary>
    public static IServiceCollection AddMessageIntake(this IServiceCollection services) => services
        .AddSingleton<MessageStore>()
        .AddSingleton<ReplyKey>()
        .AddSingleton<InboundStore>()
        .AddSingleton<ThreadLookup>()
        .AddSingleton<MailIntake>()
        .AddSingleton<OptOuts>()
        .AddSingleton<DeliveryReports>()
        .AddSingleton<ChannelIntake>();

    /// <summary>Adds what works and sends messages, on hosts with a silo. Files go to <c>outbox/messages</c> in the data directory.</summary>
    /// <exception cref="StartupException">The setting names no sender.</exception>
    public static IServiceCollection AddConversations(this IServiceCollection services, IConfiguration configuration, string dataDirectory)
    {
        services.AddSingleton<IMessageSender, PortalSender>();
        switch (configuration[SenderKey])
        {
            case null or "" or "file":
                var folder = Path.Combine(dataDirectory, "outbox", "messages");
                foreach (var channel in new[] { ChannelType.Email, ChannelType.Sms, ChannelType.Whatsapp })
                {
                    services.AddSingleton<IMessageSender>(provider => new FileMessageSender(
                        channel, folder, provider.GetRequiredService<ReplyKey>(), provider.GetRequiredService<TimeProvider>()));
                }

                break;
            case "none":
                break;
            case var other:
                throw new StartupException($"{SenderKey} is '{other}': it must be file or none.");
        }

        services.AddDueCommandHandler<SendMessage, MessageDispatcher>();
        return services.AddDueCommandHandler<WorkInbound, InboundWorker>();
    }
}
