using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Mailboxes;
using ChargeCars.Conversations.Media;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Sending;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations;

/// <summary>Registration of what conversations need.</summary>
public static class ConversationServices
{
    /// <summary>The setting that chooses how messages leave: <c>file</c> (default), <c>providers</c>, or <c>none</c>.</summary>
    public const string SenderKey = "ChargeCars:Messages:Sender";

    /// <summary>Adds what takes messages in, on every host.</summary>
    public static IServiceCollection AddMessageIntake(this IServiceCollection services) => services
        .AddTracking()
        .AddSingleton<MessageStore>()
        .AddSingleton<ReplyKey>()
        .AddSingleton<InboundStore>()
        .AddSingleton<ThreadLookup>()
        .AddSingleton<ConversationDoors>()
        .AddSes()
        .AddSingleton<MailIntake>()
        .AddSingleton<OptOuts>()
        .AddSingleton<DeliveryReports>()
        .AddSingleton<ChannelIntake>()
        .AddSingleton<PortalIntake>();

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
            case "providers":
                services.AddProviders(configuration);
                break;
            case "none":
                break;
            case var other:
                throw new StartupException($"{SenderKey} is '{other}': it must be file, providers or none.");
        }

        services.AddSingleton<NoticeReader>();
        services.AddSingleton<ArrivalWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ArrivalWatch>());
        services.AddDueCommandHandler<TellOnTheWay, OnTheWay>();
        services.AddDueCommandHandler<SendNotice, OnTheWay>();
        services.AddDueCommandHandler<RelayWish, WishRelay>();
        // What comes in is fetched by the same credentials, whatever sends.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SendingOptions>, SendingOptions.Validator>());
        services.AddOptions<SendingOptions>().BindConfiguration(SendingOptions.Section).ValidateOnStart();
        services.AddMailboxes(configuration);
        services.AddMedia();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InboundRetentionOptions>, InboundRetentionOptions.Validator>());
        services.AddOptions<InboundRetentionOptions>().BindConfiguration(InboundRetentionOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MessageRetentionOptions>, MessageRetentionOptions.Validator>());
        services.AddOptions<MessageRetentionOptions>().BindConfiguration(MessageRetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IExpiringRows, InboundRetention>().AddSingleton<IExpiringRows, MessageRetention>();
        services.AddSingleton<OutgoingFiles>();
        services.AddDueCommandHandler<SendMessage, MessageDispatcher>();
        return services.AddDueCommandHandler<WorkInbound, InboundWorker>();
    }

    private static IServiceCollection AddSes(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SesOptions>, SesOptions.Validator>();
        services.AddOptions<SesOptions>().BindConfiguration(SesOptions.Section).ValidateOnStart();
        services.AddHttpClient(SesMailbox.Http, static http => http.Timeout = TimeSpan.FromSeconds(20))
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false });
        return services.AddSingleton<SesMailbox>();
    }

    private static IServiceCollection AddTracking(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TrackingOptions>, TrackingOptions.Validator>();
        services.AddOptions<TrackingOptions>().BindConfiguration(TrackingOptions.Section).Configure<IConfiguration>(TrackingOptions.ReadAddress).ValidateOnStart();
        return services.AddSingleton<TrackingLinks>().AddSingleton<TemplateRenderer>();
    }

    // What reads them is there in any case; it runs where there are any.
    private static void AddMailboxes(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MailboxOptions>, MailboxOptions.Validator>());
        services.AddOptions<MailboxOptions>().BindConfiguration(MailboxOptions.Section).ValidateOnStart();
        services.AddHttpClient(MailboxTokens.Http, http => http.MaxResponseContentBufferSize = 1024 * 1024)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton<MailboxCursors>().AddSingleton<MailboxReader>().AddSingleton<MailboxTokens>().AddSingleton<MailboxPoller>();
        if (configuration.GetSection(MailboxOptions.Section).GetSection(nameof(MailboxOptions.Mailboxes)).GetChildren().Any())
        {
            services.AddHostedService(provider => provider.GetRequiredService<MailboxPoller>());
        }
    }

    private static void AddMedia(this IServiceCollection services)
    {
        services.AddHttpClient(MediaSources.Http, (provider, http) => http.Timeout = provider.GetRequiredService<IOptions<SendingOptions>>().Value.SendTimeout)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider =>
            {
                var settings = provider.GetRequiredService<IOptions<SendingOptions>>().Value;
                var isStandIn = new[] { settings.TwilioApi, settings.WhatsappApi }.Any(api =>
                    Uri.TryCreate(api, UriKind.Absolute, out var address) && address.IsLoopback);
                return new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseProxy = false,
                    ConnectCallback = (context, cancellation) => PublicNetwork.ConnectAsync(context.DnsEndPoint, isStandIn, cancellation),
                };
            });
        services.AddSingleton<MediaSources>();
        services.AddDueCommandHandler<FetchMedia, MediaFetcher>();
    }

    private static void AddProviders(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection(SendingOptions.Section).Get<SendingOptions>() ?? new();
        if (!options.HasSmtp && !options.HasTwilio && !options.HasWhatsapp)
        {
            throw new StartupException(
                $"{SenderKey} is providers, and there is none: set {SendingOptions.Section}:SmtpHost, :TwilioAccountSid or :WhatsappAccessToken.");
        }

        services.AddHttpClient(Provider.Http, (provider, http) =>
            {
                http.MaxResponseContentBufferSize = 1024 * 1024;
                http.Timeout = provider.GetRequiredService<IOptions<SendingOptions>>().Value.SendTimeout;
            })
            // They would log addresses that hold customers' numbers.
            .RemoveAllLoggers()
            // A redirect would carry the message and the credentials to a host that nobody named.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        if (options.HasSmtp)
        {
            services.AddSingleton<IMessageSender, SmtpSender>();
        }

        if (options.HasTwilio)
        {
            services.AddSingleton<IMessageSender, TwilioSender>();
        }

        if (options.HasWhatsapp)
        {
            services.AddSingleton<IMessageSender, WhatsappSender>();
        }
    }
}
