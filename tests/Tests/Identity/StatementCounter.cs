using System.Diagnostics;
using Npgsql;

namespace ChargeCars.Tests.Identity;

/// <summary>Counts the statements that this process sends to one database, from here on.</summary>
internal sealed class StatementCounter : IDisposable
{
    private readonly ActivityListener _listener;
    private int _count;

    public StatementCounter(NpgsqlDataSource source)
    {
        var database = new NpgsqlConnectionStringBuilder(source.ConnectionString).Database!;
        _listener = new()
        {
            ShouldListenTo = activities => activities.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                // The opening of a connection is told too, without a statement.
                if (activity.TagObjects.Any(tag => tag.Key is "db.name" or "db.namespace" && Equals(tag.Value, database))
                    && activity.TagObjects.Any(tag => tag.Key is "db.statement" or "db.query.text"))
                {
                    Interlocked.Increment(ref _count);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
