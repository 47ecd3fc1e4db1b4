using System.Reflection;

namespace ChargeCars.Platform.Entities;

/// <summary>Copies one property from a record to a record derived from its type.</summary>
internal static class FieldCopy
{
    public static Action<TInto, TFrom> Of<TInto, TFrom>(PropertyInfo property) where TInto : TFrom =>
        (Action<TInto, TFrom>)typeof(FieldCopy).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(TInto), typeof(TFrom), property.PropertyType)
            .Invoke(null, [property])!;

    private static Action<TInto, TFrom> Typed<TInto, TFrom, TValue>(PropertyInfo property) where TInto : TFrom
    {
        var get = property.GetMethod!.CreateDelegate<Func<TFrom, TValue>>();
        var set = property.SetMethod!.CreateDelegate<Action<TFrom, TValue>>();
        return (into, from) => set(into, get(from));
    }
}
