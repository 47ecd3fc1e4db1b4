using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Threads;

/// <summary>What a change of a thread means to others: the history of its status, what is announced, and its reminders.</summary>
internal static class ThreadOutcomes
{
    /// <summary>An action of a person or a reminder. <paramref name="now"/> is UTC.</summary>
    public static Result<Outcome<CommunicationThread>> Act(CommunicationThread thread, ThreadAction action, DateTimeOffset now) =>
        ThreadRules.Decide(thread, action, now).Map(after => ReferenceEquals(after, thread) ? Outcome.Unchanged(thread) : Of(thread, after, action switch
        {
            AssignThread => "assigned",
            MuteThread => "updated",
            SnoozeThread => "snoozed",
            _ => null,
        }));

    /// <summary>The outcome of whatever made one thread of another.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    /// <param name="name">What else is announced; null where the status says all.</param>
    public static Outcome<CommunicationThread> Of(CommunicationThread before, CommunicationThread after, string? name) => new(after)
    {
        Moved = before.Status == after.Status ? null : new(WireText.Of(before.Status), WireText.Of(after.Status)),
        Announced = name is null ? [] : [new(name)],
        Then = [.. Reminders(before, after)],
        Withdrawn = [.. Withdrawn(before, after)],
    };

    private static IEnumerable<DueCommand> Reminders(CommunicationThread before, CommunicationThread after)
    {
        if (after.SnoozedUntil is { } until && before.SnoozedUntil != until)
        {
            yield return new(after.Id, new WakeThread()) { At = until, Key = WakeKey(after) };
        }

        if (ThreadRules.ResolvesAt(after) is { } quiet && ThreadRules.ResolvesAt(before) != quiet)
        {
            yield return new(after.Id, new AutoResolveThread()) { At = quiet, Key = QuietKey(after) };
        }
    }

    private static IEnumerable<string> Withdrawn(CommunicationThread before, CommunicationThread after)
    {
        if (before.SnoozedUntil is not null && after.SnoozedUntil is null)
        {
            yield return WakeKey(after);
        }

        if (ThreadRules.ResolvesAt(before) is not null && ThreadRules.ResolvesAt(after) is null)
        {
            yield return QuietKey(after);
        }
    }

    private static string WakeKey(CommunicationThread thread) => $"thread-wake:{thread.Id}";

    private static string QuietKey(CommunicationThread thread) => $"thread-quiet:{thread.Id}";
}
