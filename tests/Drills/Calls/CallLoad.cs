using System.Net;
using ChargeCars.Drills.Load;

namespace ChargeCars.Drills.Calls;

/// <summary>Clients that deliver webhooks as Aircall does: each body until it is answered 200.</summary>
internal sealed class CallLoad(PatientClient client, int clients, DrillReport report)
{
    private int _delivered;

    public int Delivered => _delivered;

    /// <summary>Delivers streams: each one's bodies one after the other, a client a stream at a time.</summary>
    public Task RunAsync(IReadOnlyList<IReadOnlyList<byte[]>> streams)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var mine && mine < streams.Count)
            {
                foreach (var body in streams[mine])
                {
                    await DeliverAsync(body);
                }
            }
        })));
    }

    /// <summary>Waits until so many deliveries are answered.</summary>
    public async Task ReachedAsync(int deliveries, Task running)
    {
        while (_delivered < deliveries && !running.IsCompleted)
        {
            await Task.Delay(20);
        }
    }

    private async Task DeliverAsync(byte[] body)
    {
        var answer = await client.SendAsync(HttpMethod.Post, "/api/telephony/aircall", body);
        if (answer.Status != HttpStatusCode.OK)
        {
            report.Violation($"a webhook was answered {(int)answer.Status}: {answer.Body}");
        }

        Interlocked.Increment(ref _delivered);
    }
}
