using System.Collections;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>Every kind of entity there is, found in the program itself: a new one can't be forgotten.</summary>
internal static class Kinds
{
    /// <summary>The kinds, by their tables.</summary>
    public static IReadOnlyDictionary<string, Kind> All { get; } = typeof(IEntityTable<>).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.GetInterfaces().Any(IsTable))
        .Select(type => new Kind(type))
        .ToDictionary(kind => kind.Table.Table);

    /// <summary>The tables of kinds and of their parts.</summary>
    public static IEnumerable<IRowMapping> Tables => All.Values.SelectMany(kind => kind.Parts.Prepend(kind.Table));

    /// <summary>The kinds' tables, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Keys.Order(StringComparer.Ordinal)];

    private static bool IsTable(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEntityTable<>);

    /// <summary>One kind.</summary>
    internal sealed class Kind(Type type)
    {
        public Type Type => type;

        public Type State { get; } = type.GetInterfaces().First(IsTable).GetGenericArguments()[0];

        /// <summary>What an editor may set; null where the kind is not of the standard shape.</summary>
        public Type? Details { get; } = type.GetInterfaces()
            .FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEntityKind<,>))?.GetGenericArguments()[1];

        public IRowMapping Table => (IRowMapping)Static("Rows")!;

        public IReadOnlyList<IRowMapping> Parts =>
            [.. (Static("Parts") as IEnumerable ?? Array.Empty<object>()).Cast<object>().Select(part => (IRowMapping)part.GetType().GetProperty("Mapping")!.GetValue(part)!)];

        public IReadOnlyList<string> ColumnsOfOthers => (IReadOnlyList<string>?)Static("ColumnsOfOthers") ?? [];

        // A static virtual member that the kind leaves to its interface has no property of its own.
        private object? Static(string name) => type.GetProperty(name)?.GetValue(null);
    }
}
