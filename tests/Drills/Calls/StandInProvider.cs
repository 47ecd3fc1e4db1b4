using System.Collections.Concurrent;
using System.Globalization;

namespace ChargeCars.Drills.Calls;

/// <summary>What a stand-in for a provider does with a message.</summary>
internal enum ProviderTurn
{
    /// <summary>Takes it and says so.</summary>
    Takes,

    /// <summary>Takes it, and the line breaks before it says so.</summary>
    TakesInSilence,

    /// <summary>Says that it may come again later.</summary>
    RefusesForNow,

    /// <summary>Says no for good.</summary>
    Refuses,
}

/// <summary>What one message came to at a provider.</summary>
internal sealed class ProviderRecord
{
    private int _taken;
    private int _refused;

    /// <summary>How often it was taken: the customer got it so often.</summary>
    public int Taken => _taken;

    /// <summary>Whether it was refused for good.</summary>
    public bool IsRefused { get; set; }

    /// <summary>How often it was sent away for now.</summary>
    public int SentAway => _refused;

    public void Take() => Interlocked.Increment(ref _taken);

    public void SendAway() => Interlocked.Increment(ref _refused);
}

/// <summary>
/// What a mail server and a text message service do, by the message's own words, so that a second try of one message meets the same; and
/// a hand that holds answers back, so that a host can be killed while the provider has the message and the host does not know it.
/// </summary>
internal sealed class ProviderBook
{
    private volatile TaskCompletionSource? _held;
    private int _waiting;

    /// <summary>By the words that name a message.</summary>
    public ConcurrentDictionary<string, ProviderRecord> Records { get; } = new();

    /// <summary>How many messages are taken and wait for their answer.</summary>
    public int Waiting => _waiting;

    /// <summary>Answers wait from here on.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>They are given.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    /// <summary>Takes a message, or refuses it; answers when the answer may be given.</summary>
    public async Task<ProviderTurn> TakeAsync(string name)
    {
        var record = Records.GetOrAdd(name, _ => new());
        var turn = TurnOf(name, record);
        switch (turn)
        {
            case ProviderTurn.RefusesForNow:
                record.SendAway();
                break;
            case ProviderTurn.Refuses:
                record.IsRefused = true;
                break;
            default:
                record.Take();
                if (_held is { } held)
                {
                    Interlocked.Increment(ref _waiting);
                    await held.Task;
                    Interlocked.Decrement(ref _waiting);
                }

                break;
        }

        return turn;
    }

    /// <summary>The words of a message of a number; the number decides what becomes of it.</summary>
    public static string NameOf(int number) => $"Bericht {number:00000}.";

    // One of ten each fails in a way of its own, and one that was sent away is taken when it comes again.
    private static ProviderTurn TurnOf(string name, ProviderRecord record)
    {
        var number = int.Parse(name.AsSpan("Bericht ".Length, 5), CultureInfo.InvariantCulture);
        return (number % 10) switch
        {
            3 => record.Taken == 0 ? ProviderTurn.TakesInSilence : ProviderTurn.Takes,
            5 => record.SentAway == 0 ? ProviderTurn.RefusesForNow : ProviderTurn.Takes,
            7 => ProviderTurn.Refuses,
            _ => ProviderTurn.Takes,
        };
    }
}
