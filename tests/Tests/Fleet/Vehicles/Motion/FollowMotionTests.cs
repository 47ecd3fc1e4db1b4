using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

public sealed class FollowMotionTests
{
    [Theory]
    [InlineData(VehicleStatus.Parked, true, VehicleStatus.Driving)]
    [InlineData(VehicleStatus.Parked, false, VehicleStatus.Parked)]
    [InlineData(VehicleStatus.Driving, true, VehicleStatus.Driving)]
    [InlineData(VehicleStatus.Driving, false, VehicleStatus.Parked)]
    [InlineData(VehicleStatus.OnSite, true, VehicleStatus.Driving)]
    [InlineData(VehicleStatus.OnSite, false, VehicleStatus.OnSite)]
    [InlineData(VehicleStatus.Maintenance, true, VehicleStatus.Maintenance)]
    [InlineData(VehicleStatus.Maintenance, false, VehicleStatus.Maintenance)]
    public void Motion_InEveryStatus_HasOneAnswer(VehicleStatus from, bool driving, VehicleStatus to)
    {
        var vehicle = Vehicle(from);

        Assert.Equal(to, After(vehicle, new FollowMotion(driving)).OperationalStatus);
        Assert.Equal(from, After(vehicle with { IsActive = driving ? false : vehicle.IsActive }, new FollowMotion(null)).OperationalStatus);
    }

    [Fact]
    public void Motion_OfAVanNotInUse_LeavesItParked() =>
        Assert.Equal(VehicleStatus.Parked, After(Vehicle(VehicleStatus.Parked) with { IsActive = false }, new FollowMotion(true)).OperationalStatus);

    [Theory]
    [InlineData(1_000, null, 3, 1_003)]
    [InlineData(1_000, 50_003.4, 3, 1_003)] // the tracker counts from its own beginning
    [InlineData(null, null, 3, 3)]
    [InlineData(null, 50_003.4, 3, 50_003)]
    [InlineData(null, 1e300, 3, int.MaxValue)]
    [InlineData(null, null, 0, null)]
    [InlineData(1_000, null, 0, 1_000)]
    [InlineData(int.MaxValue - 1, null, 3, int.MaxValue)]
    public void Mileage_IsWhatTheBooksSayAndWhatWasDrivenSince(int? before, double? odometer, int add, int? after) =>
        Assert.Equal(after, After(Vehicle(VehicleStatus.Driving) with { MileageKm = before }, new FollowMotion(false, odometer, add)).MileageKm);

    private static Vehicle Vehicle(VehicleStatus status) => new() { Id = Guid.NewGuid(), OperationalStatus = status };

    private static Vehicle After(Vehicle vehicle, FollowMotion command) => VehicleDecider.Decide(vehicle, command).Value!.After!;
}
