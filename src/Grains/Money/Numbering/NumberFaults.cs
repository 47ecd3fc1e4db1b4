using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Money.Numbering;

/// <summary>What a fault of a commit means to those who wait for it.</summary>
internal static class NumberFaults
{
    /// <summary>The answer; null where the fault is this program's, and stays an exception.</summary>
    public static Error? Refusal(NumberSeries series, Exception fault) => fault switch
    {
        OverloadedException overload => new TryAgain(overload.Message),
        PostgresException { ConstraintName: "uq_number_assignment_number" } taken => new Conflict("number_taken",
            $"A number that {series} would give next belongs to another series already; their prefixes in number_sequence are the same. Change one. ({taken.Detail})"),
        PostgresException { ConstraintName: "audit_log_pkey" } => new Conflict("command_id_used", "The command's id was used for another command already."),
        // Data, integrity, access and syntax: the same statement would fail again.
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['4', '2', ..] } => null,
        NpgsqlException or TimeoutException or OperationCanceledException or IOException => new TryAgain(
            "The database did not answer; whether a number was given is unknown. Ask again for the same owner: it gets one number, however often it asks."),
        _ => null,
    };
}
