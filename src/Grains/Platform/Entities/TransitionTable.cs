namespace ChargeCars.Platform.Entities;

/// <summary>
/// The life of an entity as data: from each status, where each action leads and what must be true first. What is not in it is
/// refused. Deciders, <c>GET …/actions</c>, the tests and the diagrams in docs read the same table.
/// </summary>
/// <typeparam name="TSubject">What guards look at: the state, or the state and what else is known of it.</typeparam>
/// <typeparam name="TStatus">The statuses.</typeparam>
/// <typeparam name="TAction">The actions.</typeparam>
/// <param name="statusOf">The subject's status.</param>
public sealed class TransitionTable<TSubject, TStatus, TAction>(Func<TSubject, TStatus> statusOf)
    where TStatus : struct, Enum
    where TAction : struct, Enum
{
    private readonly List<Arrow<TSubject, TStatus, TAction>> _arrows = [];
    private ILookup<(TStatus, TAction), Arrow<TSubject, TStatus, TAction>>? _byStart;

    /// <summary>All arrows, in the order in which they were added.</summary>
    public IReadOnlyList<Arrow<TSubject, TStatus, TAction>> Arrows => _arrows;

    /// <summary>The statuses that are milestones.</summary>
    public IReadOnlySet<TStatus> Milestones { get; init; } = new HashSet<TStatus>();

    /// <summary>What else stands in the way of an action, where only the data can name it, such as each open point of a list. Pure.</summary>
    public Func<TSubject, TAction, IReadOnlyList<string>> Obstacles { get; init; } = static (_, _) => [];

    /// <summary>Adds an arrow from each of some statuses. Answers the table, so that a whole life reads as one expression.</summary>
    public TransitionTable<TSubject, TStatus, TAction> Add(
        IEnumerable<TStatus> from, TAction action, TStatus to, params ReadOnlySpan<Guard<TSubject>> guards)
    {
        foreach (var status in from)
        {
            _arrows.Add(new(status, action, to, guards.ToArray()));
        }

        _byStart = null;
        return this;
    }

    /// <summary>Adds an arrow.</summary>
    public TransitionTable<TSubject, TStatus, TAction> Add(TStatus from, TAction action, TStatus to, params ReadOnlySpan<Guard<TSubject>> guards) =>
        Add([from], action, to, guards);

    /// <summary>Adds an arrow that is taken only by the subjects that <paramref name="when"/> picks: one action with several targets.</summary>
    public TransitionTable<TSubject, TStatus, TAction> AddWhen(
        TStatus from, TAction action, TStatus to, Func<TSubject, bool> when, params ReadOnlySpan<Guard<TSubject>> guards)
    {
        _arrows.Add(new(from, action, to, guards.ToArray()) { When = when });
        _byStart = null;
        return this;
    }

    /// <summary>Where the action leads; <see cref="TransitionRefused"/> with every unmet guard where it may not be taken now.</summary>
    /// <param name="subject">What it is asked of.</param>
    /// <param name="action">The action.</param>
    /// <param name="unmet">What else stands in the way, that only this command knows.</param>
    public Result<TStatus> Decide(TSubject subject, TAction action, params ReadOnlySpan<string> unmet)
    {
        if (Find(subject, action) is not { } arrow)
        {
            return new TransitionRefused(ActionText.Of(action), WireText.Of(statusOf(subject)), TargetOf(action), Allowed(subject), []);
        }

        IReadOnlyList<string> all = [.. arrow.Unmet(subject), .. Obstacles(subject, action), .. unmet];
        return all.Count == 0
            ? arrow.To
            : new TransitionRefused(ActionText.Of(action), WireText.Of(arrow.From), WireText.Of(arrow.To), Allowed(subject), all);
    }

    /// <summary>Whether the status has an arrow for the action, its guards aside.</summary>
    public bool Has(TStatus status, TAction action) => ByStart[(status, action)].Any();

    /// <summary>The actions that the status and the guards allow.</summary>
    public IReadOnlyList<string> Allowed(TSubject subject) =>
        [.. Options(subject).Where(option => option.Allowed).Select(option => option.Action)];

    /// <summary>Every action, whether it is allowed now, and what stands in the way.</summary>
    public ActionOption[] Options(TSubject subject) =>
    [
        .. Enum.GetValues<TAction>().Where(action => _arrows.Exists(arrow => arrow.Action.Equals(action))).Select(action =>
        {
            var arrow = Find(subject, action);
            IReadOnlyList<string> unmet = arrow is null ? [$"the status is {WireText.Of(statusOf(subject))}"] : [.. arrow.Unmet(subject), .. Obstacles(subject, action)];
            return new ActionOption(ActionText.Of(action), arrow is null ? TargetOf(action) : WireText.Of(arrow.To), unmet.Count == 0, unmet);
        }),
    ];

    /// <summary>The table as a Mermaid state diagram.</summary>
    /// <param name="start">The status of what is made.</param>
    public string Diagram(TStatus start)
    {
        var lines = _arrows.GroupBy(arrow => (arrow.From, arrow.To))
            .Select(arrows => $"    {WireText.Of(arrows.Key.From)} --> {WireText.Of(arrows.Key.To)}: {string.Join(", ", arrows.Select(arrow => ActionText.Of(arrow.Action)).Distinct())}");
        return string.Join('\n', ["stateDiagram-v2", $"    [*] --> {WireText.Of(start)}", .. lines]);
    }

    private ILookup<(TStatus, TAction), Arrow<TSubject, TStatus, TAction>> ByStart => _byStart ??= _arrows.ToLookup(arrow => (arrow.From, arrow.Action));

    private Arrow<TSubject, TStatus, TAction>? Find(TSubject subject, TAction action) =>
        ByStart[(statusOf(subject), action)].FirstOrDefault(arrow => arrow.When(subject));

    private string TargetOf(TAction action) => _arrows.Find(arrow => arrow.Action.Equals(action)) is { } arrow ? WireText.Of(arrow.To) : "";
}

/// <summary>One arrow of a transition table.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Action">What is done.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Guards">What must be true first.</param>
public sealed record Arrow<TSubject, TStatus, TAction>(TStatus From, TAction Action, TStatus To, IReadOnlyList<Guard<TSubject>> Guards)
{
    /// <summary>Which subjects take this arrow, where an action has several from one status.</summary>
    public Func<TSubject, bool> When { get; init; } = static _ => true;

    /// <summary>The guards that stand in the way.</summary>
    public IReadOnlyList<string> Unmet(TSubject subject) => [.. Guards.Where(guard => !guard.Holds(subject)).Select(guard => guard.Unmet)];
}

/// <summary>What must be true before an action.</summary>
/// <param name="Unmet">What is wrong where it is not, for the reader of a refusal.</param>
/// <param name="Holds">Whether it is. Pure.</param>
public sealed record Guard<TSubject>(string Unmet, Func<TSubject, bool> Holds);
