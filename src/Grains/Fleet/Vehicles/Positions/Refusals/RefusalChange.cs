namespace ChargeCars.Fleet.Vehicles.Positions.Refusals;

/// <summary>The changes that tell of refused fixes.</summary>
public static class RefusalChange
{
    /// <summary>Fixes of a vehicle are refused.</summary>
    public const string Refused = "vehicle.fixes_refused";

    /// <summary>Fixes of a vehicle are taken with another time than they tell.</summary>
    public const string ClockCorrected = "vehicle.clock_corrected";
}
