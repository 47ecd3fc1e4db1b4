using System.Reflection;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>A value of any type of a record that is not the type's default.</summary>
internal static class SampleValue
{
    public static object? Of(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(string) => "sample",
            _ when bare == typeof(Guid) => Guid.Parse("0199a000-0000-7000-8000-0000000000aa"),
            _ when bare == typeof(bool) => true,
            _ when bare == typeof(int) => 7,
            _ when bare == typeof(byte) => (byte)7,
            _ when bare == typeof(long) => 7L,
            _ when bare == typeof(double) => 7.5,
            _ when bare == typeof(decimal) => 7.25m,
            _ when bare == typeof(DateTimeOffset) => new DateTimeOffset(2026, 3, 2, 7, 30, 0, TimeSpan.Zero),
            _ when bare == typeof(DateOnly) => new DateOnly(2026, 3, 2),
            _ when bare == typeof(TimeOnly) => new TimeOnly(7, 30),
            _ when bare == typeof(RawJson) => new RawJson("""{"sample":1}"""),
            _ when bare.IsEnum => Enum.GetValues(bare).GetValue(Enum.GetValues(bare).Length - 1),
            _ when bare.IsArray => ListOf(bare.GetElementType()!),
            _ when bare.IsGenericType && bare.GetGenericArguments() is [var item] && bare.IsAssignableFrom(item.MakeArrayType()) => ListOf(item),
            _ when bare.IsGenericType && bare.GetGenericArguments() is [var key, var value] => MapOf(key, value),
            _ => Filled(bare),
        };
    }

    private static Array ListOf(Type item)
    {
        var list = Array.CreateInstance(item, 1);
        list.SetValue(Of(item), 0);
        return list;
    }

    private static object MapOf(Type key, Type value)
    {
        var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value))!;
        map[Of(key)!] = Of(value);
        return map;
    }

    private static object? Filled(Type type)
    {
        if (type.GetConstructor([]) is { } simple)
        {
            var made = simple.Invoke([]);
            foreach (var property in type.GetProperties().Where(property => property.CanWrite))
            {
                property.SetValue(made, Of(property.PropertyType));
            }

            return made;
        }

        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length);
        var factory = type.GetMethods(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(method => method.Name == "Of" && method.ReturnType == type);
        return constructor is not null
            ? constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType))])
            : factory!.Invoke(null, [.. factory.GetParameters().Select(parameter => Of(parameter.ParameterType))]);
    }
}
