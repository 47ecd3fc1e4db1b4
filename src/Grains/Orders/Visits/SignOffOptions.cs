using Microsoft.Extensions.Options;

namespace ChargeCars.Orders.Visits;

/// <summary>
/// The bounds of the sign-off of an installation: <c>ChargeCars:SignOff</c>. The defaults follow common practice after NEN 1010;
/// the company's own form decides. A bound that is null refuses nothing.
/// </summary>
public sealed class SignOffOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:SignOff";

    /// <summary>The greatest resistance of the protective conductor, Ω. Default none.</summary>
    public decimal? ContinuityMaxOhm { get; set; }

    /// <summary>The least insulation resistance at 500 V, MΩ. Default 1.</summary>
    public decimal? InsulationMinMegaohm { get; set; } = 1;

    /// <summary>The greatest earth or loop impedance, Ω. Default none: it depends on the fuse.</summary>
    public decimal? ImpedanceMaxOhm { get; set; }

    /// <summary>The longest trip time of the residual-current device at 30 mA, ms. Default 300.</summary>
    public decimal? TripTimeMaxMs { get; set; } = 300;

    /// <summary>The least voltage, V. Default 207: 230 V less 10 %.</summary>
    public decimal? VoltageMin { get; set; } = 207;

    /// <summary>The greatest voltage, V. Default 253: 230 V and 10 %.</summary>
    public decimal? VoltageMax { get; set; } = 253;

    internal sealed class Validator : IValidateOptions<SignOffOptions>
    {
        public ValidateOptionsResult Validate(string? name, SignOffOptions options)
        {
            List<string> faults = [];
            Positive(options.ContinuityMaxOhm, nameof(ContinuityMaxOhm));
            Positive(options.InsulationMinMegaohm, nameof(InsulationMinMegaohm));
            Positive(options.ImpedanceMaxOhm, nameof(ImpedanceMaxOhm));
            Positive(options.TripTimeMaxMs, nameof(TripTimeMaxMs));
            Positive(options.VoltageMin, nameof(VoltageMin));
            Positive(options.VoltageMax, nameof(VoltageMax));
            if (options.VoltageMin > options.VoltageMax)
            {
                faults.Add($"{Section}:VoltageMin must not be more than VoltageMax.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

            void Positive(decimal? bound, string key)
            {
                if (bound <= 0)
                {
                    faults.Add($"{Section}:{key} must be more than 0, or left out.");
                }
            }
        }
    }
}
