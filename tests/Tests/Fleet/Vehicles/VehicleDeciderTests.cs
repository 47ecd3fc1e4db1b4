using ChargeCars.Fleet.Vehicles;
using ChargeCars.Platform.Entities;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;
using static ChargeCars.Fleet.Vehicles.VehicleAction;
using static ChargeCars.Fleet.Vehicles.VehicleStatus;

namespace ChargeCars.Tests.Fleet.Vehicles;

public sealed class VehicleDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly Guid Visit = Guid.Parse("0199a000-0000-7000-8000-000000000001");
    private static readonly VehicleDetails Van = new() { LicensePlate = "V-196-RP", VehicleType = VehicleType.Van };

    public static TheoryData<VehicleStatus, VehicleAction> EveryPair()
    {
        var pairs = new TheoryData<VehicleStatus, VehicleAction>();
        foreach (var status in Enum.GetValues<VehicleStatus>())
        {
            foreach (var action in Enum.GetValues<VehicleAction>())
            {
                pairs.Add(status, action);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Act_EveryStatusAndAction_IsAnEventOfTheTableOrANamedRefusal(VehicleStatus status, VehicleAction action)
    {
        var vehicle = Vehicle(status);

        var decision = Decide(vehicle, new ActOnVehicle(action, action == Arrive ? Visit : null));

        if (VehicleTransitions.Table.Arrows.SingleOrDefault(arrow => arrow.From == status && arrow.Action == action) is { } arrow)
        {
            var (moved, after) = (decision.Value!.Moved!, decision.Value.After!);
            Assert.Equal((WireText.Of(status), WireText.Of(arrow.To)), (moved.From, moved.To));
            Assert.Equal((arrow.To, action == Arrive ? Visit : (Guid?)null), (after.OperationalStatus, after.CurrentVisitId));
        }
        else
        {
            var refused = Assert.IsType<TransitionRefused>(decision.Error);
            Assert.Equal(WireText.Of(status), refused.From);
            Assert.DoesNotContain(WireText.Of(action), refused.Allowed);
            Assert.NotEmpty(refused.Allowed);
        }
    }

    [Theory]
    [InlineData(Drive)]
    [InlineData(Arrive)]
    public void Act_VehicleOutOfUse_NamesTheGuard(VehicleAction action)
    {
        var decision = Decide(Vehicle(Parked) with { IsActive = false }, new ActOnVehicle(action, Visit));

        Assert.Contains("isActive", Assert.Single(Assert.IsType<TransitionRefused>(decision.Error).Unmet), StringComparison.Ordinal);
    }

    [Fact]
    public void Arrive_WithoutAVisit_NamesTheField()
    {
        var decision = Decide(Vehicle(Driving), new ActOnVehicle(Arrive));

        Assert.Contains("visitId", Assert.IsType<Invalid>(decision.Error).Fields.Keys);
    }

    [Fact]
    public void Leave_FromAVisit_ForgetsTheVisit()
    {
        var onSite = Vehicle(OnSite) with { CurrentVisitId = Visit };

        var after = Apply(onSite, new ActOnVehicle(Drive));

        Assert.Null(after!.CurrentVisitId);
        Assert.Equal(Driving, after.OperationalStatus);
    }

    [Fact]
    public void Create_WithEveryFault_NamesEachField()
    {
        var details = new VehicleDetails
        {
            LicensePlate = "-",
            Year = 1,
            InsuranceExpiry = new DateOnly(9999, 12, 31),
            MaintenanceDue = new DateOnly(1, 1, 1),
            MileageKm = -1,
            DeviceId = " ",
            VehicleName = new string('x', 201),
            EquipmentList = new() { Equipment = [new() { Name = " ", Quantity = -1 }] },
        };

        var error = Assert.IsType<Invalid>(Decide(null, new Create<Vehicle, VehicleDetails>(details)).Error);

        Assert.Equal(
            ["deviceId", "equipmentList.equipment[0].category", "equipmentList.equipment[0].condition", "equipmentList.equipment[0].name",
                "equipmentList.equipment[0].quantity", "insuranceExpiry", "licensePlate", "maintenanceDue", "mileageKm", "vehicleName", "vehicleType", "year"],
            error.Fields.Keys.Order());
    }

    [Fact]
    public void Create_WhereOneExists_IsAConflict() =>
        Assert.IsType<Conflict>(Decide(Vehicle(Parked), new Create<Vehicle, VehicleDetails>(Van)).Error);

    [Fact]
    public void Revise_WithTheSameDetails_IsNoChange()
    {
        var vehicle = Vehicle(Parked) with { EquipmentList = Drill() };

        var decided = Decide(vehicle, new Revise<Vehicle, VehicleDetails>(Van with { EquipmentList = Drill() })).Value!;

        Assert.True(decided.ChangesNothing<Vehicle, VehicleKind>(vehicle));
    }

    [Fact]
    public void Delete_AtAVisit_IsRefused() =>
        Assert.Equal("on_site", Assert.IsType<Conflict>(Decide(Vehicle(OnSite), new Delete<Vehicle>()).Error).Code);

    [Property(MaxTest = 300)]
    public Property Act_AnySequence_KeepsTheInvariants() => Prop.ForAll(
        ArbMap.Default.ArbFor<VehicleAction[]>(),
        actions =>
        {
            var vehicle = Vehicle(Parked);
            foreach (var action in actions)
            {
                vehicle = Apply(vehicle, new ActOnVehicle(action, action == Arrive ? Visit : null)) ?? vehicle;
            }

            return (vehicle.OperationalStatus == OnSite) == (vehicle.CurrentVisitId is not null);
        });

    [Fact]
    public void Table_EveryStatus_CanBeReachedAndLeft()
    {
        foreach (var status in Enum.GetValues<VehicleStatus>())
        {
            Assert.Contains(VehicleTransitions.Table.Arrows, arrow => arrow.To == status);
            Assert.Contains(VehicleTransitions.Table.Arrows, arrow => arrow.From == status);
        }
    }

    private static EquipmentList Drill() => new()
    {
        Equipment = [new() { Name = "drill", Quantity = 1, Category = EquipmentCategory.Tools, Condition = EquipmentCondition.Good }],
    };

    private static Vehicle? Apply(Vehicle vehicle, EntityCommand<Vehicle> command) =>
        Decide(vehicle, command) is { Succeeded: true } decision ? decision.Value.After : vehicle;

    private static Result<Outcome<Vehicle>> Decide(Vehicle? vehicle, EntityCommand<Vehicle> command) =>
        StandardDecider.Decide<Vehicle, VehicleDetails, VehicleKind>(Visit, vehicle, command, Now);

    private static Vehicle Vehicle(VehicleStatus status) => new()
    {
        LicensePlate = Van.LicensePlate,
        VehicleType = Van.VehicleType,
        Id = Visit,
        Version = 1,
        OperationalStatus = status,
        CurrentVisitId = status == OnSite ? Visit : null,
    };
}
