using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.Storage;

/// <summary>How commands are put in transactions together; section <c>ChargeCars:Commands</c>.</summary>
public sealed class GroupCommitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Commands";

    /// <summary>Connections that commit at the same time. Two keep one backend busy while the other's answer is read. Default 2.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>Commands in one transaction at most; bigger groups only queue. Default 100.</summary>
    public int GroupSize { get; set; } = 100;

    /// <summary>Commands that may wait for one writer; more are answered 503. Default 2,000.</summary>
    public int Capacity { get; set; } = 2_000;

    /// <summary>Seconds before a transaction is given up, its outcome unknown. Default 15.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    internal sealed class Validator : IValidateOptions<GroupCommitOptions>
    {
        public ValidateOptionsResult Validate(string? name, GroupCommitOptions options)
        {
            var faults = new List<string>();
            Check(options.Writers is >= 1 and <= 16, nameof(Writers), "must be 1 to 16");
            Check(options.GroupSize is >= 1 and <= 1_000, nameof(GroupSize), "must be 1 to 1,000");
            Check(options.Capacity is >= 1 and <= 1_000_000, nameof(Capacity), "must be 1 to 1,000,000");
            Check(options.TimeoutSeconds is >= 1 and <= 300, nameof(TimeoutSeconds), "must be 1 to 300 seconds");
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
