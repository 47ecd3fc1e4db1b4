using System.Globalization;
using ChargeCars.Fleet.Vehicles;

namespace ChargeCars.Silo.Demo;

/// <summary>When a van is out.</summary>
internal enum Shift
{
    /// <summary>From the morning to the end of the afternoon; most are.</summary>
    Day,

    /// <summary>From the afternoon to late in the evening.</summary>
    Evening,

    /// <summary>From late in the evening to the morning.</summary>
    Night,

    /// <summary>Breakdown service: all day and night, with changing crews.</summary>
    Standby,

    /// <summary>In the garage.</summary>
    None,
}

/// <summary>A van of the demo; everything about it follows from its number and the seed.</summary>
internal sealed class Van
{
    private const string Letters = "BDFGHJKLNPRSTVXZ";

    private static readonly (string Name, string[] Depots)[] Brands =
    [
        ("ChargeCars", ["Utrecht", "Zwolle"]), ("Laderthuis", ["Eindhoven", "Amersfoort"]), ("Meterkastthuis", ["Rotterdam", "Apeldoorn"]),
        ("Zaptecshop", ["Amsterdam", "Breda"]), ("Ratioshop", ["Arnhem", "Groningen"]),
    ];

    private static readonly string[] Models =
        ["Volkswagen ID. Buzz Cargo", "Mercedes-Benz eSprinter", "Ford E-Transit", "Renault Master E-Tech", "Peugeot e-Expert", "Opel Vivaro-e"];

    private static readonly (string Name, EquipmentCategory Category, int Most)[] Equipment =
    [
        ("Cordless drill", EquipmentCategory.Tools, 2), ("Rotary hammer", EquipmentCategory.Tools, 1), ("Cable puller", EquipmentCategory.Tools, 1),
        ("Insulated gloves", EquipmentCategory.Safety, 3), ("Safety helmet", EquipmentCategory.Safety, 2), ("First aid kit", EquipmentCategory.Safety, 1),
        ("Charge point 11 kW", EquipmentCategory.Charging, 4), ("Charge point 22 kW", EquipmentCategory.Charging, 2),
        ("Type 2 test cable", EquipmentCategory.Charging, 1), ("EVSE tester", EquipmentCategory.Diagnostic, 1),
        ("Laptop with service software", EquipmentCategory.Diagnostic, 1), ("Installation tester", EquipmentCategory.Measurement, 1),
        ("Earth loop meter", EquipmentCategory.Measurement, 1),
    ];

    private Van(int number, Dice dice, RoadMap map)
    {
        var brand = Brands[number % Brands.Length];
        (Number, Dice, Brand) = (number, dice, brand.Name);
        Depot = map.Named(brand.Depots[dice.Pick(1, brand.Depots.Length)]);
        Shift = number % 10 == 0 ? Shift.Standby
            : number % 30 == 17 ? Shift.None
            : (number % 10) switch { 3 or 8 => Shift.Evening, 6 => Shift.Night, _ => Shift.Day };
    }

    /// <summary>From 0.</summary>
    public int Number { get; }

    public Dice Dice { get; }

    /// <summary>Under which of the five names it drives.</summary>
    public string Brand { get; }

    /// <summary>The same as the schema calls it.</summary>
    public BusinessEntity BusinessEntity => Enum.Parse<BusinessEntity>(Brand, ignoreCase: true);

    public Town Depot { get; }

    public Shift Shift { get; }

    /// <summary>Its tracker's id, by which a later start finds it again.</summary>
    public string DeviceId => string.Create(CultureInfo.InvariantCulture, $"demo-{Number + 1:D5}");

    public static Van[] Fleet(int seed, int count, RoadMap map) =>
        [.. Enumerable.Range(0, count).Select(number => new Van(number, Dice.Of(seed).For(number), map))];

    /// <summary>What is written in the books about it.</summary>
    public VehicleDetails Details(DateOnly today) => new()
    {
        LicensePlate = Plate(),
        VehicleName = string.Create(CultureInfo.InvariantCulture, $"{Brand} {(Number / Brands.Length) + 1:D2}"),
        VehicleType = VehicleType.Van,
        BrandModel = Models[Dice.Pick(2, Models.Length)],
        Year = today.Year - 1 - Dice.Pick(3, 6),
        DeviceId = DeviceId,
        MileageKm = 8_000 + Dice.Pick(4, 140_000),
        InsuranceExpiry = today.AddDays(20 + Dice.Pick(5, 330)),
        LastMaintenanceDate = today.AddDays(-10 - Dice.Pick(6, 300)),
        MaintenanceDue = today.AddDays(Dice.Pick(7, 200) - 5),
        IsAvailable = Shift != Shift.None,
        EquipmentList = new() { Equipment = [.. Pieces(today)] },
    };

    // The Dutch form for vans; multiplying by a number prime to the count of plates gives each van its own.
    private string Plate()
    {
        const int Plates = 900 * 256;
        var plate = (int)((Number * 7_919L) % Plates);
        var letters = plate / 900;
        return string.Create(CultureInfo.InvariantCulture, $"V-{100 + (plate % 900)}-{Letters[letters / 16]}{Letters[letters % 16]}");
    }

    private IEnumerable<Equipment> Pieces(DateOnly today)
    {
        for (var i = 0; i < Equipment.Length; i++)
        {
            var dice = Dice.For(1_000 + i);
            if (dice.Throw(1) < 0.75)
            {
                yield return new()
                {
                    Name = Equipment[i].Name,
                    Category = Equipment[i].Category,
                    Quantity = 1 + dice.Pick(2, Equipment[i].Most),
                    Condition = dice.Throw(3) switch
                    {
                        < 0.80 => EquipmentCondition.Good,
                        < 0.95 => EquipmentCondition.Fair,
                        < 0.99 => EquipmentCondition.NeedsReplacement,
                        _ => EquipmentCondition.OutOfOrder,
                    },
                    LastChecked = today.AddDays(-dice.Pick(4, 180)),
                };
            }
        }
    }
}
