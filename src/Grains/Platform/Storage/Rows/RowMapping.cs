using System.Reflection;
using System.Text.Json;
using Npgsql;

namespace ChargeCars.Platform.Storage.Rows;

/// <summary>
/// A record and its table. The record is the column list: every statement, and the reader, follow from its properties, so that a
/// column stands in one place. Made once a record; a test holds each against the migrated schema. Its columns are made at their first
/// use: a host names the tables of all kinds when it starts, and reads few of them.
/// </summary>
/// <typeparam name="TState">The record; its properties are named as the columns, in PascalCase.</typeparam>
public sealed partial class RowMapping<TState> : IRowMapping where TState : class, new()
{
    private static readonly Func<TState, TState> Cloned =
        typeof(TState).GetMethod("<Clone>$")!.CreateDelegate<Func<TState, TState>>();

    // Every change moves these; they say nothing.
    private static readonly string[] Unremarkable = ["version", "updated_at"];

    private readonly Accessor<TState, Guid> _id = Property<Guid>("Id")!;
    private readonly Accessor<TState, long>? _version = Property<long>("Version");
    private readonly Accessor<TState, DateTimeOffset>? _createdAt = Property<DateTimeOffset>("CreatedAt");
    private readonly Accessor<TState, DateTimeOffset>? _updatedAt = Property<DateTimeOffset>("UpdatedAt");

    /// <summary>The mapping of the record to the table.</summary>
    public RowMapping(string table)
    {
        Table = table;
        From = $"\"{table}\"";
        _insert = new(InsertText);
        _update = new(UpdateText);
    }

    /// <inheritdoc/>
    public string Table { get; }

    /// <summary>The table as SQL names it.</summary>
    public string From { get; }

    /// <summary>The columns in the order that <see cref="Read(NpgsqlDataReader)"/> expects, for every query that reads the record.</summary>
    public string ColumnList => field ??= string.Join(", ", All.Select(column => column.Quoted));

    /// <summary>SELECT of one row by <c>$1</c>.</summary>
    public string SelectOne => field ??= $"SELECT {ColumnList} FROM {From} WHERE id = $1";

    /// <summary>The columns.</summary>
    public IReadOnlyList<Column<TState>> Columns => All;

    // Two threads may make one twice, and either is as good as the other.
    private Column<TState>[] All => field ??= [.. ColumnFactory.Of<TState>()];

    private Column<TState>[] Written =>
        field ??= [.. All.Where(column => typeof(TState).GetProperty(column.Property)?.IsDefined(typeof(KeptByOthersAttribute)) != true)];

    private Column<TState>[] Remarkable => field ??= [.. Written.Where(column => !Unremarkable.Contains(column.Name))];

    IEnumerable<(string Name, string SqlType)> IRowMapping.Columns => All.Select(column => (column.Name, column.SqlType));

    /// <summary>The same list of columns, each with its table's alias before it, for queries that join.</summary>
    public string ColumnListOf(string alias) => string.Join(", ", All.Select(column => $"{alias}.{column.Quoted}"));

    /// <summary>The record by the row that the reader stands on, whose first columns are <see cref="ColumnList"/>.</summary>
    public TState Read(NpgsqlDataReader row)
    {
        var state = new TState();
        var columns = All;
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Read(row, i, state);
        }

        return state;
    }

    /// <summary>A new record, still without a version.</summary>
    public TState New(Guid id, DateTimeOffset createdAt)
    {
        var state = new TState();
        _id.Set(state, id);
        _createdAt?.Set(state, createdAt);
        return state;
    }

    /// <summary>The same record as of a commit.</summary>
    public TState Stamped(TState state, long version, DateTimeOffset updatedAt)
    {
        var stamped = Cloned(state);
        _version?.Set(stamped, version);
        _updatedAt?.Set(stamped, updatedAt);
        return stamped;
    }

    /// <summary>A copy that may be written to.</summary>
    internal static TState Copy(TState state) => Cloned(state);

    /// <summary>Whether two records say the same, their version and the time of the change aside.</summary>
    public bool Same(TState one, TState other) => Array.TrueForAll(Remarkable, column => column.Same(one, other));

    /// <summary>
    /// What differs between two states of a row, as the audit keeps it: JSON by column, all columns where one state is missing. The
    /// columns that <paramref name="secrets"/> names are said to be there and not what they are.
    /// </summary>
    public (string? Old, string? New) Difference(TState? before, TState? after, IReadOnlySet<string> secrets)
    {
        if (before is null || after is null)
        {
            return (Json(before, Written, secrets), Json(after, Written, secrets));
        }

        var changed = Array.FindAll(Remarkable, column => !column.Same(before, after));
        return (Json(before, changed, secrets), Json(after, changed, secrets));
    }

    private static string? Json(TState? state, Column<TState>[] columns, IReadOnlySet<string> secrets)
    {
        if (state is null)
        {
            return null;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = RowJson.Options.Encoder, SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (var column in columns)
            {
                json.WritePropertyName(column.Name);
                if (secrets.Contains(column.Name))
                {
                    column.WriteRedacted(json, state);
                }
                else
                {
                    column.WriteJson(json, state);
                }
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static Accessor<TState, T>? Property<T>(string name) =>
        typeof(TState).GetProperty(name) is { CanWrite: true } property ? new Accessor<TState, T>(property) : null;
}
