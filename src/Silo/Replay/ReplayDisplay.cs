using Spectre.Console;

namespace ChargeCars.Silo.Replay;

/// <summary>Where the person at the terminal sees how far a replay is.</summary>
internal interface IReplayDisplay
{
    void Show(ReplayTally tally);

    void Note(string line);

    void UnknownVehicle(string plate);
}

/// <summary>Lines, for a log or a pipe: at most one every ten seconds, besides the notes.</summary>
internal sealed class LineDisplay(TextWriter output, TimeProvider time, Func<string, string> howToCreate) : IReplayDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _shown = time.GetTimestamp();

    public void Show(ReplayTally tally)
    {
        if (time.GetElapsedTime(_shown) < Interval) return;
        _shown = time.GetTimestamp();
        output.WriteLine($"{tally.Sent} of {tally.Total} sent, {tally.Stored} stored");
    }

    public void Note(string line) => output.WriteLine(line);

    public void UnknownVehicle(string plate) => output.WriteLine(howToCreate(plate));
}

/// <summary>A bar, for a terminal. What is written beside it scrolls above the bar.</summary>
internal sealed class BarDisplay(IAnsiConsole console, ProgressTask bar, Func<string, string> howToCreate) : IReplayDisplay
{
    public void Show(ReplayTally tally)
    {
        bar.Value = tally.Sent;
        bar.Description = $"{tally.Sent} of {tally.Total} sent, {tally.Stored} stored";
    }

    public void Note(string line) => console.WriteLine(line);

    public void UnknownVehicle(string plate) => console.WriteLine(howToCreate(plate));

    public static Task RunAsync(IAnsiConsole console, long total, Func<string, string> howToCreate, Func<IReplayDisplay, Task> work) =>
        console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(progress => work(new BarDisplay(console, progress.AddTask($"0 of {total} sent", maxValue: total), howToCreate)));
}
