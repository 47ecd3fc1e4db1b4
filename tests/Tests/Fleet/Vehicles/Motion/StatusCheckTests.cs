using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static ChargeCars.Tests.Fleet.Vehicles.Motion.MotionRig;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>A status that contradicts the motion is put right, whoever or whatever made it so.</summary>
public sealed class StatusCheckTests(PositionDatabase database) : IClassFixture<PositionDatabase>, IAsyncLifetime
{
    private MotionRig _rig = null!;

    public async Task InitializeAsync() => _rig = await StartAsync(database);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(VehicleStatus.Parked, 500, 1)]
    [InlineData(VehicleStatus.Parked, 100, 0)]
    [InlineData(VehicleStatus.OnSite, 500, 0)]
    [InlineData(VehicleStatus.OnSite, 2_000, 1)]
    [InlineData(VehicleStatus.Maintenance, 2_000, 0)]
    [InlineData(VehicleStatus.Driving, 2_000, 0)]
    public async Task Van_ThatDrivesOnInAStatusThatSaysOtherwise_IsToldToDriveOnce(VehicleStatus status, double metres, int times)
    {
        var vehicle = await _rig.AddVehicleAsync();
        var drive = new Drive(Fixes.Noon.AddHours(-1), 5) { Noise = 0 }.Stand(5).Go(3_000, 95);
        _rig.Status = VehicleStatus.Driving;
        await InTurnAsync(async () =>
        {
            var (recorder, motion) = await _rig.ActivateAsync(vehicle);
            await recorder.RecordAsync([.. drive.Fixes], VehicleStatus.Parked);
            await motion.SettleAsync();
            var sent = drive.Fixes.Count;
            _rig.Status = status;
            foreach (var fix in drive.Go(metres, 95).Fixes.Skip(sent))
            {
                await recorder.RecordAsync([fix], status);
                await motion.SettleAsync();
            }

            return 0;
        });

        Assert.Equal(Enumerable.Repeat<bool?>(true, 1 + times), (await _rig.FollowedByAsync(vehicle)).Select(followed => followed.Driving));
    }

    [Theory]
    [InlineData(null, 180)]
    [InlineData(false, 120)]
    public async Task Van_ThatStoodWhenItFellSilent_IsParkedByTheWatchOnce(bool? ignition, double seconds)
    {
        var vehicle = await _rig.AddVehicleAsync();
        var drive = new Drive(database.Time.GetUtcNow().AddMinutes(-9.5), 10) { Noise = 0, Ignition = ignition is null ? null : true }.Stand(5).Go(3_000);
        drive.Ignition = ignition;
        PositionFix[] fixes = [.. drive.Stand(0.1).Fixes];
        _rig.Status = VehicleStatus.Driving;
        await _rig.PlayAsync(vehicle, new MotionRig.Part(fixes));
        await _rig.Checkpoints.FlushAsync(CancellationToken.None);
        await database.ScalarAsync<int>(
            $"UPDATE vehicle SET operational_status = 'driving', last_location_update = '{fixes[^1].FixTime:O}' WHERE id = '{vehicle}'");

        // It stood at the fix before.
        var early = await LookAsync(fixes[^2].FixTime.AddSeconds(seconds - 1));
        var due = await LookAsync(fixes[^2].FixTime.AddSeconds(seconds));

        Assert.Equal((0, 1), (early, due));
        Assert.Equal([true, false], (await _rig.FollowedByAsync(vehicle)).Select(followed => followed.Driving));
        // The trip lasts until a fix says how it ended.
        Assert.Null((await _rig.StoredAsync(vehicle))[^1].End);

        async Task<int> LookAsync(DateTimeOffset now)
        {
            database.Time.SetUtcNow(now);
            using var watch = new MotionWatch(
                database.Source, id => id == vehicle ? _rig.PlayAsync(id) : Task.CompletedTask, database.Time, Options.Create(database.Limits),
                NullLogger<MotionWatch>.Instance);
            await watch.LookAsync(CancellationToken.None);
            return (await _rig.FollowedByAsync(vehicle)).Count - 1;
        }
    }
}
