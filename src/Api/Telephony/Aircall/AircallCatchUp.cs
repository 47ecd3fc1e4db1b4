using ChargeCars.Api.Platform.Feeds;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Agents;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Telephony.Aircall;

/// <summary>
/// One reading of what webhooks may not have brought: the calls since the last one, those of a day ago once more, as tags, comments and
/// recordings come late, and how calls are that nothing was said of for a while. Whatever is known already changes nothing.
/// </summary>
internal sealed class AircallCatchUp(
    AircallApi aircall, OpenCallReview open, EndedCallReview agents, IOptions<AircallApiOptions> options, IGrainFactory grains, TimeProvider time)
{
    /// <summary>A call is read again so long after it began.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromHours(24);

    /// <summary>Aircall has no calls that are older.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(180);

    // Its webhooks have this long; and a call may be listed a little after it began.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Resettle = TimeSpan.FromHours(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    private static readonly Actor Provider = new(ActorKind.Feed, null, "aircall");

    /// <summary>Reads, and moves the cursor behind what is on disk.</summary>
    /// <exception cref="FeedException">Aircall did not serve us, or the database did not.</exception>
    public async Task RunAsync(AircallCursor cursor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var oldest = now - Oldest;
        await ReadAsync(Max(oldest, cursor.ReadTo - Overlap ?? now - options.Value.LookBack), now - Fresh, read => cursor.ReadTo = read, cancellation);
        cursor.SettledTo ??= now - Settles;
        if (now - Settles - cursor.SettledTo >= Resettle)
        {
            await ReadAsync(Max(oldest, cursor.SettledTo.Value), now - Settles, read => cursor.SettledTo = read, cancellation);
        }

        var reviewed = await open.RunAsync(cancellation);
        await agents.DeleteExpiredAsync(cancellation);
        if (reviewed is { Succeeded: false } unread)
        {
            throw Failed(unread.Error);
        }
    }

    private async Task ReadAsync(DateTimeOffset from, DateTimeOffset to, Action<DateTimeOffset> moved, CancellationToken cancellation)
    {
        for (var span = to - from; from < to;)
        {
            var until = from + span < to ? from + span : to;
            var first = await PageAsync(from, until, 1, cancellation);
            if (first.Total > AircallApi.MostListed && span > Shortest)
            {
                // More than Aircall lists of one question: it is asked for less time at once.
                span /= 2;
                continue;
            }

            await TakeAsync(first.Calls);
            for (var (page, number) = (first, 2); page.HasMore; number++)
            {
                page = await PageAsync(from, until, number, cancellation);
                await TakeAsync(page.Calls);
            }

            moved(until);
            from = until;
        }
    }

    private async Task<AircallPage> PageAsync(DateTimeOffset from, DateTimeOffset to, int number, CancellationToken cancellation)
    {
        var page = await aircall.ListAsync(from, to, number, cancellation);
        return page.Succeeded ? page.Value : throw Failed(page.Error);
    }

    private async Task TakeAsync(IReadOnlyList<CallEvent> calls)
    {
        var taken = await Task.WhenAll(calls.Select(said => grains.GetGrain<IEntityGrain<Call>>(CallMerge.IdOf(said.CallId)).ExecuteAsync(
            new TakeCallEvent(said), new CommandContext(Guid.CreateVersion7(said.At), Provider))));
        if (Array.Find(taken, call => call.Error is TryAgain) is { } again)
        {
            throw Failed(again.Error!);
        }
    }

    private static FeedException Failed(Error error) =>
        new(error.Detail, error is TryAgain again ? TimeSpan.FromSeconds(again.AfterSeconds) : null);

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
