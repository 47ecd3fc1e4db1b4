using System.Globalization;

namespace ChargeCars.Bench.Running;

/// <summary>One row of the table.</summary>
internal sealed record Measurement
{
    /// <summary>What was done.</summary>
    public required string Work { get; init; }

    /// <summary>The figure, with its unit.</summary>
    public required string Result { get; init; }

    /// <summary>Milliseconds, where they were measured.</summary>
    public Percentiles? Latency { get; init; }

    /// <summary>What was measured beside it in the same run, with its figure.</summary>
    public string? Baseline { get; init; }

    /// <summary>Result over baseline.</summary>
    public double? Ratio { get; init; }

    /// <summary>What is wanted, in words; empty where the row is there to be read beside another.</summary>
    public string Aim { get; init; } = "";

    /// <summary>Whether it is reached; null where there is no aim.</summary>
    public bool? Met { get; init; }

    /// <summary>Who used the processors meanwhile.</summary>
    public CpuUse? Cpu { get; init; }

    /// <summary>What a reader must know to believe it.</summary>
    public string? Note { get; init; }
}

/// <summary>Milliseconds.</summary>
internal sealed record Percentiles(double P50, double P99, double Max)
{
    public static Percentiles Of(List<double> milliseconds)
    {
        if (milliseconds.Count == 0)
        {
            return new(double.NaN, double.NaN, double.NaN);
        }

        milliseconds.Sort();
        return new(At(0.50), At(0.99), milliseconds[^1]);

        double At(double share) => milliseconds[Math.Min(milliseconds.Count - 1, (int)(milliseconds.Count * share))];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{P50:0.0#} / {P99:0.0#}");
}

/// <summary>Processor seconds over a measured time.</summary>
/// <param name="Seconds">How long it was measured.</param>
/// <param name="Host">The host process; where the work runs in this process, it includes the callers.</param>
/// <param name="PostgreSql">All its processes.</param>
/// <param name="Driver">What made the load.</param>
internal sealed record CpuUse(double Seconds, double Host, double PostgreSql, double Driver)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Host:0.0} + {PostgreSql:0.0} + {Driver:0.0} in {Seconds:0.#} s");
}
