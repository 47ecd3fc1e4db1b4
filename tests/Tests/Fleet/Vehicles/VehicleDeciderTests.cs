using ChargeCars.Fleet.Vehicles;
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

        var decision = VehicleDecider.Decide(vehicle, new ActOnVehicle(action, action == Arrive ? Visit : null), Now);

        if (VehicleTransitions.Table.TryGetValue((status, action), out var to))
        {
            var moved = Assert.IsType<VehicleStatusChanged>(Assert.Single(decision.Value!));
            Assert.Equal((status, to, action == Arrive ? Visit : (Guid?)null), (moved.From, moved.To, moved.VisitId));
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
        var decision = VehicleDecider.Decide(Vehicle(Parked) with { IsActive = false }, new ActOnVehicle(action, Visit), Now);

        Assert.Contains("isActive", Assert.Single(Assert.IsType<TransitionRefused>(decision.Error).Unmet), StringComparison.Ordinal);
    }

    [Fact]
    public void Arrive_WithoutAVisit_NamesTheField()
    {
        var decision = VehicleDecider.Decide(Vehicle(Driving), new ActOnVehicle(Arrive), Now);

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
            MileageKm = -1,
            DeviceId = " ",
            VehicleName = new string('x', 201),
            EquipmentList = new() { Equipment = [new() { Name = " ", Quantity = -1 }] },
        };

        var error = Assert.IsType<Invalid>(VehicleDecider.Decide(null, new CreateVehicle(Visit, details), Now).Error);

        Assert.Equal(
            ["deviceId", "equipmentList.equipment[0].category", "equipmentList.equipment[0].condition", "equipmentList.equipment[0].name",
                "equipmentList.equipment[0].quantity", "licensePlate", "mileageKm", "vehicleName", "vehicleType", "year"],
            error.Fields.Keys.Order());
    }

    [Fact]
    public void Create_WhereOneExists_IsAConflict() =>
        Assert.IsType<Conflict>(VehicleDecider.Decide(Vehicle(Parked), new CreateVehicle(Visit, Van), Now).Error);

    [Fact]
    public void Revise_WithTheSameDetails_IsNoChange()
    {
        var details = Van with { EquipmentList = new() { Equipment = [new() { Name = "drill", Quantity = 1 }] } };
        var same = details with { EquipmentList = new() { Equipment = [new() { Name = "drill", Quantity = 1 }] } };
        var vehicle = new Vehicle(details) { Id = Visit };

        Assert.Empty(VehicleDecider.Decide(
            vehicle with { EquipmentList = Complete(details.EquipmentList) },
            new ReviseVehicle(same with { EquipmentList = Complete(same.EquipmentList) }), Now).Value!);
    }

    [Fact]
    public void Delete_AtAVisit_IsRefused() =>
        Assert.Equal("on_site", Assert.IsType<Conflict>(VehicleDecider.Decide(Vehicle(OnSite), new DeleteVehicle(), Now).Error).Code);

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
            Assert.Contains(VehicleTransitions.Table.Values, to => to == status);
            Assert.Contains(VehicleTransitions.Table.Keys, pair => pair.From == status);
        }
    }

    private static EquipmentList Complete(EquipmentList list) => new()
    {
        Equipment = [.. list.Equipment.Select(piece => piece with { Category = EquipmentCategory.Tools, Condition = EquipmentCondition.Good })],
    };

    private static Vehicle? Apply(Vehicle vehicle, VehicleCommand command) =>
        VehicleDecider.Decide(vehicle, command, Now) is { Succeeded: true } decision ? decision.Value.Aggregate<VehicleEvent, Vehicle?>(vehicle, VehicleDecider.Evolve) : vehicle;

    private static Vehicle Vehicle(VehicleStatus status) => new(Van)
    {
        Id = Visit,
        Version = 1,
        OperationalStatus = status,
        CurrentVisitId = status == OnSite ? Visit : null,
    };
}
