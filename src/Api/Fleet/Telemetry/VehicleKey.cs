using ChargeCars.Platform.Entities;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>How a fix names its vehicle.</summary>
internal enum VehicleKeyKind : byte
{
    /// <summary>By its id.</summary>
    Id,

    /// <summary>By the tracker's own id, or ULU's.</summary>
    Device,

    /// <summary>By ULU's id alone: another tracker may have the same number.</summary>
    Ulu,

    /// <summary>By its plate, letters and digits only, in capitals.</summary>
    Plate,
}

/// <summary>A vehicle as a fix names it.</summary>
/// <param name="Kind">By what.</param>
/// <param name="Id">Its id, where it is named by that.</param>
/// <param name="Text">The device, ULU's id or the plate, where it is named by that.</param>
internal readonly record struct VehicleKey(VehicleKeyKind Kind, Guid Id, string? Text)
{
    public static VehicleKey OfId(Guid id) => new(VehicleKeyKind.Id, id, null);

    /// <summary>Tidied as that of a vehicle is.</summary>
    public static VehicleKey OfDevice(string device) => new(VehicleKeyKind.Device, default, PlainText.Tidy(device));

    public static VehicleKey OfUlu(string vehicle) => new(VehicleKeyKind.Ulu, default, PlainText.Tidy(vehicle));

    /// <summary>A plate is one plate however it is typed: the rule of the index <c>uq_vehicle_license_plate</c>.</summary>
    public static VehicleKey OfPlate(string plate) => new(VehicleKeyKind.Plate, default, Normalize(plate));

    /// <summary>The key as a client would recognise it.</summary>
    public override string ToString() => Kind switch
    {
        VehicleKeyKind.Id => $"vehicle {Id}",
        VehicleKeyKind.Device => $"device {Text}",
        VehicleKeyKind.Ulu => $"ULU vehicle {Text}",
        _ => $"plate {Text}",
    };

    private static string Normalize(string plate)
    {
        foreach (var character in plate)
        {
            if (!char.IsAsciiLetterUpper(character) && !char.IsAsciiDigit(character))
            {
                return string.Concat(plate.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
            }
        }

        return plate;
    }
}
