using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Threads;

/// <summary>What can be asked of a thread, apart from its messages.</summary>
[GenerateSerializer, Immutable, Alias("thread.action")]
public abstract record ThreadAction : EntityCommand<CommunicationThread>;

/// <summary>Give it to somebody of ours; null: to nobody.</summary>
[GenerateSerializer, Immutable, Alias("thread.assign")]
public sealed record AssignThread([property: Id(0)] Guid? ContactId) : ThreadAction;

/// <summary>Put it away until a time, UTC.</summary>
[GenerateSerializer, Immutable, Alias("thread.snooze")]
public sealed record SnoozeThread([property: Id(0)] DateTimeOffset Until) : ThreadAction;

/// <summary>Wait for the customer.</summary>
[GenerateSerializer, Immutable, Alias("thread.pend")]
public sealed record PendThread : ThreadAction;

/// <summary>It is done.</summary>
[GenerateSerializer, Immutable, Alias("thread.resolve")]
public sealed record ResolveThread : ThreadAction;

/// <summary>It is not done.</summary>
[GenerateSerializer, Immutable, Alias("thread.reopen")]
public sealed record ReopenThread : ThreadAction;

/// <summary>Close it for good.</summary>
[GenerateSerializer, Immutable, Alias("thread.archive")]
public sealed record ArchiveThread : ThreadAction;

/// <summary>Say whether messages open it again.</summary>
[GenerateSerializer, Immutable, Alias("thread.mute")]
public sealed record MuteThread([property: Id(0)] bool IsMuted) : ThreadAction;

/// <summary>The program's own: its snooze may be over.</summary>
[GenerateSerializer, Immutable, Alias("thread.wake")]
public sealed record WakeThread : ThreadAction;

/// <summary>The program's own: it may have been quiet for long enough to be done.</summary>
[GenerateSerializer, Immutable, Alias("thread.auto-resolve")]
public sealed record AutoResolveThread : ThreadAction;
