using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>Gives a database fault that escapes a grain a form that every host understands.</summary>
internal sealed partial class StorageFaultFilter(ILogger<StorageFaultFilter> logger) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        // Most calls are answered out of memory: no state machine for them.
        var call = context.Invoke();
        return call.IsCompletedSuccessfully ? call : ExplainAsync(call, context);
    }

    private async Task ExplainAsync(Task call, IIncomingGrainCallContext context)
    {
        try
        {
            await call;
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
