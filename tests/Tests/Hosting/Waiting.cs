using ChargeCars.Testing;

namespace ChargeCars.Tests.Hosting;

/// <summary>Waiting for what a host does beside its answers.</summary>
internal static class Waiting
{
    /// <summary>Waits until a condition holds, asked for again whenever something changed in a table; no longer than <see cref="Patience.Limit"/>.</summary>
    public static async Task UntilAsync(this RunningHost host, string table, Func<Task<bool>> condition)
    {
        await using var signal = await TableSignal.OpenAsync(host.Database, table);
        await signal.UntilAsync(condition, Patience.Limit);
    }

    /// <summary>Waits until a count of rows of <c>due_command</c> is what it should be: what commands oblige others to do is carried out beside them.</summary>
    public static Task UntilDueAsync(this RunningHost host, string condition, Func<long, bool> enough) =>
        host.UntilAsync("due_command", async () => enough(await host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE {condition}")));
}
