using System.CommandLine;
using ChargeCars.Drills;
using ChargeCars.Drills.Calls;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Fuzz;
using ChargeCars.Drills.Due;
using ChargeCars.Drills.Files;
using ChargeCars.Drills.Gap;
using ChargeCars.Drills.Kill;
using ChargeCars.Drills.Orders;
using ChargeCars.Drills.Screen;
using ChargeCars.Drills.Stock;

// A drill is a line here and a folder beside this file.
Drill[] drills =
[
    KillDrill.Drill,
    FilesDrill.Drill,
    GapDrill.Drill,
    ScreenDrill.Drill,
    ClusterDrill.Drill,
    SplitDrill.Drill,
    FuzzDrill.Drill,
    DueDrill.Drill,
    StockDrill.Drill,
    OrdersDrill.Drill,
    CallsDrill.Drill,
    MessagesDrill.Drill,
];

var all = new Command("all", "Every drill, one after the other, with its default options.");
var root = new RootCommand("ChargeCars drills: real hosts and a real PostgreSQL are killed under load, then every row is checked. Exit code 1 on any violation.") { all };
foreach (var drill in drills)
{
    root.Subcommands.Add(drill.ToCommand());
}

all.SetAction(async (_, stop) =>
{
    var passed = true;
    foreach (var drill in drills)
    {
        passed &= await drill.RunOneAsync(root.Parse(drill.Name), stop);
    }

    return passed ? 0 : 1;
});
// Ctrl-C ends a drill in order: its hosts and their databases must not outlive it.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(3) });
