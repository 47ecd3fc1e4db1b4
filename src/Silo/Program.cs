using ChargeCars.Silo.Replay;

if (args is ["replay", .. var rest]) return await ReplayCommand.RunAsync(rest, CancellationToken.None);

// Composed in the commits that follow.
Console.WriteLine("ChargeCars");
return 0;
