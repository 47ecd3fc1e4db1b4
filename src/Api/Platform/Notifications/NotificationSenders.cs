using System.Text.Json;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Platform.Notifications;

/// <summary>Puts each message in a file of its own, which only the host's user can read: for one machine, and for trying out.</summary>
internal sealed class FileSender(string folder, TimeProvider time) : INotificationSender
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public Task SendAsync(Notification notification, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        PrivateFile.Write(
            Path.Combine(folder, $"{now:yyyyMMddTHHmmss}-{Guid.CreateVersion7(now):n}.json"),
            JsonSerializer.Serialize(new { at = now, to = notification.To, template = notification.Template, values = notification.Values }, Readable));
        return Task.CompletedTask;
    }
}

/// <summary>Says in the log that there was a message, and not what it says: it may hold a secret.</summary>
internal sealed partial class LogSender(ILogger<LogSender> logger) : INotificationSender
{
    public Task SendAsync(Notification notification, CancellationToken cancellation)
    {
        LogSent(logger, notification.Template, notification.To);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "A message {Template} to {To} was not delivered: no sender is configured (ChargeCars:Notifications:Sender)")]
    private static partial void LogSent(ILogger logger, string template, string to);
}

/// <summary>Registration of the sender.</summary>
public static class NotificationServices
{
    /// <summary>The setting that chooses it: <c>file</c> (default) or <c>log</c>.</summary>
    public const string Key = "ChargeCars:Notifications:Sender";

    /// <summary>Adds the configured sender; files go to <c>outbox</c> in the data directory.</summary>
    /// <exception cref="StartupException">The setting names none.</exception>
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration, string dataDirectory) =>
        configuration[Key] switch
        {
            null or "" or "file" => services.AddSingleton<INotificationSender>(provider =>
                new FileSender(Path.Combine(dataDirectory, "outbox"), provider.GetRequiredService<TimeProvider>())),
            "log" => services.AddSingleton<INotificationSender, LogSender>(),
            var other => throw new StartupException($"{Key} is '{other}': it must be file or log."),
        };
}
