using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage.Rows;

/// <summary>A value that Npgsql reads and writes as it is.</summary>
internal sealed class PlainColumn<TState, TValue>(Accessor<TState, TValue> accessor, string sqlType, NpgsqlDbType type)
    : Column<TState, TValue>(accessor, sqlType)
{
    public override NpgsqlParameter Values(IReadOnlyList<TState> states) => Sql.Column(states, type, Value);

    protected override TValue ReadValue(NpgsqlDataReader row, int ordinal) => row.GetFieldValue<TValue>(ordinal);
}

/// <summary>A time, UTC whatever the offset that it came with.</summary>
internal sealed class TimeColumn<TState>(Accessor<TState, DateTimeOffset> accessor) : Column<TState, DateTimeOffset>(accessor, "timestamp with time zone")
{
    public override NpgsqlParameter Values(IReadOnlyList<TState> states) =>
        Sql.Column(states, NpgsqlDbType.TimestampTz, state => Value(state).ToUniversalTime());

    protected override DateTimeOffset ReadValue(NpgsqlDataReader row, int ordinal) => row.GetFieldValue<DateTimeOffset>(ordinal);
}

/// <inheritdoc cref="TimeColumn{TState}"/>
internal sealed class OptionalTimeColumn<TState>(Accessor<TState, DateTimeOffset?> accessor)
    : Column<TState, DateTimeOffset?>(accessor, "timestamp with time zone")
{
    public override NpgsqlParameter Values(IReadOnlyList<TState> states) =>
        Sql.Column(states, NpgsqlDbType.TimestampTz, state => Value(state)?.ToUniversalTime());

    protected override DateTimeOffset? ReadValue(NpgsqlDataReader row, int ordinal) => row.GetFieldValue<DateTimeOffset>(ordinal);
}

/// <summary>An enum as the schema's word.</summary>
internal sealed class WordColumn<TState, TWord>(Accessor<TState, TWord> accessor) : Column<TState, TWord>(accessor, "text")
    where TWord : struct, Enum
{
    public override NpgsqlParameter Values(IReadOnlyList<TState> states) =>
        Sql.Column<TState, string?>(states, NpgsqlDbType.Text, state => WireText.Of(Value(state)));

    protected override TWord ReadValue(NpgsqlDataReader row, int ordinal) => WireText.Parse<TWord>(row.GetString(ordinal));
}

/// <inheritdoc cref="WordColumn{TState,TWord}"/>
internal sealed class OptionalWordColumn<TState, TWord>(Accessor<TState, TWord?> accessor) : Column<TState, TWord?>(accessor, "text")
    where TWord : struct, Enum
{
    public override NpgsqlParameter Values(IReadOnlyList<TState> states) =>
        Sql.Column(states, NpgsqlDbType.Text, state => Value(state) is { } word ? WireText.Of(word) : null);

    protected override TWord? ReadValue(NpgsqlDataReader row, int ordinal) => WireText.Parse<TWord>(row.GetString(ordinal));
}

/// <summary>An object or a list as <c>jsonb</c>.</summary>
internal sealed class JsonColumn<TState, TValue>(Accessor<TState, TValue> accessor) : Column<TState, TValue>(accessor, "jsonb")
{
    public override NpgsqlParameter Values(IReadOnlyList<TState> states) => Sql.Column(states, NpgsqlDbType.Jsonb, Text);

    public override bool Same(TState one, TState other) =>
        ReferenceEquals(Value(one), Value(other)) || JsonText.Same(Text(one), Text(other));

    protected override TValue ReadValue(NpgsqlDataReader row, int ordinal) =>
        JsonSerializer.Deserialize<TValue>(row.GetString(ordinal), RowJson.Options)!;

    private string? Text(TState state) => Value(state) is { } value ? JsonSerializer.Serialize(value, RowJson.Options) : null;
}

/// <summary>A list in a PostgreSQL array. It travels as JSON, as <c>unnest</c> would flatten an array of arrays.</summary>
/// <param name="accessor">The property.</param>
/// <param name="sqlType">The array's type, as in <c>text[]</c>.</param>
/// <param name="read">The list out of the row.</param>
internal sealed class ArrayColumn<TState, TValue>(
    Accessor<TState, TValue> accessor, string sqlType, Func<NpgsqlDataReader, int, TValue> read) : Column<TState, TValue>(accessor, sqlType)
{
    public override string ParameterType => "jsonb";

    public override string From(string source) =>
        $"CASE WHEN {source}.{Quoted} IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text({source}.{Quoted}))::{SqlType} END";

    public override NpgsqlParameter Values(IReadOnlyList<TState> states) => Sql.Column(states, NpgsqlDbType.Jsonb, Text);

    public override bool Same(TState one, TState other) => ReferenceEquals(Value(one), Value(other)) || Text(one) == Text(other);

    protected override TValue ReadValue(NpgsqlDataReader row, int ordinal) => read(row, ordinal);

    private string? Text(TState state) => Value(state) is { } value ? JsonSerializer.Serialize(value, RowJson.Options) : null;
}
