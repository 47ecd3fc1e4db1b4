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
            if (await WriteAsync(connection, step, random))
            {
                van.Took(step);
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

    private static async Task<bool> WriteAsync(NpgsqlConnection connection, Step step, Random random)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var audit = AuditEntry.Between(VehicleTable.Name, step.Before, step.After, step.News.Transition is not null, null, step.Context, step.At);
        var row = audit.Around(step.Before is { } before ? VehicleTable.Update(step.After, before.Version) : VehicleTable.Insert(step.After), step.Context);
        var commit = new Commit<bool>(step.After.Id, step.Context.CommandId, row, static (_, _) => ValueTask.FromResult(true))
        {
            Transition = step.News.Transition,
            Changes = step.News.Changes,
        };
        await ExecuteAsync(connection, transaction, batch => batch.BatchCommands.Add(commit.Statement));
        await Task.Delay(random.Next(0, 40));
        await ExecuteAsync(connection, transaction, GroupStatements.Of([commit]).AppendTo);
        // The sequence is taken and not yet to be seen: here a reader without the lock would run past it.
        await Task.Delay(random.Next(0, 4));
        if (random.Next(10) == 0)
        {
            await transaction.RollbackAsync();
            return false;
        }

        await transaction.CommitAsync();
        return true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Action<NpgsqlBatch> fill)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        fill(batch);
        await batch.ExecuteNonQueryAsync();
    }
}
