using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Tests.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Telemetry;

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
    public async Task Resolve_AfterAChangeThatWasMissed_SeesItWithinAMinute()
    {
        var vehicle = await database.AddVehicleAsync("M-1", "met");
        await ResolveAsync(VehicleKey.OfDevice("met"));
        await database.ScalarAsync<object>($"UPDATE vehicle SET device_id = 'moved' WHERE id = '{vehicle}'");
        database.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal([vehicle], await ResolveAsync(VehicleKey.OfDevice("met")));

        database.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([null, vehicle], await ResolveAsync(VehicleKey.OfDevice("met"), VehicleKey.OfDevice("moved")));
    }

    [Fact]
    public async Task Refresh_OfWhatIsHalfAMinuteOld_SeesMissedChanges()
    {
        var (stays, changes, goes) = (
            await database.AddVehicleAsync("R-1", "stays"), await database.AddVehicleAsync("R-2", "changes"), await database.AddVehicleAsync("R-3", "goes"));
        VehicleKey[] keys = [VehicleKey.OfDevice("stays"), VehicleKey.OfDevice("changes"), VehicleKey.OfDevice("goes"), VehicleKey.OfId(goes)];
        Assert.Equal([stays, changes, goes, goes], await ResolveAsync(keys));
        await database.ScalarAsync<object>(
            $"UPDATE vehicle SET device_id = 'changed' WHERE id = '{changes}'; DELETE FROM vehicle WHERE id = '{goes}'");

        database.Time.Advance(TimeSpan.FromSeconds(29));
        await _directory.RefreshAsync(CancellationToken.None);
        Assert.Equal([stays, changes, goes, goes], await ResolveAsync(keys));

        database.Time.Advance(TimeSpan.FromSeconds(1));
        await _directory.RefreshAsync(CancellationToken.None);
        Assert.Equal([stays, null, null, null], await ResolveAsync(keys));
    }

    [Fact]
    public async Task Resolve_OfWhatWasRefreshed_AsksTheDatabaseForNothing()
    {
        var vehicle = await database.AddVehicleAsync("Q-1", "quiet");
        await ResolveAsync(VehicleKey.OfDevice("quiet"));
        database.Time.Advance(TimeSpan.FromSeconds(40));
        await _directory.RefreshAsync(CancellationToken.None);
        // What the database says now would be seen by whoever asked it.
        await database.ScalarAsync<object>($"UPDATE vehicle SET device_id = NULL WHERE id = '{vehicle}'");

        database.Time.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal([vehicle], await ResolveAsync(VehicleKey.OfDevice("quiet")));
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
