using ChargeCars.Silo.Database;
using ChargeCars.Silo.Hosting;
using ChargeCars.Silo.Replay;

return args switch
{
    ["replay", .. var rest] => await ReplayCommand.RunAsync(rest, CancellationToken.None),
    ["database", .. var rest] => await DatabaseCommand.RunAsync(rest),
    _ => await ChargeCarsHost.RunAsync(args),
};
