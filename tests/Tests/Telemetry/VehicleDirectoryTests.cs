using ChargeCars.Api.Telemetry;
using ChargeCars.Tests.Vehicles.Positions;

namespace ChargeCars.Tests.Telemetry;

public sealed class VehicleDirectoryTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    private readonly VehicleDirectory _directory = new(database.Source, database.Time);

    [Fact]
    public async Task Resolve_ByIdDeviceUluAndPlate_FindsTheVehicle()
    {
        var vehicle = await database.AddVehicleAsync("V-196-RP", "tracker-1", "ulu-1");

        Assert.Equal(
            [vehicle, vehicle, vehicle, vehicle, null],
            await ResolveAsync(
                VehicleKey.OfId(vehicle), VehicleKey.OfDevice("tracker-1"), VehicleKey.OfDevice("ulu-1"), VehicleKey.OfPlate("v 196 rp"),
                VehicleKey.OfDevice("tracker-2")));
    }

    [Fact]
    public async Task Resolve_AfterForget_SeesTheChange()
    {
        var vehicle = await database.AddVehicleAsync("F-1", "before");
        await ResolveAsync(VehicleKey.OfDevice("before"), VehicleKey.OfDevice("after"));
        await database.ScalarAsync<object>($"UPDATE vehicle SET device_id = 'after' WHERE id = '{vehicle}'");
        Assert.Equal([vehicle, null], await ResolveAsync(VehicleKey.OfDevice("before"), VehicleKey.OfDevice("after")));

        _directory.Forget(vehicle);

        Assert.Equal([null, vehicle], await ResolveAsync(VehicleKey.OfDevice("before"), VehicleKey.OfDevice("after")));
    }

    [Fact]
    public async Task Resolve_OfATrackerBeforeItsVehicle_FindsItTwoSecondsLater()
    {
        Assert.Equal([null], await ResolveAsync(VehicleKey.OfDevice("early")));
        var vehicle = await database.AddVehicleAsync("E-1", "early");
        Assert.Equal([null], await ResolveAsync(VehicleKey.OfDevice("early")));

        database.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal([vehicle], await ResolveAsync(VehicleKey.OfDevice("early")));
    }

    [Fact]
    public async Task Resolve_OfAFleetThatWasMetAtOnce_AsksAgainWithinAMinuteAndNotForAllAtOnce()
    {
        var vehicles = new List<Guid>();
        for (var i = 0; i < 64; i++)
        {
            vehicles.Add(await database.AddVehicleAsync($"M-{i}", $"met-{i}"));
        }

        var keys = vehicles.Select((_, i) => VehicleKey.OfDevice($"met-{i}")).ToArray();
        await ResolveAsync(keys);
        await database.ScalarAsync<object>("UPDATE vehicle SET device_id = 'was-' || device_id WHERE device_id LIKE 'met-%'");
        Assert.Equal(vehicles.Select(id => (Guid?)id), await ResolveAsync(keys));

        database.Time.Advance(TimeSpan.FromSeconds(45));
        var later = await ResolveAsync(keys);
        Assert.InRange(later.Count(id => id is null), 1, 63);

        database.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.All(await ResolveAsync(keys), Assert.Null);
    }

    private async Task<Guid?[]> ResolveAsync(params VehicleKey[] keys)
    {
        using var batch = new PositionBatch();
        foreach (var key in keys)
        {
            batch.TryAdd(new ParsedPosition { Key = key });
        }

        return await _directory.ResolveAsync(batch, CancellationToken.None);
    }
}
