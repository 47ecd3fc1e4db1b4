using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>How long people stay signed in; section <c>ChargeCars:Sessions</c>.</summary>
public sealed class SessionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "ChargeCars:Sessions";

    /// <summary>How long an access token counts; default and most 15 minutes.</summary>
    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>After this a session ends however much it is used; default 30 days.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A session that nobody used for so long ends; default 7 days.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a refresh token that was replaced gives its successor again, for answers that got lost and for two requests
    /// at once; default 30 seconds. After it the same is a replay.
    /// </summary>
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(30);

    internal sealed class Validator : IValidateOptions<SessionOptions>
    {
        public ValidateOptionsResult Validate(string? name, SessionOptions options)
        {
            var faults = new List<string>();
            Require(options.AccessLifetime > TimeSpan.Zero && options.AccessLifetime <= TimeSpan.FromMinutes(15),
                nameof(AccessLifetime), "must be more than zero and at most 15 minutes");
            Require(options.Lifetime >= options.AccessLifetime, nameof(Lifetime), "must not be shorter than AccessLifetime");
            Require(options.IdleLifetime >= options.AccessLifetime, nameof(IdleLifetime), "must not be shorter than AccessLifetime");
            Require(options.RefreshGrace >= TimeSpan.Zero && options.RefreshGrace <= TimeSpan.FromMinutes(2),
                nameof(RefreshGrace), "must be zero to 2 minutes");
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

            void Require(bool good, string key, string rule)
            {
                if (!good)
                {
                    faults.Add($"{Section}:{key} {rule}.");
                }
            }
        }
    }
}
