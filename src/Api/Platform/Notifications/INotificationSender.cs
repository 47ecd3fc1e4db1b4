namespace ChargeCars.Api.Platform.Notifications;

/// <summary>Something that one person is to be told.</summary>
/// <param name="To">The address.</param>
/// <param name="Template">What it is, such as <c>password_reset</c>; names no secret.</param>
/// <param name="Values">What the template is filled with; may hold a secret, so it is never logged.</param>
public sealed record Notification(string To, string Template, IReadOnlyDictionary<string, string> Values)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Template} to {To}";
}

/// <summary>Brings messages to people.</summary>
public interface INotificationSender
{
    /// <summary>Returns once it is handed over; throws where it was not.</summary>
    Task SendAsync(Notification notification, CancellationToken cancellation);
}
