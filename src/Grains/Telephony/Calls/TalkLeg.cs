namespace ChargeCars.Telephony.Calls;

/// <summary>One agent's part in a call, as it is walked through. Unix milliseconds.</summary>
internal sealed class TalkLeg
{
    private readonly List<(long From, long To)> _talks = [];
    private long? _rung;
    private int _rings;
    private long? _declined;
    private long? _since;
    private long? _left;

    public long? AnsweredAt { get; private set; }

    public long Entered => Math.Min(_rung ?? long.MaxValue, Math.Min(AnsweredAt ?? long.MaxValue, _declined ?? long.MaxValue));

    public void Ring(long at)
    {
        _rung ??= at;
        _rings++;
    }

    public void Decline(long at) => _declined = at;

    public void Start(long at)
    {
        AnsweredAt ??= at;
        _since = at;
        _left = null;
    }

    public void Stop(long at)
    {
        if (_since is { } since)
        {
            _talks.Add((since, Math.Max(since, at)));
            _left = Math.Max(since, at);
            _since = null;
        }
    }

    public CallLeg ToLeg(CallPerson agent, (long From, long To)[] holds)
    {
        var held = _talks.Sum(talk => holds.Sum(hold => Math.Max(0, Math.Min(talk.To, hold.To) - Math.Max(talk.From, hold.From))));
        return new(
            agent, Time(_rung), _rings, Time(_declined), Time(AnsweredAt), Time(_left),
            Seconds(_talks.Sum(talk => talk.To - talk.From) - held), Seconds(held));
    }

    private static int Seconds(long milliseconds) => (int)Math.Clamp(milliseconds / 1_000, 0, int.MaxValue);

    private static DateTimeOffset? Time(long? at) => at is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}
