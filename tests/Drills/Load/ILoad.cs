using Npgsql;

namespace ChargeCars.Drills.Load;

/// <summary>Callers of one kind, what they were answered, and whether the database agrees.</summary>
internal interface ILoad
{
    /// <summary>Works until told to stop; what was begun then is still repeated until it is answered.</summary>
    Task RunAsync(CancellationToken stop);

    /// <summary>Compares every row with every answer.</summary>
    Task CheckAsync(NpgsqlDataSource source, DrillReport report);
}
