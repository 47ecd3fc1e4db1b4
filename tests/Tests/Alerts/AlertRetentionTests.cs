using ChargeCars.Alerts;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Alerts;

/// <summary>Alerts that ended do not stay for ever.</summary>
public sealed class AlertRetentionTests(AlertHost alerts) : IClassFixture<AlertHost>
{
    private RunningHost Host => alerts.Host;

    [Fact]
    public async Task Alerts_ThatEndedLongAgo_AreDeleted_AndAFactThatReturnsRaisesThemAnew()
    {
        var (old, young, open) = (await RaiseAsync(), await RaiseAsync(), await RaiseAsync());
        foreach (var (fact, days) in new[] { (old, 91), (young, 89) })
        {
            await DoAsync(fact, new EndAlert());
            await Host.ExecuteAsync($"UPDATE alert SET ended_at = now() - interval '{days} days' WHERE id = '{fact.AlertId}'");
        }

        var retention = Host.Services.GetServices<IExpiringRows>().OfType<AlertRetention>().Single();
        Assert.Equal(1, await retention.DeleteExpiredAsync(CancellationToken.None));

        Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM alert WHERE id = '{old.AlertId}'"));
        Assert.Equal(2L, await Host.ScalarAsync<long>($"SELECT count(*) FROM alert WHERE id IN ('{young.AlertId}', '{open.AlertId}')"));
        Assert.Equal(1L, await Host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{old.AlertId}' AND action = 'DELETE'"));
        Assert.Equal(0, await retention.DeleteExpiredAsync(CancellationToken.None));

        await DoAsync(old, new RaiseAlert(old));
        Assert.Equal("open/1", await Host.ScalarAsync<string>($"SELECT status || '/' || occurrence FROM alert WHERE id = '{old.AlertId}'"));
    }

    [Fact]
    public void Alerts_AreKept_ForAMonthAtLeast() =>
        Assert.Equal(["ChargeCars:Alerts:KeepEnded must be at least 30 days."], new AlertOptions.Validator().Validate(null, new() { KeepEnded = TimeSpan.FromDays(29) }).Failures);

    private async Task<AlertFact> RaiseAsync()
    {
        var van = await Host.CreateVehicleAsync();
        var fact = new AlertFact(AlertType.Overspeed, "vehicle", van, AlertSeverity.High) { VehicleId = van, Label = "V-1" };
        await DoAsync(fact, new RaiseAlert(fact));
        return fact;
    }

    private async Task DoAsync(AlertFact fact, AlertCommand command) => Assert.True((await Host.Services.GetRequiredService<IGrainFactory>()
        .GetGrain<IEntityGrain<Alert>>(fact.AlertId).ExecuteAsync(command, new(Guid.NewGuid(), Actor.System))).Succeeded);
}
