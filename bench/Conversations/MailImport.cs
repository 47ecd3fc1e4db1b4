using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Conversations;

/// <summary>The last row of <see cref="Threads"/> by itself, among fewer messages: a run takes a minute or two, to try something out.</summary>
internal sealed class MailImport : IBenchmark
{
    public string Name => "mails";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        var messages = run.Quick ? 20_000 : 200_000;
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Archive.FillAsync(host, messages);
        return [await Threads.MailsAsync(server, host, run, messages)];
    }
}
