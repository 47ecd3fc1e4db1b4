using System.Collections.Concurrent;
using ChargeCars.Api.Platform.Notifications;

namespace ChargeCars.Tests.Identity;

/// <summary>Every message that would have been sent, by its address.</summary>
public sealed class KeptNotifications : INotificationSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Notification>> _sent = new();

    public Task SendAsync(Notification notification, CancellationToken cancellation)
    {
        Next(notification.To).TrySetResult(notification);
        return Task.CompletedTask;
    }

    /// <summary>The token of the message to an address; waits for it, and forgets it.</summary>
    public async Task<string> TokenAsync(string to)
    {
        var notification = await Next(to).Task.WaitAsync(Patience);
        _sent.TryRemove(to, out _);
        return notification.Values["token"];
    }

    public bool Any(string to) => _sent.TryGetValue(to, out var sent) && sent.Task.IsCompleted;

    private TaskCompletionSource<Notification> Next(string to) =>
        _sent.GetOrAdd(to, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
