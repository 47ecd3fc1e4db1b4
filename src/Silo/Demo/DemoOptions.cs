using Microsoft.Extensions.Options;

namespace ChargeCars.Silo.Demo;

/// <summary>A fleet that drives by itself, to look at: <c>ChargeCars:Demo</c>, or <c>--demo [--vehicles N] [--demo-time 10:30]</c>.</summary>
public sealed class DemoOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Demo";

    private static readonly Dictionary<string, string> Long = new(StringComparer.Ordinal) { ["--vehicles"] = nameof(Vehicles), ["--demo-time"] = nameof(Time) };

    /// <summary>Whether there is one. Default no.</summary>
    public bool Enabled { get; set; }

    /// <summary>How many vans it has: 1 to 20,000. Default 60.</summary>
    public int Vehicles { get; set; } = 60;

    /// <summary>What chance falls by; the same seed drives the same day. Default 1.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>
    /// What time of the day it is for the fleet when the host starts, on Dutch clocks. Null: as it is, but from 17:00 to 07:00, when
    /// hardly anybody works, a time of a working day.
    /// </summary>
    public TimeOnly? Time { get; set; }

    /// <summary>Puts the short options of the command line in their long form: a flag without a value is none to .NET.</summary>
    public static string[] Expand(string[] args)
    {
        var expanded = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var hasValue = i + 1 < args.Length && !args[i + 1].StartsWith('-');
            var parts = args[i].Split('=', 2);
            if (args[i] == "--demo")
            {
                expanded.Add($"--{Section}:Enabled=true");
            }
            else if (Long.TryGetValue(parts[0], out var key) && (parts.Length == 2 || hasValue))
            {
                expanded.Add($"--{Section}:{key}={(parts.Length == 2 ? parts[1] : args[++i])}");
            }
            else
            {
                expanded.Add(args[i]);
            }
        }

        return [.. expanded];
    }

    internal sealed class Validator : IValidateOptions<DemoOptions>
    {
        public ValidateOptionsResult Validate(string? name, DemoOptions options) => options.Vehicles is >= 1 and <= 20_000
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{Section}:Vehicles (--vehicles) must be 1 to 20,000, not {options.Vehicles}.");
    }
}
