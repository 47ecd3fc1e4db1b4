using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>Gives a database fault that escapes a grain a form that every host understands.</summary>
internal sealed partial class StorageFaultFilter(ILogger<StorageFaultFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (NpgsqlException fault) when (fault is not PostgresException { IsTransient: false })
        {
            LogFault(logger, context.InterfaceName, context.MethodName, fault);
            throw new StorageUnavailableException($"The database did not answer: {fault.Message}");
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Interface}.{Method} found the database unavailable")]
    private static partial void LogFault(ILogger logger, string @interface, string method, Exception fault);
}
