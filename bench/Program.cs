using System.Runtime.Versioning;
using ChargeCars.Bench.Files;
using ChargeCars.Bench.Running;

// It reads processor time and memory where Linux tells them.
[assembly: SupportedOSPlatform("linux")]

return args switch
{
    [EmptyHost.Argument, var url] => await EmptyHost.RunAsync(url),
    [StaticHost.Argument, var url, var folder] => await StaticHost.RunAsync(url, folder),
    _ => await BenchCommand.RunAsync(args),
};
