using System.Reflection;

namespace ChargeCars.Platform.Storage.Rows;

/// <summary>A property's getter and setter as delegates, so that no row costs reflection.</summary>
internal sealed class Accessor<TState, TValue>(PropertyInfo property)
{
    public string Name { get; } = property.Name;

    public Func<TState, TValue> Get { get; } = property.GetMethod!.CreateDelegate<Func<TState, TValue>>();

    /// <summary>Sets the property of a record that nobody else has seen yet: one just made or copied.</summary>
    public Action<TState, TValue> Set { get; } = property.SetMethod!.CreateDelegate<Action<TState, TValue>>();
}
