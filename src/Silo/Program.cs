using ChargeCars.Silo.Hosting;
using ChargeCars.Silo.Replay;

if (args is ["replay", .. var rest])
{
    return await ReplayCommand.RunAsync(rest, CancellationToken.None);
}

return await ChargeCarsHost.RunAsync(args);
