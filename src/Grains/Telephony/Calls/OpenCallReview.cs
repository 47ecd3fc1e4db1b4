using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>
/// Looks after calls that nothing was said of for a while: Aircall is asked how they are, where its API is configured, and those that can't
/// be going on any more are ended. So a hang-up that was lost leaves none ringing.
/// </summary>
internal sealed class OpenCallReview(NpgsqlDataSource source, AircallApi aircall, IGrainFactory grains, TimeProvider time) : IExpiringRows
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);

    private const int Batch = 100;

    private static readonly string Select = $"""
        SELECT {CallKind.Rows.ColumnList} FROM call
        WHERE status IN ('initial', 'ringing', 'answered') AND updated_at < $1 AND id > $2 ORDER BY id LIMIT {Batch}
        """;

    /// <inheritdoc/>
    public string Task => "end calls whose hang-up was lost";

    /// <inheritdoc/>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct) => await RunAsync(ct) is { Succeeded: true } ended ? ended.Value : 0;

    /// <summary>Looks at each of them once; answers how many ended, or why Aircall does not say.</summary>
    public async Task<Result<int>> RunAsync(CancellationToken cancellation)
    {
        var (now, after, ended) = (time.GetUtcNow(), Guid.Empty, 0);
        while (true)
        {
            var open = await ReadAsync(now - Quiet, after, cancellation);
            foreach (var call in open)
            {
                var state = call;
                if (aircall.IsEnabled)
                {
                    var found = await aircall.FindAsync(call.CallId, cancellation);
                    if (found.Error is TryAgain)
                    {
                        return found.Error;
                    }

                    state = found.Succeeded ? await TakeAsync(found.Value, now) ?? state : state;
                }

                state = StaleCalls.Sweep(state, now) is { } swept ? await TakeAsync(swept, now) ?? state : state;
                ended += state.EndedAt is null ? 0 : 1;
            }

            if (open.Count < Batch)
            {
                return ended;
            }

            after = open[^1].Id;
        }
    }

    // Null where it could not be taken: the next round takes it.
    private async Task<Call?> TakeAsync(CallEvent said, DateTimeOffset now) =>
        (await grains.GetGrain<IEntityGrain<Call>>(CallMerge.IdOf(said.CallId)).ExecuteAsync(
            new TakeCallEvent(said), new CommandContext(Guid.CreateVersion7(now), Actor.System))).Value;

    private async Task<List<Call>> ReadAsync(DateTimeOffset before, Guid after, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Time(before));
        command.Parameters.Add(Sql.Uuid(after));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var open = new List<Call>();
        while (await row.ReadAsync(cancellation))
        {
            open.Add(CallKind.Rows.Read(row));
        }

        return open;
    }
}
