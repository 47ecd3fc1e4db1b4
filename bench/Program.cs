using System.Runtime.Versioning;
using ChargeCars.Bench.Running;

// It reads processor time and memory where Linux tells them.
[assembly: SupportedOSPlatform("linux")]

return args is [EmptyHost.Argument, var url] ? await EmptyHost.RunAsync(url) : await BenchCommand.RunAsync(args);
