using ChargeCars.Silo.Database;
using ChargeCars.Silo.Hosting;
using ChargeCars.Silo.Places;
using ChargeCars.Silo.Replay;

return args switch
{
    ["replay", .. var rest] => await ReplayCommand.RunAsync(rest, CancellationToken.None),
    ["places", .. var rest] => await PlacesCommand.RunAsync(rest),
    ["database", .. var rest] => await DatabaseCommand.RunAsync(rest),
    _ => await ChargeCarsHost.RunAsync(args),
};
