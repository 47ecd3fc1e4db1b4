namespace ChargeCars.Identity.Accounts;

/// <summary>A secret on its way between hosts. Logs and traces that print messages print this without it.</summary>
/// <param name="Text">The secret.</param>
[GenerateSerializer, Immutable, Alias("hidden")]
public readonly record struct Hidden([property: Id(0)] string Text)
{
    /// <inheritdoc/>
    public override string ToString() => "(secret)";

    /// <summary>Hides a text.</summary>
    public static Hidden Of(string text) => new(text);

#pragma warning disable CA2225 // its twin is Of
    /// <summary>Hides a text.</summary>
    public static implicit operator Hidden(string text) => new(text);
#pragma warning restore CA2225
}
