using System.Collections.Frozen;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage.Rows;

/// <summary>Makes a record's columns from its properties: done once a record, when its kind is first used.</summary>
internal static class ColumnFactory
{
    // In every row, and before the others: a query that reads more finds the id without counting.
    private static readonly string[] First = ["Id", "Version", "CreatedAt", "UpdatedAt"];

    private static readonly FrozenDictionary<Type, (string SqlType, NpgsqlDbType Type)> Plain = new Dictionary<Type, (string, NpgsqlDbType)>
    {
        [typeof(Guid)] = ("uuid", NpgsqlDbType.Uuid),
        [typeof(string)] = ("text", NpgsqlDbType.Text),
        [typeof(int)] = ("integer", NpgsqlDbType.Integer),
        [typeof(long)] = ("bigint", NpgsqlDbType.Bigint),
        [typeof(bool)] = ("boolean", NpgsqlDbType.Boolean),
        [typeof(double)] = ("double precision", NpgsqlDbType.Double),
        [typeof(decimal)] = ("numeric", NpgsqlDbType.Numeric),
        [typeof(DateOnly)] = ("date", NpgsqlDbType.Date),
        [typeof(byte[])] = ("bytea", NpgsqlDbType.Bytea),
    }.ToFrozenDictionary();

    /// <summary>The columns of a record: its settable properties, a base type's first; lists of parts have rows of their own.</summary>
    public static IReadOnlyList<Column<TState>> Of<TState>() =>
    [
        .. Properties(typeof(TState)).Where(property => !IsParts(property.PropertyType)).Select(Make<TState>),
    ];

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0)
            .OrderBy(property => Array.IndexOf(First, property.Name) is >= 0 and var place ? place : First.Length)
            .ThenBy(property => Depth(property.DeclaringType!))
            .ThenBy(property => property.MetadataToken);

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;

    private static bool IsParts(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var part] && typeof(IEntityPart).IsAssignableFrom(part);

    private static Column<TState> Make<TState>(PropertyInfo property) =>
        (Column<TState>)typeof(ColumnFactory)
            .GetMethod(nameof(MakeTyped), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(TState), property.PropertyType)
            .Invoke(null, [property])!;

    private static Column<TState> MakeTyped<TState, TValue>(PropertyInfo property)
    {
        var accessor = new Accessor<TState, TValue>(property);
        var bare = Nullable.GetUnderlyingType(typeof(TValue)) ?? typeof(TValue);
        return accessor switch
        {
            Accessor<TState, DateTimeOffset> time => new TimeColumn<TState>(time),
            Accessor<TState, DateTimeOffset?> time => new OptionalTimeColumn<TState>(time),
            _ when Plain.TryGetValue(bare, out var plain) => new PlainColumn<TState, TValue>(accessor, plain.SqlType, plain.Type),
            _ when bare.IsEnum => Generic<TState>(
                bare == typeof(TValue) ? typeof(WordColumn<,>) : typeof(OptionalWordColumn<,>), bare, accessor),
            _ when property.IsDefined(typeof(ArrayColumnAttribute)) => MakeArray(accessor),
            _ => new JsonColumn<TState, TValue>(accessor),
        };
    }

    private static Column<TState> MakeArray<TState, TValue>(Accessor<TState, TValue> accessor)
    {
        var element = typeof(TValue).IsArray ? typeof(TValue).GetElementType()! : typeof(TValue).GetGenericArguments()[0];
        return element == typeof(Guid)
            ? new ArrayColumn<TState, TValue>(accessor, "uuid[]", static (row, ordinal) => (TValue)(object)row.GetFieldValue<Guid[]>(ordinal))
            : element == typeof(string)
            ? new ArrayColumn<TState, TValue>(accessor, "text[]", static (row, ordinal) => (TValue)(object)row.GetFieldValue<string[]>(ordinal))
            : new ArrayColumn<TState, TValue>(accessor, "text[]", WordsOf<TValue>(element));
    }

    private static Func<NpgsqlDataReader, int, TValue> WordsOf<TValue>(Type word) =>
        typeof(ColumnFactory)
            .GetMethod(nameof(ReadWords), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(TValue), word)
            .CreateDelegate<Func<NpgsqlDataReader, int, TValue>>();

    private static TValue ReadWords<TValue, TWord>(NpgsqlDataReader row, int ordinal) where TWord : struct, Enum =>
        (TValue)(object)Array.ConvertAll(row.GetFieldValue<string[]>(ordinal), WireText.Parse<TWord>);

    private static Column<TState> Generic<TState>(Type column, Type word, object accessor) =>
        (Column<TState>)Activator.CreateInstance(column.MakeGenericType(typeof(TState), word), accessor)!;
}
