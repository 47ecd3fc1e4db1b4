using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using Npgsql;

namespace ChargeCars.Drills.Gap;

/// <summary>One connection with transactions of random duration before and after the sequence is taken; some roll back.</summary>
internal static class TransactionWriter
{
    public static async Task<Committed> RunAsync(string connectionString, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        var (van, committed, rolledBack) = (new Van(), 0, 0);
        while (!stop.IsCancellationRequested)
        {
            var step = van.Next();
            if (await WriteAsync(connection, step, random) is { } after)
            {
                van.Took(after);
                committed++;
            }
            else
            {
                rolledBack++;
            }

            await Task.Delay(random.Next(0, 50), CancellationToken.None);
        }

        return new(committed, rolledBack);
    }

    // The vehicle as it was committed; null where it was rolled back.
    private static async Task<Vehicle?> WriteAsync(NpgsqlConnection connection, Step step, Random random)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var (commit, after) = EntityStore<Vehicle, VehicleKind>.Prepare(step.Before, step.Outcome, "Drill", step.Context, step.At);
        await ExecuteAsync(connection, transaction, batch => batch.BatchCommands.Add(new("SELECT 1")));
        await Task.Delay(random.Next(0, 40));
        await ExecuteAsync(connection, transaction, new GroupStatements([commit]).AppendTo);
        // The sequence is taken and not yet to be seen: here a reader without the lock would run past it.
        await Task.Delay(random.Next(0, 4));
        if (random.Next(10) == 0)
        {
            await transaction.RollbackAsync();
            return null;
        }

        await transaction.CommitAsync();
        return after;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Action<NpgsqlBatch> fill)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        fill(batch);
        await batch.ExecuteNonQueryAsync();
    }
}
