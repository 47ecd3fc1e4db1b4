using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Tracking;

/// <summary>How customers are told of a van that is on its way: <c>ChargeCars:OnTheWay</c>. Times are .NET time spans.</summary>
public sealed class TrackingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:OnTheWay";

    /// <summary>How often expected arrivals are compared with what was told. Default 30 seconds.</summary>
    public TimeSpan Watch { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a customer is told of one visit at most, the first time included. Default 2.</summary>
    public int MostNotices { get; set; } = 2;

    /// <summary>How long a link lives after its visit has ended in whatever way. Default 1 hour.</summary>
    public TimeSpan LinkLivesAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How old a van's position may be for the customer to be shown it. Default 10 minutes.</summary>
    public TimeSpan PositionMaxAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a customer may ask for another time by the link of one visit. Default 5.</summary>
    public int MostWishes { get; set; } = 5;

    /// <summary>How long before the planned start a customer may last ask for another time by their link; later they are told to call. Default 2 hours.</summary>
    public TimeSpan WishNotice { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How far ahead the days may lie that a customer asks for, in days. Default 90.</summary>
    public int WishHorizonDays { get; set; } = 90;

    /// <summary>
    /// This API's public address, such as <c>https://ops.example.nl</c>: <c>ChargeCars:Messages:PublicAddress</c>. Without it there are no links.
    /// </summary>
    internal string PublicAddress { get; set; } = "";

    internal static void ReadAddress(TrackingOptions options, IConfiguration configuration) =>
        options.PublicAddress = (configuration["ChargeCars:Messages:PublicAddress"] ?? "").TrimEnd('/');

    internal sealed class Validator : IValidateOptions<TrackingOptions>
    {
        public ValidateOptionsResult Validate(string? name, TrackingOptions options)
        {
            List<string> faults = [];
            Check(
                options.Watch >= TimeSpan.FromSeconds(1) && options.Watch <= TimeSpan.FromHours(1), nameof(options.Watch), "must be from 1 second to 1 hour");
            Check(options.MostNotices is >= 1 and <= 10, nameof(options.MostNotices), "must be 1 to 10");
            Check(
                options.LinkLivesAfter >= TimeSpan.Zero && options.LinkLivesAfter <= TimeSpan.FromDays(1), nameof(options.LinkLivesAfter),
                "must be from zero to a day");
            Check(
                options.PositionMaxAge >= TimeSpan.FromSeconds(10) && options.PositionMaxAge <= TimeSpan.FromHours(1), nameof(options.PositionMaxAge),
                "must be from 10 seconds to 1 hour");
            Check(options.MostWishes is >= 0 and <= 100, nameof(options.MostWishes), "must be 0 to 100");
            Check(options.WishNotice >= TimeSpan.Zero && options.WishNotice <= TimeSpan.FromDays(30), nameof(options.WishNotice), "must be from zero to 30 days");
            Check(options.WishHorizonDays is >= 1 and <= 730, nameof(options.WishHorizonDays), "must be 1 to 730");
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
