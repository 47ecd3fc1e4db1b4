global using ChargeCars.Drills.Support;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Screen;

var findings = new Findings(Console.Out);
try
{
    switch (args)
    {
        case ["screen", .. var rest]: await ScreenDrill.RunAsync(rest.FirstOrDefault(), findings); break;
        case ["cluster"]: await ClusterDrill.RunAsync(findings); break;
        default: Console.WriteLine("screen [GPX] | cluster"); return 2;
    }
}
catch (DrillException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

return findings.Failures == 0 ? 0 : 1;
