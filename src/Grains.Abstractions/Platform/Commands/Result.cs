using System.Diagnostics.CodeAnalysis;

namespace ChargeCars;

/// <summary>Either a value or the <see cref="ChargeCars.Error"/> that refused it.</summary>
[GenerateSerializer, Immutable, Alias("result`1")]
public sealed record Result<T>
{
    private Result(T? value, Error? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The answer; only where <see cref="Succeeded"/>.</summary>
    [Id(0)]
    public T? Value { get; }

    /// <summary>The refusal; null where <see cref="Succeeded"/>.</summary>
    [Id(1)]
    public Error? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>The same result with its value seen through <paramref name="map"/>.</summary>
    public Result<TOther> Map<TOther>(Func<T, TOther> map) => Succeeded ? map(Value) : Error;

#pragma warning disable CA2225 // the implicit conversions are the way in; a named twin would only repeat them
    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    public static implicit operator Result<T>(Error error) => new(default, error);
#pragma warning restore CA2225
}
