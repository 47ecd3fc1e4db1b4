using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;

namespace ChargeCars.Silo.Hosting;

/// <summary>Which faults are the operator's to put right, and in what words.</summary>
internal static class StartupFault
{
    /// <summary>Null for a fault of ours, whose stack trace is worth more than a sentence.</summary>
    public static string? Explain(Exception fault) => fault switch
    {
        StartupException => fault.Message,
        OptionsValidationException invalid => "The configuration can't be used: " + string.Join(" ", invalid.Failures),
        // Its message names key and value: a number, time span or word that can't be read as what the option is.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => "The configuration can't be used: " + fault.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{fault.Message} Another program listens there: stop it, or set ASPNETCORE_URLS to another address.",
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };
}
