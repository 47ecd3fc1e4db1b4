using System.Text.Json;
using Npgsql;

namespace ChargeCars.Platform.Storage.Rows;

/// <summary>A property of a record and the column that keeps it.</summary>
/// <typeparam name="TState">The record.</typeparam>
public abstract class Column<TState>(string property, string sqlType)
{
    /// <summary>The property's name.</summary>
    public string Property { get; } = property;

    /// <summary>The column's name: the property's in snake_case.</summary>
    public string Name { get; } = JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    /// <summary>The column's type, as PostgreSQL's <c>format_type</c> names it.</summary>
    public string SqlType { get; } = sqlType;

    /// <summary>The column as SQL names it; quoted, as <c>order</c> and <c>year</c> are words of SQL.</summary>
    public string Quoted => $"\"{Name}\"";

    /// <summary>The type of one value in the parameter of <see cref="Values"/>.</summary>
    public virtual string ParameterType => SqlType;

    /// <summary>The column's value out of the row <paramref name="source"/> of the parameters.</summary>
    public virtual string From(string source) => $"{source}.{Quoted}";

    /// <summary>This column of many records, as one array parameter.</summary>
    public abstract NpgsqlParameter Values(IReadOnlyList<TState> states);

    /// <summary>Sets the property from a row.</summary>
    public abstract void Read(NpgsqlDataReader row, int ordinal, TState into);

    /// <summary>Copies the property from one record to another.</summary>
    public abstract void Copy(TState from, TState into);

    /// <summary>Whether two records have the same value here, lists and objects compared by what they hold.</summary>
    public abstract bool Same(TState one, TState other);

    /// <summary>The value as JSON, as the audit keeps it.</summary>
    public abstract void WriteJson(Utf8JsonWriter json, TState state);

    /// <summary>In the place of a secret: that there is one. Whether there is one at all is no secret.</summary>
    public abstract void WriteRedacted(Utf8JsonWriter json, TState state);
}

/// <summary>A column of a known type.</summary>
/// <typeparam name="TState">The record.</typeparam>
/// <typeparam name="TValue">The property's type.</typeparam>
internal abstract class Column<TState, TValue>(Accessor<TState, TValue> accessor, string sqlType) : Column<TState>(accessor.Name, sqlType)
{
    public override void Copy(TState from, TState into) => accessor.Set(into, accessor.Get(from));

    public override bool Same(TState one, TState other) => EqualityComparer<TValue>.Default.Equals(accessor.Get(one), accessor.Get(other));

    public override void WriteJson(Utf8JsonWriter json, TState state) => JsonSerializer.Serialize(json, accessor.Get(state), RowJson.Options);

    public override void WriteRedacted(Utf8JsonWriter json, TState state)
    {
        if (accessor.Get(state) is null or System.Collections.ICollection { Count: 0 })
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteStringValue(RowJson.Redacted);
        }
    }

    public override void Read(NpgsqlDataReader row, int ordinal, TState into)
    {
        // A property without a column's value keeps its default.
        if (!row.IsDBNull(ordinal))
        {
            accessor.Set(into, ReadValue(row, ordinal));
        }
    }

    protected TValue Value(TState state) => accessor.Get(state);

    protected abstract TValue ReadValue(NpgsqlDataReader row, int ordinal);
}
