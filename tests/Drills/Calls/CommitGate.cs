using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Calls;

/// <summary>
/// Holds every commit of the database up when it is on disk and whoever asked for it has not been told: PostgreSQL waits for a standby
/// that there is none of. A host that is killed then dies between a commit and its reply, and not at a moment that the machine's pace decides.
/// </summary>
internal sealed class CommitGate(DurableDatabase database) : IAsyncDisposable
{
    private const string Held = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name LIKE 'host %'";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<CommitGate> CloseAsync(DurableDatabase database)
    {
        var gate = new CommitGate(database);
        await gate.SetAsync("nobody");
        return gate;
    }

    /// <summary>Waits until so many commits stand at the gate, or no more come; answers what they are of, by how their statements begin.</summary>
    public async Task<IReadOnlyList<string>> WaitAsync(int commits)
    {
        var (clock, before) = (System.Diagnostics.Stopwatch.StartNew(), -1L);
        while (clock.Elapsed < Patience)
        {
            var now = await database.ScalarAsync<long>($"SELECT count(*) {Held}");
            if (now >= commits || (now > 0 && now == before))
            {
                return await database.RowsAsync($"SELECT query {Held}", row => row.GetString(0));
            }

            before = now;
            await Task.Delay(250);
        }

        throw new DrillException($"No commit came to the gate within {Patience}.");
    }

    /// <summary>Lets them through: all of them are kept, and there is nobody to tell.</summary>
    public async ValueTask DisposeAsync()
    {
        await SetAsync("''");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (await database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0)
        {
            if (clock.Elapsed > Patience)
            {
                throw new DrillException($"Commits still stand at the gate {Patience} after it was opened.");
            }

            await Task.Delay(20);
        }
    }

    private async Task SetAsync(string standby)
    {
        await database.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names TO {standby}");
        await database.ExecuteAsync("SELECT pg_reload_conf()");
    }
}
