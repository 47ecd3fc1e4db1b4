using System.Text.Json.Serialization;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>What kind of vehicle it is (<c>vehicle.vehicle_type</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<VehicleType>))]
public enum VehicleType
{
    /// <summary>A bus.</summary>
    Bus,

    /// <summary>A van.</summary>
    Van,

    /// <summary>A truck.</summary>
    Truck,

    /// <summary>A car.</summary>
    Car,

    /// <summary>A trailer.</summary>
    Trailer,
}

/// <summary>What a vehicle is doing (<c>vehicle.operational_status</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<VehicleStatus>))]
public enum VehicleStatus
{
    /// <summary>Standing still, free.</summary>
    Parked,

    /// <summary>Under way.</summary>
    Driving,

    /// <summary>At a visit.</summary>
    OnSite,

    /// <summary>In maintenance; can't be assigned.</summary>
    Maintenance,
}

/// <summary>What an editor may set of a vehicle; the fields of the schema, and <c>deviceId</c>.</summary>
[GenerateSerializer, Immutable, Alias("vehicle-details")]
public record VehicleDetails
{
    /// <summary>Registration number; required, and one vehicle's only (punctuation and case aside).</summary>
    [Id(0)] public string LicensePlate { get; init; } = "";

    /// <summary>A friendly name.</summary>
    [Id(1)] public string? VehicleName { get; init; }

    /// <summary>Required.</summary>
    [Id(2)] public VehicleType? VehicleType { get; init; }

    /// <summary>Make and model.</summary>
    [Id(3)] public string? BrandModel { get; init; }

    /// <summary>Year of manufacture.</summary>
    [Id(4)] public int? Year { get; init; }

    /// <summary>Its id in the ULU tracking system; one vehicle's only.</summary>
    [Id(5)] public string? UluVehicleId { get; init; }

    /// <summary>The tracker's own id; one vehicle's only.</summary>
    [Id(6)] public string? DeviceId { get; init; }

    /// <summary>What it carries.</summary>
    [Id(7)] public EquipmentList? EquipmentList { get; init; }

    /// <summary>Total mileage, km.</summary>
    [Id(8)] public int? MileageKm { get; init; }

    /// <summary>When the insurance ends.</summary>
    [Id(9)] public DateOnly? InsuranceExpiry { get; init; }

    /// <summary>When the next maintenance is due.</summary>
    [Id(10)] public DateOnly? MaintenanceDue { get; init; }

    /// <summary>When it was last maintained.</summary>
    [Id(11)] public DateOnly? LastMaintenanceDate { get; init; }

    /// <summary>In active use.</summary>
    [Id(12)] public bool IsActive { get; init; } = true;

    /// <summary>Free for assignment.</summary>
    [Id(13)] public bool IsAvailable { get; init; } = true;
}

/// <summary>The object that <c>vehicle.equipment_list</c> holds.</summary>
[GenerateSerializer, Immutable, Alias("equipment-list")]
public sealed record EquipmentList
{
    /// <summary>The pieces.</summary>
    [Id(0)] public IReadOnlyList<Equipment> Equipment { get; init; } = [];

    /// <summary>Two lists are equal by their pieces, so that an unchanged list is no change in the audit.</summary>
    public bool Equals(EquipmentList? other) => other is not null && Equipment.SequenceEqual(other.Equipment);

    /// <inheritdoc/>
    public override int GetHashCode() => Equipment.Aggregate(0, HashCode.Combine);
}

/// <summary>One piece of equipment.</summary>
[GenerateSerializer, Immutable, Alias("equipment")]
public sealed record Equipment
{
    /// <summary>Required.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>Required.</summary>
    [Id(1)] public EquipmentCategory? Category { get; init; }

    /// <summary>How many; required, zero or more.</summary>
    [Id(2)] public int? Quantity { get; init; }

    /// <summary>Required.</summary>
    [Id(3)] public EquipmentCondition? Condition { get; init; }

    /// <summary>The last inspection.</summary>
    [Id(4)] public DateOnly? LastChecked { get; init; }
}

/// <summary>What equipment is for.</summary>
[JsonConverter(typeof(WireEnumConverter<EquipmentCategory>))]
public enum EquipmentCategory
{
    /// <summary>Tools.</summary>
    Tools,

    /// <summary>Safety.</summary>
    Safety,

    /// <summary>Charging.</summary>
    Charging,

    /// <summary>Diagnostic.</summary>
    Diagnostic,

    /// <summary>Measurement.</summary>
    Measurement,
}

/// <summary>The state equipment is in.</summary>
[JsonConverter(typeof(WireEnumConverter<EquipmentCondition>))]
public enum EquipmentCondition
{
    /// <summary>Good.</summary>
    Good,

    /// <summary>Fair.</summary>
    Fair,

    /// <summary>Needs replacement.</summary>
    NeedsReplacement,

    /// <summary>Out of order.</summary>
    OutOfOrder,
}
