namespace ChargeCars.Conversations.Intake;

/// <summary>
/// For which thread mails that begin a conversation at this moment speak, by the ids that they name. One of a few grains, each for a part of all
/// ids. It remembers for a moment and in memory alone: what has committed is found in the database, and a host that dies takes nothing
/// with it but that two mails of those milliseconds may not meet.
/// </summary>
[Alias("ChargeCars.IConversationDoor")]
internal interface IConversationDoor : IGrainWithIntegerKey
{
    /// <summary>The thread that an id is claimed for; the caller's, where nobody has claimed it.</summary>
    /// <param name="id">The mail's own id, or one that it names.</param>
    /// <param name="thread">The thread that the mail would begin.</param>
    [Alias("claim")]
    Task<Guid> ClaimAsync(string id, Guid thread);

    /// <summary>Claims for another thread what was claimed for one that will not be begun.</summary>
    /// <param name="id">The id.</param>
    /// <param name="former">The thread that it was claimed for.</param>
    /// <param name="thread">The thread that it belongs to.</param>
    [Alias("yield")]
    Task YieldAsync(string id, Guid former, Guid thread);
}

/// <inheritdoc cref="IConversationDoor"/>
internal sealed class ConversationDoorGrain(TimeProvider time) : Grain, IConversationDoor
{
    private readonly Dictionary<string, Guid> _claims = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, DateTimeOffset Until)> _expiring = [];

    public Task<Guid> ClaimAsync(string id, Guid thread)
    {
        var now = time.GetUtcNow();
        while (_expiring.TryPeek(out var oldest) && oldest.Until <= now)
        {
            _expiring.Dequeue();
            _claims.Remove(oldest.Id);
        }

        if (_claims.TryGetValue(id, out var known))
        {
            return Task.FromResult(known);
        }

        _claims[id] = thread;
        _expiring.Enqueue((id, now + ConversationDoors.Remembers));
        return Task.FromResult(thread);
    }

    public Task YieldAsync(string id, Guid former, Guid thread)
    {
        if (_claims.TryGetValue(id, out var known) && known == former)
        {
            _claims[id] = thread;
        }

        return Task.CompletedTask;
    }
}

/// <summary>
/// Has first mails that name one another, and come at once, begin the same thread: the thread's grain then takes one, and the others look
/// again and find it.
/// </summary>
internal sealed class ConversationDoors(IGrainFactory grains)
{
    /// <summary>Far longer than a mail takes from its look to its commit.</summary>
    public static readonly TimeSpan Remembers = TimeSpan.FromMinutes(1);

    private const int Doors = 64;

    // Each time another one was quicker; who names so many that are all on their way begins a thread of its own.
    private const int MostRounds = 8;

    /// <summary>The thread that a mail begins: the one that it would begin, or that of another mail which names one of its ids.</summary>
    /// <param name="thread">The one that it would begin.</param>
    /// <param name="ids">Its own id, and those that it names.</param>
    public async Task<Guid> MeetAsync(Guid thread, IEnumerable<string> ids)
    {
        // In one order everywhere, so that of two the second finds the first at the first id that both have.
        string[] claimed = [.. ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        for (var (round, isSettled) = (0, false); !isSettled && round < MostRounds; round++)
        {
            isSettled = true;
            foreach (var id in claimed)
            {
                var first = await Door(id).ClaimAsync(id, thread);
                if (first == thread)
                {
                    continue;
                }

                foreach (var own in claimed)
                {
                    await Door(own).YieldAsync(own, thread, first);
                }

                (thread, isSettled) = (first, false);
            }
        }

        return thread;
    }

    private IConversationDoor Door(string id) => grains.GetGrain<IConversationDoor>(NameBasedId.Of(id).ToByteArray()[^1] % Doors);
}
