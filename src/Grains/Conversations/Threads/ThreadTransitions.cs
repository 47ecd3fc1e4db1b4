using System.Collections.Frozen;

namespace ChargeCars.Conversations.Threads;

/// <summary>The life of a thread as data: which action leads where.</summary>
internal static class ThreadTransitions
{
    private static readonly FrozenDictionary<(ThreadStatus From, string Action), ThreadStatus> Table = new Dictionary<(ThreadStatus, string), ThreadStatus>
    {
        [(ThreadStatus.Open, "snooze")] = ThreadStatus.Pending,
        [(ThreadStatus.Open, "pend")] = ThreadStatus.Pending,
        [(ThreadStatus.Open, "resolve")] = ThreadStatus.Resolved,
        [(ThreadStatus.Open, "archive")] = ThreadStatus.Archived,
        [(ThreadStatus.Pending, "snooze")] = ThreadStatus.Pending,
        [(ThreadStatus.Pending, "pend")] = ThreadStatus.Pending,
        [(ThreadStatus.Pending, "resolve")] = ThreadStatus.Resolved,
        [(ThreadStatus.Pending, "reopen")] = ThreadStatus.Open,
        [(ThreadStatus.Pending, "archive")] = ThreadStatus.Archived,
        [(ThreadStatus.Resolved, "reopen")] = ThreadStatus.Open,
        [(ThreadStatus.Resolved, "archive")] = ThreadStatus.Archived,
    }.ToFrozenDictionary();

    /// <summary>Every action that moves a thread.</summary>
    public static IReadOnlyList<string> Actions { get; } = ["snooze", "pend", "resolve", "reopen", "archive"];

    /// <summary>Where an action leads; refused where it leads nowhere.</summary>
    public static Result<ThreadStatus> Move(ThreadStatus from, string action) => Table.TryGetValue((from, action), out var to)
        ? to
        : new TransitionRefused(
            action, WireText.Of(from), WireText.Of(Target(action)), [.. Actions.Where(other => Table.ContainsKey((from, other)))], []);

    /// <summary>Every action, and whether a thread of this status can take it.</summary>
    public static ActionOption[] Options(ThreadStatus from) =>
    [
        .. Actions.Select(action => Table.TryGetValue((from, action), out var to)
            ? new ActionOption(action, WireText.Of(to), true, [])
            : new ActionOption(action, WireText.Of(Target(action)), false, [$"the status is {WireText.Of(from)}"])),
    ];

    /// <summary>The status that an action leads to, from wherever it is allowed.</summary>
    public static ThreadStatus Target(string action) => Table.First(arrow => arrow.Key.Action == action).Value;
}
