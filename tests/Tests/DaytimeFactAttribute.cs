using ChargeCars.Testing;

namespace ChargeCars.Tests;

/// <summary>A test that needs a visit which should be under way; skipped, with the reason, around midnight.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DaytimeFactAttribute : FactAttribute
{
    public DaytimeFactAttribute() => Skip = AroundMidnight.Skip;
}
