using System.Net;
using System.Text.Json;
using ChargeCars.Api.Orders.Presence;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using ChargeCars.Tests.Platform.Live;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Orders;

/// <summary>Two people on one order see one another, by the connection.</summary>
[Collection(HostCollection.Name)]
public sealed class OrderPresenceTests(RunningHost host)
{
    private static readonly string[] Reader = ["vehicles.read", "orders.read"];

    [Fact]
    public async Task Open_OnTwoScreensOfOnePerson_IsToldOnceAndEndsWithTheLast()
    {
        var order = await OrderRun.NewAsync(host);
        await using var other = await ConnectAsync(await host.WithKeyAsync(Reader));
        using var key = await host.WithKeyAsync(new { name = "Anna's desk", permissions = Reader });
        await using var first = await ConnectAsync(key);
        await using var second = await ConnectAsync(key);
        await other.WatchAsync(new { topics = new[] { "orders" }, orderIds = new[] { order.Id } });

        Assert.Equal(["Anna's desk"], NamesOf(await OpenAsync(first, order.Id)));
        Assert.Equal(["Anna's desk"], NamesOf(await OpenAsync(second, order.Id)));
        Assert.Equal(["Anna's desk", "test"], NamesOf(await OpenAsync(other, order.Id)).Order());
        await first.DisposeAsync();
        await OpenAsync(second);

        Assert.Equal([("Anna's desk", "open"), ("test", "open"), ("Anna's desk", "none")], await NewsAsync(other, 3));
        var left = await host.Administrator.ReadAsync($"/api/orders/{order.Id}/presence");
        Assert.Equal("test", Assert.Single(left.GetProperty("items").EnumerateArray()).GetProperty("actor").GetProperty("name").GetString());
    }

    /// <summary>A host that died ends nothing: what it left expires, and another host tells of it.</summary>
    [Fact]
    public async Task Row_ThatNobodyRenews_ExpiresAndIsTold()
    {
        var order = await OrderRun.NewAsync(host);
        await using var other = await ConnectAsync(await host.WithKeyAsync(Reader));
        await other.WatchAsync(new { topics = new[] { "orders" }, orderIds = new[] { order.Id } });
        await OpenAsync(other, order.Id);
        await host.ExecuteAsync($$"""
            INSERT INTO order_presence (order_id, connection_id, actor_id, actor, since, until)
            VALUES ('{{order.Id}}', 'of a dead host', '{{Guid.NewGuid()}}', '{"kind":"user","id":null,"name":"Gone"}', now() - interval '2 minutes', now() - interval '1 second');
            UPDATE order_presence SET until = now() + interval '1 second' WHERE order_id = '{{order.Id}}' AND connection_id <> 'of a dead host'
            """);

        await host.Services.GetRequiredService<OpenOrders>().LookAsync(CancellationToken.None);

        Assert.Equal([("test", "open"), ("Gone", "none")], await NewsAsync(other, 2));
        Assert.True(await host.ScalarAsync<bool>($"SELECT until > now() + interval '30 seconds' FROM order_presence WHERE order_id = '{order.Id}'"));
    }

    [Fact]
    public async Task Open_OfWhatIsNotSeen_IsRefused()
    {
        var (order, partner) = (await OrderRun.NewAsync(host), await Sample.CreateAsync(host, "organization"));
        await using var entity = await ConnectAsync(await host.WithKeyAsync(new { name = "x", permissions = Reader, businessEntities = new[] { "ratioshop" } }));
        await using var none = await ConnectAsync(await host.WithKeyAsync("vehicles.read"));
        using var partners = await host.WithKeyAsync(new { name = "x", permissions = Reader, partnerOrganizationId = partner });

        Assert.Contains($"{order.Id}", (await Assert.ThrowsAsync<HubException>(() => OpenAsync(entity, order.Id))).Message, StringComparison.Ordinal);
        Assert.Contains("orders.read", (await Assert.ThrowsAsync<HubException>(() => OpenAsync(none, order.Id))).Message, StringComparison.Ordinal);
        Assert.Contains("orderIds", (await Assert.ThrowsAsync<HubException>(() => entity.Hub.InvokeAsync<JsonElement>("Open", new { }))).Message, StringComparison.Ordinal);
        Assert.Contains("orderid", (await Assert.ThrowsAsync<HubException>(() => entity.Hub.InvokeAsync<JsonElement>("Open", new { orderIds = Array.Empty<Guid>(), orderid = 1 }))).Message, StringComparison.Ordinal);
        await (await partners.GetAsync($"/api/orders/{order.Id}/presence")).ProblemAsync(HttpStatusCode.NotFound);
    }

    private static IEnumerable<string?> NamesOf(JsonElement answer) =>
        answer.GetProperty("items")[0].GetProperty("present").EnumerateArray().Select(one => one.GetProperty("actor").GetProperty("name").GetString());

    private static Task<JsonElement> OpenAsync(LiveClient client, params Guid[] orders) =>
        client.Hub.InvokeAsync<JsonElement>("Open", new { orderIds = orders }).WaitAsync(FeedRecorder.Patience);

    private static async Task<List<(string?, string?)>> NewsAsync(LiveClient client, int count)
    {
        var news = new List<(string?, string?)>();
        while (news.Count < count)
        {
            var change = await LiveClient.NextAsync(client.Changes);
            if (change.Type == "order.presence_changed")
            {
                news.Add((JsonDocument.Parse(change.Actor.Text).RootElement.GetProperty("name").GetString(), JsonDocument.Parse(change.Data.Text).RootElement.GetProperty("state").GetString()));
            }
        }

        return news;
    }

    private async Task<LiveClient> ConnectAsync(HttpClient key)
    {
        var client = new LiveClient(new Uri(host.Url, "/hubs/dispatch"), key.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        await client.Hub.StartAsync();
        return client;
    }
}
