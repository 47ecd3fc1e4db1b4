using ChargeCars.Drills.Support;
using Npgsql;

namespace ChargeCars.Drills.Due;

/// <summary>Where a host is stopped on its way from a commit to what follows from it.</summary>
internal enum Stage
{
    /// <summary>The command is committed, and nobody has taken what follows.</summary>
    Committed,

    /// <summary>A host takes it, and dies with it.</summary>
    Taken,

    /// <summary>Its effect is on its way to the disk.</summary>
    TakingEffect,

    /// <summary>It has taken effect, and nobody has put that on record.</summary>
    InEffect,
}

/// <summary>
/// Holds the hosts up at one stage: triggers wait for an advisory lock that the drill has. So a kill meets the moment that it is
/// meant for, and not one that the machine's pace decides.
/// </summary>
internal sealed class Gate(NpgsqlConnection connection) : IAsyncDisposable
{
    private const long Key = 7_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Puts the triggers on the tables.</summary>
    public static Task InstallAsync(DurableDatabase database) => database.ExecuteAsync($"""
        CREATE FUNCTION drill_gate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock_shared({Key} + TG_ARGV[0]::bigint);
            RETURN NEW;
        END $$;
        CREATE TRIGGER drill_taken BEFORE UPDATE ON due_command FOR EACH ROW
            WHEN (NEW.state = 'pending' AND NEW.attempts > OLD.attempts) EXECUTE FUNCTION drill_gate({(int)Stage.Taken});
        CREATE TRIGGER drill_in_effect BEFORE UPDATE ON due_command FOR EACH ROW
            WHEN (NEW.state = 'done') EXECUTE FUNCTION drill_gate({(int)Stage.InEffect});
        CREATE TRIGGER drill_taking_effect BEFORE UPDATE ON visit FOR EACH ROW
            WHEN (NEW.status = 'cancelled') EXECUTE FUNCTION drill_gate({(int)Stage.TakingEffect});
        """);

    /// <summary>Closes the gate of a stage, until it is disposed of.</summary>
    public static async Task<Gate> CloseAsync(DurableDatabase database, Stage stage)
    {
        var gate = new Gate(await database.Source.OpenConnectionAsync());
        await gate.RunAsync("SELECT pg_advisory_lock($1)", Key + (int)(stage == Stage.Committed ? Stage.Taken : stage));
        return gate;
    }

    /// <summary>Waits until a host stands at the gate, and answers its name.</summary>
    public async Task<string> WaitAsync()
    {
        const string Waiting = """
            SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND NOT l.granted ORDER BY a.query_start LIMIT 1
            """;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            await using var command = new NpgsqlCommand(Waiting, connection);
            if (await command.ExecuteScalarAsync() is string name)
            {
                return name;
            }

            await Task.Delay(10);
        }

        throw new DrillException($"No host came to the gate within {Patience}.");
    }

    /// <summary>Takes away what stands at the gate, so that it goes through for nobody.</summary>
    public Task TurnAwayAsync() => RunAsync(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND $1 > 0", Key);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("SELECT pg_advisory_unlock_all()::text, $1", Key);
        await connection.DisposeAsync();
    }

    private async Task RunAsync(string sql, long value)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        await command.ExecuteNonQueryAsync();
    }
}
