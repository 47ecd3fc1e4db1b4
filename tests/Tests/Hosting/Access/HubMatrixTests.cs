using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Tests.Platform.Live;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace ChargeCars.Tests.Hosting.Access;

/// <summary>Every method of the hub × everybody who asks × own and foreign vehicles: what is answered, replayed and pushed.</summary>
[Collection(MatrixCollection.Name)]
public sealed class HubMatrixTests(MatrixHost matrix)
{
    /// <summary>The methods that the tests below call, and <c>OrderPresenceTests</c>; one that is new is refused here until it is tested.</summary>
    private static readonly string[] Tested = [nameof(DispatchHub.Open), nameof(DispatchHub.Unwatch), nameof(DispatchHub.Watch)];

    private static readonly string[] Fleet = ["fleet"];

    private IEnumerable<Persona> Connected => matrix.Personas.Where(persona => persona.May([Permissions.VehiclesRead]));

    [Fact]
    public void Method_OfTheHub_IsInTheMatrix() => Assert.Equal(
        Tested, typeof(DispatchHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name).Order());

    [Fact]
    public async Task Connection_OfWhoMayNotSeeVehicles_IsRefused()
    {
        foreach (var persona in matrix.Personas.Except(Connected))
        {
            await using var client = Client(persona);

            var refused = await Assert.ThrowsAnyAsync<Exception>(() => client.Hub.StartAsync());

            Assert.Contains("403", refused.Message + refused.InnerException?.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Watch_OfEachTopic_AsksForItsPermission()
    {
        foreach (var persona in Connected)
        {
            await using var client = await ConnectAsync(persona);
            foreach (var topic in Topics.ByName.Values)
            {
                var refused = await Record.ExceptionAsync(() => client.WatchAsync(new { topics = new[] { topic.Name } }));

                Assert.True(persona.May([topic.Permission]) == refused is null, $"{persona} {topic.Name}: {refused?.Message}");
                Assert.True(refused is null or HubException && refused?.Message.Contains(topic.Permission, StringComparison.Ordinal) != false);
            }
        }
    }

    [Fact]
    public async Task Watch_AndWhatFollowsIt_TellsOfOwnVehiclesAndNoOther()
    {
        foreach (var persona in Connected)
        {
            var things = new Things(matrix.Host, persona);
            var (own, foreign) = (await things.OwnAsync(Thing.Vehicle, anew: true), await things.ForeignAsync(Thing.Vehicle));
            await using var client = await ConnectAsync(persona);

            var all = await client.WatchFleetAsync();
            var named = await client.WatchAsync(new { topics = Fleet, vehicleIds = new[] { own, foreign }.OfType<string>() });
            var around = await client.WatchAsync(new { topics = Fleet, area = new { south = 52.0, west = 5.0, north = 52.2, east = 5.2 } });
            foreach (var answer in new[] { all, named, around })
            {
                var seen = answer.Vehicles.Select(vehicle => vehicle.GetProperty("id").GetString()).ToList();
                Assert.True(own is null || seen.Contains(own), $"{persona} does not see its own");
                Assert.True(foreign is null || !seen.Contains(foreign), $"{persona} sees a foreign one");
            }

            // First the foreign one moves and is changed: when the own one's news is here, the other's would be.
            foreach (var id in new[] { foreign, own }.OfType<string>())
            {
                await ChangeAsync(id);
            }

            var replayed = (await client.WatchFleetAsync(all.Sequence)).Changes.Select(change => change.EntityId.ToString()).ToList();
            Assert.True(own is null || replayed.Contains(own), $"{persona} is not replayed its own");
            Assert.True(foreign is null || !replayed.Contains(foreign), $"{persona} is replayed a foreign one");
            if (own is null)
            {
                continue;
            }

            foreach (var id in new[] { foreign, own }.OfType<string>())
            {
                await ChangeAsync(id);
            }

            var pushed = await UntilAsync(client.Changes, change => [change.EntityId.ToString()], own);
            Assert.DoesNotContain(foreign, pushed);
            await client.Hub.InvokeAsync("Unwatch");
            if (persona.May([Permissions.PositionsRead]))
            {
                await client.WatchFleetAsync();
                foreach (var id in new[] { foreign, own }.OfType<string>())
                {
                    await MoveAsync(id);
                }

                Assert.DoesNotContain(foreign, await UntilAsync(client.Positions, message => message.Items.Select(item => item.VehicleId.ToString()), own));
            }
        }
    }

    private static async Task<List<string?>> UntilAsync<T>(System.Threading.Channels.Channel<T> channel, Func<T, IEnumerable<string>> idsOf, string last)
    {
        var ids = new List<string?>();
        while (!ids.Contains(last))
        {
            ids.AddRange(idsOf(await LiveClient.NextAsync(channel)));
        }

        return ids;
    }

    private async Task ChangeAsync(string id)
    {
        var version = await matrix.Host.ScalarAsync<long>($"SELECT version FROM vehicle WHERE id = '{id}'");
        using var changed = await matrix.Host.Administrator.MergePatchAsync($"/api/vehicles/{id}", version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            JsonSerializer.Serialize(new { vehicleName = $"Van {version}" }));
        changed.EnsureSuccessStatusCode();
    }

    private async Task MoveAsync(string id)
    {
        using var sent = await matrix.Host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = id, fixTime = DateTimeOffset.UtcNow, latitude = 52.1001, longitude = 5.1001 } },
        });
        Assert.Equal(1, (await sent.JsonAsync()).GetProperty("accepted").GetInt32());
    }

    private LiveClient Client(Persona persona) =>
        new(new Uri(matrix.Host.Url, persona.Token is { } token ? $"/hubs/dispatch?access_token={token}" : "/hubs/dispatch"), persona.Key);

    private async Task<LiveClient> ConnectAsync(Persona persona)
    {
        var client = Client(persona);
        await client.Hub.StartAsync();
        return client;
    }
}
