using System.Collections.Frozen;
using static ChargeCars.Fleet.Vehicles.VehicleAction;
using static ChargeCars.Fleet.Vehicles.VehicleStatus;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>
/// The whole life of a vehicle as data (facts/orders.md: "on_site needs a visit; a van in maintenance can't be assigned").
/// What is not here is refused; the tests and docs/architecture.md read this table.
/// </summary>
public static class VehicleTransitions
{
    /// <summary>Where each action leads from each status; what is not in it is refused. The same for people, programs and the fold of the fixes.</summary>
    public static FrozenDictionary<(VehicleStatus From, VehicleAction Action), VehicleStatus> Table { get; } =
        new Dictionary<(VehicleStatus, VehicleAction), VehicleStatus>
        {
            [(Parked, Drive)] = Driving,
            [(Parked, Arrive)] = OnSite,
            [(Parked, Maintain)] = Maintenance,
            [(Driving, Park)] = Parked,
            [(Driving, Arrive)] = OnSite,
            [(Driving, Maintain)] = Maintenance,
            [(OnSite, Drive)] = Driving,
            [(OnSite, Park)] = Parked,
            [(Maintenance, Release)] = Parked,
        }.ToFrozenDictionary();

    /// <summary>Where an action leads; each leads to one status, whatever it starts from.</summary>
    public static VehicleStatus Target(VehicleAction action) => action switch
    {
        Park or Release => Parked,
        Drive => Driving,
        Arrive => OnSite,
        Maintain => Maintenance,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action of a vehicle."),
    };

    /// <summary>What must be true of the vehicle itself, beside its status.</summary>
    public static IReadOnlyList<string> Unmet(Vehicle vehicle, VehicleAction action) =>
        action is Drive or Arrive && !vehicle.IsActive ? ["the vehicle is not in active use (isActive)"] : [];

    /// <summary>The actions that the vehicle's status and guards allow.</summary>
    public static IReadOnlyList<string> Allowed(Vehicle vehicle) =>
        [.. Options(vehicle).Where(option => option.Allowed).Select(option => option.Action)];

    /// <summary>Every action, whether it is allowed to this vehicle now, and what stands in the way.</summary>
    public static ActionOption[] Options(Vehicle vehicle) =>
    [
        .. Enum.GetValues<VehicleAction>().Select(action =>
        {
            var unmet = Table.ContainsKey((vehicle.OperationalStatus, action))
                ? Unmet(vehicle, action)
                : [$"the status is {WireText.Of(vehicle.OperationalStatus)}"];
            return new ActionOption(WireText.Of(action), WireText.Of(Target(action)), unmet.Count == 0, unmet);
        }),
    ];
}
