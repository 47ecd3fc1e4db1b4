namespace ChargeCars.Fleet.Vehicles;

/// <summary>What an editor's fields must satisfy; every fault is named, not only the first.</summary>
public static class VehicleRules
{
    private const int LongestText = 200;

    /// <summary>Every faulty field by its name; null where all are sound. <paramref name="now"/> is UTC.</summary>
    public static Invalid? Check(VehicleDetails details, DateTimeOffset now)
    {
        var faults = new Dictionary<string, string[]>();
        Rule("licensePlate", !details.LicensePlate.Any(char.IsAsciiLetterOrDigit), "is required: letters and digits, as on the plate");
        Rule("licensePlate", details.LicensePlate.Length > 20, "must be at most 20 characters");
        Rule("vehicleType", details.VehicleType is null, $"is required: one of {string.Join(", ", WireText.All<VehicleType>())}");
        Rule("year", details.Year < 1900 || details.Year > now.Year + 2, $"must be between 1900 and {now.Year + 2}");
        Rule("mileageKm", details.MileageKm < 0, "must not be negative");
        Text("licensePlate", details.LicensePlate);
        Text("vehicleName", details.VehicleName);
        Text("brandModel", details.BrandModel);
        Identifier("uluVehicleId", details.UluVehicleId);
        Identifier("deviceId", details.DeviceId);
        var pieces = details.EquipmentList?.Equipment ?? [];
        Rule("equipmentList.equipment", pieces.Count > 500, "must hold at most 500 pieces");
        for (var i = 0; i < Math.Min(pieces.Count, 500); i++)
        {
            var (piece, field) = (pieces[i], $"equipmentList.equipment[{i}]");
            Rule($"{field}.name", string.IsNullOrWhiteSpace(piece.Name), "is required");
            Text($"{field}.name", piece.Name);
            Rule($"{field}.category", piece.Category is null, $"is required: one of {string.Join(", ", WireText.All<EquipmentCategory>())}");
            Rule($"{field}.quantity", piece.Quantity is null or < 0, "is required: zero or more");
            Rule($"{field}.condition", piece.Condition is null, $"is required: one of {string.Join(", ", WireText.All<EquipmentCondition>())}");
        }

        return faults.Count == 0 ? null : new Invalid(faults);

        void Rule(string field, bool broken, string fault)
        {
            if (broken)
            {
                faults.TryAdd(field, [fault]);
            }
        }

        void Text(string field, string? value)
        {
            Rule(field, value?.Length > LongestText, $"must be at most {LongestText} characters");
            // PostgreSQL's text cannot hold it.
            Rule(field, value?.Contains('\0', StringComparison.Ordinal) is true, "must not contain the character U+0000");
        }

        void Identifier(string field, string? value)
        {
            Rule(field, value is not null && string.IsNullOrWhiteSpace(value), "must not be blank: leave it out or send null");
            Text(field, value);
        }
    }
}
