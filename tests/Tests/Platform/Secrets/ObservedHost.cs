using ChargeCars.Api.Platform.Notifications;
using ChargeCars.Tests.Platform.Audit;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Tests.Platform.Secrets;

/// <summary>
/// The whole host with every kind of secret in its database, after every command that there is; every log line is kept,
/// and triggers have noted every change of every row.
/// </summary>
public sealed class ObservedHost : IAsyncLifetime
{
    private readonly KeptNotifications _sent = new();

    public ObservedHost() => Host = new RunningHost
    {
        Configuration = ["--Logging:LogLevel:Default=Trace", "--ChargeCars:Messages:PublicAddress=https://ops.example.nl"],
        Prepare = ObservedChange.StartAsync,
        Configure = services =>
        {
            services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(Log);
            services.Configure<LoggerFilterOptions>(options =>
            {
                options.Rules.Clear();
                options.MinLevel = LogLevel.Trace;
            });
            services.Replace(ServiceDescriptor.Singleton<INotificationSender>(_sent));
        },
    };

    public RunningHost Host { get; }

    public KeptLog Log { get; } = new();

    internal EveryKindOfSecret Secrets { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        Secrets = await EveryKindOfSecret.MakeAsync(Host, _sent);
        await EveryCommand.RunAsync(Host, _sent);
    }

    public Task DisposeAsync() => Host.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class ObservedCollection : ICollectionFixture<ObservedHost>
{
    public const string Name = "observed";
}
