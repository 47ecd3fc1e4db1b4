using ChargeCars.Fleet.Vehicles;
using ChargeCars.Orders.Visits;
using Microsoft.Extensions.Options;

namespace ChargeCars.Planning;

/// <summary>What a plan may cost and how arrivals are told: <c>ChargeCars:Planning</c>.</summary>
public sealed class PlanningOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Planning";

    /// <summary>A longer drive to one visit is told as <c>too_far</c>, minutes. Default 90.</summary>
    public int FarMinutes { get; set; } = 90;

    /// <summary>By how much a crew may be back after its hours, minutes; more is refused. Default 60.</summary>
    public int OvertimeMinutes { get; set; } = 60;

    /// <summary>Proposed times begin at whole multiples of these minutes past the hour, where they fit. Default 5; divides 60.</summary>
    public int StepMinutes { get; set; } = 5;

    /// <summary>How many minutes of added travel one broken soft rule weighs as much as, when candidates are ranked. Default 15.</summary>
    public double SoftRuleMinutes { get; set; } = 15;

    /// <summary>How many minutes of added travel one minute of slack is worth, when candidates are ranked. Default 0.05.</summary>
    public double SlackWorth { get; set; } = 0.05;

    /// <summary>More slack than this makes no candidate better, minutes. Default 120.</summary>
    public int UsefulSlackMinutes { get; set; } = 120;

    /// <summary>By how much a drive may be shorter or longer than expected, as a share. Default 0.2.</summary>
    public double TravelSpread { get; set; } = 0.2;

    /// <summary>By how much a visit may be shorter or longer than expected, as a share. Default 0.25.</summary>
    public double DurationSpread { get; set; } = 0.25;

    /// <summary>How much longer a visit that has used up its time is taken to last, minutes; at worst twice as long. Default 5.</summary>
    public int OverrunMinutes { get; set; } = 5;

    /// <summary>How old a live position may be for an arrival to be told from it, as a .NET time span. Default 10 minutes.</summary>
    public TimeSpan PositionMaxAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How late a visit without a promised window may begin and still count as in time, minutes. Default 15.</summary>
    public int LateAfterMinutes { get; set; } = 15;

    /// <summary>
    /// The kinds of equipment that a visit takes, by its type. A check tells of a van that lacks them or carries worn out ones. Default: none.
    /// </summary>
    public Dictionary<VisitType, EquipmentCategory[]> Equipment { get; } = [];

    internal sealed class Validator : IValidateOptions<PlanningOptions>
    {
        public ValidateOptionsResult Validate(string? name, PlanningOptions options)
        {
            List<string> faults = [];
            Check(options.FarMinutes is >= 1 and <= 1440, nameof(FarMinutes), "must be 1 to 1,440 minutes");
            Check(options.OvertimeMinutes is >= 0 and <= 720, nameof(OvertimeMinutes), "must be 0 to 720 minutes");
            Check(options.StepMinutes >= 1 && 60 % options.StepMinutes == 0, nameof(StepMinutes), "must divide an hour: 1, 5, 10, 15, 30 or 60 minutes");
            Check(options.SoftRuleMinutes is >= 0 and <= 1440, nameof(SoftRuleMinutes), "must be 0 to 1,440 minutes");
            Check(options.SlackWorth is >= 0 and <= 1, nameof(SlackWorth), "must be 0 to 1");
            Check(options.UsefulSlackMinutes is >= 0 and <= 1440, nameof(UsefulSlackMinutes), "must be 0 to 1,440 minutes");
            Check(options.TravelSpread is >= 0 and < 1, nameof(TravelSpread), "must be from 0 to less than 1");
            Check(options.DurationSpread is >= 0 and < 1, nameof(DurationSpread), "must be from 0 to less than 1");
            Check(options.OverrunMinutes is >= 0 and <= 240, nameof(OverrunMinutes), "must be 0 to 240 minutes");
            Check(
                options.PositionMaxAge >= TimeSpan.FromSeconds(10) && options.PositionMaxAge <= TimeSpan.FromHours(12), nameof(PositionMaxAge),
                "must be from 10 seconds to 12 hours");
            Check(options.LateAfterMinutes is >= 0 and <= 240, nameof(LateAfterMinutes), "must be 0 to 240 minutes");
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

            void Check(bool good, string key, string fault)
            {
                if (!good)
                {
                    faults.Add($"{Section}:{key} {fault}.");
                }
            }
        }
    }
}
