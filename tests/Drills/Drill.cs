using System.CommandLine;

namespace ChargeCars.Drills;

/// <summary>One proof on real processes.</summary>
/// <param name="Name">As given on the command line.</param>
/// <param name="Summary">One line: what it proves.</param>
/// <param name="Options">Its own options, each with a default.</param>
/// <param name="RunAsync">Runs it; what is wrong goes to the report, a fault of the drill itself is thrown.</param>
internal sealed record Drill(
    string Name, string Summary, IReadOnlyList<Option> Options, Func<ParseResult, DrillReport, CancellationToken, Task> RunAsync)
{
    public Command ToCommand()
    {
        var command = new Command(Name, Summary);
        foreach (var option in Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, stop) => await RunOneAsync(parsed, stop) ? 0 : 1);
        return command;
    }

    /// <summary>True: nothing was violated.</summary>
    public async Task<bool> RunOneAsync(ParseResult parsed, CancellationToken stop)
    {
        var report = new DrillReport(Name, Console.Out, TimeProvider.System);
        try
        {
            await RunAsync(parsed, report, stop);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            report.Violation($"the drill could not be finished: {fault}");
        }

        return report.End();
    }
}
