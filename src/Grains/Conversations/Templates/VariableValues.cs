using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace ChargeCars.Conversations.Templates;

/// <summary>The variables of one group while a template is rendered: texts, and nothing behind them.</summary>
internal sealed class VariableGroup(string name, IReadOnlyDictionary<string, string?> values, ISet<string> missing) : FluidValue
{
    public override FluidValues Type => FluidValues.Object;

    public override ValueTask<FluidValue> GetValueAsync(string member, TemplateContext context)
    {
        var variable = $"{name}.{member}";
        FluidValue found = values.GetValueOrDefault(variable) is { Length: > 0 } value ? new StringValue(value) : new MissingVariable(variable, missing);
        return new(found);
    }

    public override bool Equals(FluidValue? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => name.GetHashCode(StringComparison.Ordinal);

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => "";

    public override object ToObjectValue() => this;
}

/// <summary>A variable without a value. A template may ask whether it is there and say something in its place; shown, it is on record as missing.</summary>
internal sealed class MissingVariable(string name, ISet<string> missing) : FluidValue
{
    public override FluidValues Type => FluidValues.Nil;

    public override bool IsNil() => true;

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        missing.Add(name);
        return ValueTask.CompletedTask;
    }

    public override string ToStringValue()
    {
        missing.Add(name);
        return "";
    }

    public override bool Equals(FluidValue? other) => other is null || other.IsNil();

    public override bool Equals(object? obj) => obj is FluidValue other && Equals(other);

    public override int GetHashCode() => 0;

    public override bool ToBooleanValue() => false;

    public override decimal ToNumberValue() => 0;

    public override object ToObjectValue() => null!;
}
