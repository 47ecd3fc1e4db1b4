using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Hosting;

/// <summary>What the runtime's dashboard costs a host, on one that nobody else opens it at.</summary>
public sealed class DashboardTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Counting_BeginsWhenTheDashboardIsOpened()
    {
        var before = Counted();

        using var page = await _host.Administrator.GetAsync("/dashboard/");
        using var again = await _host.Administrator.GetAsync("/dashboard/DashboardCounters");

        Assert.Empty(before);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, again.StatusCode));
        Assert.Contains("orleans-messaging-sent-messages-size", Counted());
    }

    // Which of the runtime's own figures somebody listens to, in this host and no other of this process.
    private List<string> Counted()
    {
        var (meters, found) = (_host.Services.GetRequiredService<IMeterFactory>(), new List<Instrument>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.Contains("Orleans", StringComparison.Ordinal) && instrument.Meter.Scope == meters)
                {
                    found.Add(instrument);
                }
            },
        };
        listener.Start();
        Assert.NotEmpty(found);
        return [.. found.Where(instrument => instrument.Enabled).Select(instrument => instrument.Name)];
    }
}
