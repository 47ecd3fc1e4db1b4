using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>When a van drives and when it stands, and what is told of it: <c>ChargeCars:Motion</c>.</summary>
public sealed class MotionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Motion";

    /// <summary>How far from its place, the fix's error taken off, a parked van must be to have left, metres. Default 200.</summary>
    public double StartMeters { get; set; } = 200;

    /// <summary>
    /// The same while the tracker reports no movement: no speed, or a speed of nothing. Noise looks like that too, a van on a
    /// lorry less often. Metres, at least <see cref="StartMeters"/>. Default 1,000.
    /// </summary>
    public double TowMeters { get; set; } = 1_000;

    /// <summary>How long it must have been there, as a .NET time span: reflections between houses last seconds. Default 15 seconds.</summary>
    public TimeSpan StartAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The radius within which a van stands still, metres; at most <see cref="StartMeters"/>. Default 100.</summary>
    public double StopMeters { get; set; } = 100;

    /// <summary>How long a driving van must stand still to be parked, as a .NET time span. Default 3 minutes.</summary>
    public TimeSpan StopAfter { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// The same while its ignition is off, if it was on before; longer than a red light, at which engines stop too. At most
    /// <see cref="StopAfter"/>. Default 2 minutes.
    /// </summary>
    public TimeSpan IgnitionOffAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A silence after which a trip is over, at the last fix before it, as a .NET time span. Default 1 hour.</summary>
    public TimeSpan Gap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The speed that is driving, km/h. Default 8.</summary>
    public double MovingKmh { get; set; } = 8;

    /// <summary>A larger error radius says nothing of motion; such a fix is kept and passed over, metres. Default 150.</summary>
    public double MaxAccuracyMeters { get; set; } = 150;

    /// <summary>The speed above which two fixes in a row are told as <c>vehicle.overspeed</c>, km/h. Default 130.</summary>
    public double OverspeedKmh { get; set; } = 130;

    /// <summary>How far below <see cref="OverspeedKmh"/> the speed must fall before it is told again, km/h. Default 10.</summary>
    public double OverspeedHysteresisKmh { get; set; } = 10;

    /// <summary>
    /// How often the motion of a van that neither leaves nor stops is written, as a .NET time span: after a crash its
    /// fixes since then are folded again. Default 1 minute.
    /// </summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many days ahead <c>vehicle.maintenance_due</c> and <c>vehicle.insurance_due</c> are told. Default 14.</summary>
    public int DueDaysAhead { get; set; } = 14;

    /// <summary>Refuses, at start and by the key's name, options that can't work.</summary>
    internal sealed class Validator : IValidateOptions<MotionOptions>
    {
        public ValidateOptionsResult Validate(string? name, MotionOptions options)
        {
            List<string> failures = [];
            Check(options.StopMeters is > 0 and <= 10_000, nameof(StopMeters), "must be more than 0 and at most 10,000 metres");
            Check(options.StartMeters >= options.StopMeters, nameof(StartMeters), "must be at least StopMeters");
            Check(options.TowMeters >= options.StartMeters, nameof(TowMeters), "must be at least StartMeters");
            Check(options.StartAfter >= TimeSpan.Zero && options.StartAfter < options.Gap, nameof(StartAfter), "must be from zero to less than Gap");
            Check(options.StopAfter > TimeSpan.Zero && options.StopAfter < options.Gap, nameof(StopAfter), "must be more than zero and less than Gap");
            Check(
                options.IgnitionOffAfter > TimeSpan.Zero && options.IgnitionOffAfter <= options.StopAfter, nameof(IgnitionOffAfter),
                "must be more than zero and at most StopAfter");
            Check(options.MovingKmh > 0, nameof(MovingKmh), "must be more than 0 km/h");
            Check(options.MaxAccuracyMeters > 0, nameof(MaxAccuracyMeters), "must be more than 0 metres");
            Check(
                options.OverspeedHysteresisKmh >= 0 && options.OverspeedKmh > options.OverspeedHysteresisKmh, nameof(OverspeedKmh),
                "must be more than OverspeedHysteresisKmh, which must not be negative");
            Check(
                options.CheckpointInterval >= TimeSpan.FromSeconds(1) && options.CheckpointInterval <= TimeSpan.FromHours(1),
                nameof(CheckpointInterval), "must be from one second to one hour");
            Check(options.DueDaysAhead is >= 0 and <= 365, nameof(DueDaysAhead), "must be 0 to 365 days");
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

            void Check(bool good, string key, string fault)
            {
                if (!good)
                {
                    failures.Add($"{Section}:{key} {fault}.");
                }
            }
        }
    }
}
