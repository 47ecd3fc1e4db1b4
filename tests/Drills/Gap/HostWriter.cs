using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Drills.Gap;

/// <summary>A host's committing half: its own pool, its own group commit, many callers at once.</summary>
internal static class HostWriter
{
    private const int Callers = 16;

    public static async Task<Committed> RunAsync(string connectionString, int seed, CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        // Nobody listens to the streams here, so the publisher needs no cluster.
        using var commits = new GroupCommit(
            source, new ChangePublisher(null!, NullLogger<ChangePublisher>.Instance), new DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        await commits.StartAsync(CancellationToken.None);
        var store = new EntityStore<Vehicle, VehicleKind>(source, commits);
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(store, new Random((seed * Callers) + caller), stop)));
        await commits.StopAsync(CancellationToken.None);
        return new(counts.Sum(), 0);
    }

    private static async Task<int> CallAsync(EntityStore<Vehicle, VehicleKind> store, Random random, CancellationToken stop)
    {
        var (van, count) = (new Van(), 0);
        while (!stop.IsCancellationRequested)
        {
            var step = van.Next();
            var (applied, after) = await store.CommitAsync(step.Before, step.Outcome, "Drill", step.Context, step.At);
            if (!applied)
            {
                throw new InvalidOperationException($"The vehicle {after!.Id} was changed by another.");
            }

            van.Took(after!);
            count++;
            await Task.Delay(random.Next(0, 30), CancellationToken.None);
        }

        return count;
    }
}
