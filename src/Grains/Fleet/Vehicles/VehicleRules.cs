using ChargeCars.Platform.Entities;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>What an editor's fields must satisfy.</summary>
public static class VehicleRules
{
    /// <summary>The fault of every field by its name; null where all are sound. <paramref name="now"/> is UTC.</summary>
    public static Invalid? Check(VehicleDetails details, DateTimeOffset now) => new FieldFaults()
        .Fault("licensePlate", LicensePlate.Fault(details.LicensePlate))
        .Text("licensePlate", details.LicensePlate, 1..20)
        .Text("vehicleName", details.VehicleName, ..200)
        .OneOf("vehicleType", details.VehicleType)
        .Text("brandModel", details.BrandModel, ..200)
        .Number("year", details.Year, FieldFaults.FirstYear, now.Year + 2)
        .Satisfies("uluVehicleId", details.UluVehicleId, Identifier)
        .Satisfies("deviceId", details.DeviceId, Identifier)
        .Number("mileageKm", details.MileageKm, 0, int.MaxValue)
        .Date("insuranceExpiry", details.InsuranceExpiry)
        .Date("maintenanceDue", details.MaintenanceDue)
        .DayPast("lastMaintenanceDate", details.LastMaintenanceDate, now)
        .Each("equipmentList.equipment", details.EquipmentList?.Equipment, most: 500, (faults, piece) => Check(faults, piece, now))
        .Invalid;

    /// <summary>As they are kept: every name and identifier tidied. A plate keeps the dashes that it was typed with.</summary>
    public static VehicleDetails Normalized(VehicleDetails details) => details with
    {
        LicensePlate = PlainText.Tidy(details.LicensePlate),
        VehicleName = PlainText.TidyOrNull(details.VehicleName),
        BrandModel = PlainText.TidyOrNull(details.BrandModel),
        UluVehicleId = PlainText.TidyOrNull(details.UluVehicleId),
        DeviceId = PlainText.TidyOrNull(details.DeviceId),
        EquipmentList = details.EquipmentList is { } list
            ? list with { Equipment = [.. list.Equipment.Select(piece => piece with { Name = PlainText.Tidy(piece.Name) })] }
            : null,
    };

    private static void Check(FieldFaults faults, Equipment piece, DateTimeOffset now) => faults
        .Text("name", piece.Name, 1..200)
        .OneOf("category", piece.Category)
        .Rule("quantity", piece.Quantity is null or < 0, "is required: zero or more")
        .OneOf("condition", piece.Condition)
        .DayPast("lastChecked", piece.LastChecked, now);

    private static string? Identifier(string id) => PlainText.IsBlank(id) ? "must not be blank: leave it out or send null" : FieldFaults.TextFault(id, 1..200);
}
