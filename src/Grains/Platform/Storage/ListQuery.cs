using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage;

/// <summary>A column that a list may be filtered by.</summary>
/// <param name="Column">The column; or a condition, in which <c>$</c> stands for the value.</param>
/// <param name="Parse">The value as a parameter; null where the text is not one.</param>
/// <param name="Expected">What the text must be, for the reader of a refusal.</param>
public sealed record ListFilter(string Column, Func<string, NpgsqlParameter?> Parse, string Expected)
{
    /// <summary>
    /// Whether the value is one of a fixed set of words. It then stands in the statement, so that the plan suits how many rows have that
    /// word. A plan made for any word would go through the newest of all rows for those of a name that few have.
    /// </summary>
    public bool IsWord { get; init; }

    /// <summary>By a text, as it is.</summary>
    public static ListFilter Text(string column) => new(column, Sql.Text, "text");

    /// <summary>By an id.</summary>
    public static ListFilter Uuid(string column) => new(column, text => Guid.TryParse(text, out var id) ? Sql.Uuid(id) : null, "a uuid");

    /// <summary>By a whole number.</summary>
    public static ListFilter Integer(string column) =>
        new(column, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Sql.Integer(number) : null, "a whole number");

    /// <summary>Rows from a time on.</summary>
    public static ListFilter Since(string column) => new($"{column} >= $", Moment, WireTime.Expected);

    /// <summary>Rows before a time; half open, so that adjoining spans have no row twice.</summary>
    public static ListFilter Until(string column) => new($"{column} < $", Moment, WireTime.Expected);

    /// <summary>By <c>true</c> or <c>false</c>.</summary>
    public static ListFilter Boolean(string column) => new(column, text => text switch
    {
        "true" => Sql.Bool(true),
        "false" => Sql.Bool(false),
        _ => null,
    }, "true or false");

    /// <summary>By a word of an enumeration, as the contract writes it.</summary>
    public static ListFilter Word<T>(string column) where T : struct, Enum => new(
        column, text => WireText.TryParse<T>(text, out var value) ? Sql.Word<T>(value) : null, $"one of {string.Join(", ", WireText.All<T>())}")
    {
        IsWord = true,
    };

    /// <summary>The filter of a query by a value that was read.</summary>
    internal (string Column, NpgsqlParameter? Value) By(NpgsqlParameter value) => IsWord ? ($"{Column} = '{value.Value}'", null) : (Column, value);

    private static NpgsqlParameter? Moment(string text) => WireTime.TryParse(text, out var time) ? Sql.Time(time) : null;
}

/// <summary>A column that a list may be sorted by; it must not be null, and should not change, or cursors would skip rows.</summary>
/// <param name="Column">The column.</param>
/// <param name="SqlType">Its type; one that <see cref="SortValues"/> knows.</param>
public sealed record ListSort(string Column, string SqlType)
{
    internal SortValues Values { get; } = SortValues.Of(SqlType);
}

/// <summary>What a list of one kind offers: <c>?limit=&amp;cursor=&amp;sort=</c> and filters by field name.</summary>
public sealed record ListDefinition(
    IReadOnlyDictionary<string, ListFilter> Filters, IReadOnlyDictionary<string, ListSort> Sorts, string DefaultSort)
{
    /// <summary>Items of a page where no limit is asked for.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Items of a page, at most.</summary>
    public const int LargestLimit = 500;

    /// <summary>Whether <c>?at=</c> asks for the rows as they were at a moment (docs/adr/0075).</summary>
    public bool HasPast { get; init; }

    /// <summary>The list from its beginning, without a filter.</summary>
    public ListQuery All => new(DefaultLimit, DefaultSort, Sorts[DefaultSort.TrimStart('-')], [], null);

    /// <summary>Reads a query string; every fault is named by its parameter.</summary>
    public Result<ListQuery> Parse(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var faults = new Dictionary<string, string[]>();
        var filters = new List<(string Column, NpgsqlParameter? Value)>();
        var (limit, sortName, cursor, at) = (DefaultLimit, DefaultSort, (string?)null, (DateTimeOffset?)null);
        foreach (var (name, text) in parameters)
        {
            switch (name)
            {
                case "limit" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= LargestLimit:
                    break;
                case "limit":
                    faults[name] = [$"must be a whole number from 1 to {LargestLimit}"];
                    break;
                case "cursor":
                    cursor = text;
                    break;
                case "at" when HasPast && WireTime.TryParse(text, out var moment):
                    at = moment;
                    break;
                case "at" when HasPast:
                    faults[name] = [$"must be {WireTime.Expected}"];
                    break;
                case "sort" when Sorts.ContainsKey(text.TrimStart('-')):
                    sortName = text;
                    break;
                case "sort":
                    faults[name] = [$"must be one of {string.Join(", ", Sorts.Keys)}, with - before it for descending"];
                    break;
                case var _ when Filters.TryGetValue(name, out var filter):
                    if (StorableText.Fault(text) is null && filter.Parse(text) is { } value)
                    {
                        filters.Add(filter.By(value));
                    }
                    else
                    {
                        faults[name] = [$"must be {filter.Expected}"];
                    }

                    break;
                default:
                    faults[name] = [$"is not known here; known are limit, cursor, sort, {(HasPast ? "at, " : "")}{string.Join(", ", Filters.Keys)}"];
                    break;
            }
        }

        var sort = Sorts[sortName.TrimStart('-')];
        var after = cursor is null ? null : ListCursor.Decode(cursor, sortName, sort);
        if (cursor is not null && after is null)
        {
            faults["cursor"] = ["is not a nextCursor of this list and sort order"];
        }

        return faults.Count > 0
            ? new Invalid(faults)
            : new ListQuery(limit, sortName, sort, filters, after) { At = at };
    }
}

/// <summary>One page of a list, by key rather than by offset: rows that come and go never shift it. A filter without a value is a whole condition.</summary>
public sealed record ListQuery(
    int Limit, string SortName, ListSort Sort, IReadOnlyList<(string Column, NpgsqlParameter? Value)> Filters, ListCursor? After)
{
    /// <summary>Where the scope stands in the <c>from</c> of a past that applies it itself, to what the rows are now.</summary>
    public const string ScopePlace = "SCOPE";

    /// <summary>What the caller sees of the rows; null for all.</summary>
    public ScopeCondition? Scope { get; init; }

    /// <summary>The moment as of which the rows are wanted; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>
    /// Runs <c>SELECT {columns} FROM {from}</c>; <c>id</c> breaks ties. <paramref name="read"/> gets each row. Where a moment is asked for
    /// (<see cref="At"/>) it is <c>$1</c> of <paramref name="from"/>, and the scope is put in the place of <see cref="ScopePlace"/> where there is one.
    /// </summary>
    public async Task<Page<T>> RunAsync<T>(
        NpgsqlDataSource source, string columns, string from, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var descending = SortName.StartsWith('-');
        await using var command = source.CreateCommand();
        if (At is { } at)
        {
            command.Parameters.Add(Sql.Time(at));
        }

        var isScopeInside = from.Contains(ScopePlace, StringComparison.Ordinal);
        var rows = isScopeInside ? from.Replace(ScopePlace, Scope?.AddTo(command.Parameters) ?? "true", StringComparison.Ordinal) : from;
        var text = new StringBuilder($"SELECT {columns}, id AS cursor_id, {Sort.Column} AS cursor_value FROM {rows} WHERE true");
        foreach (var (column, value) in Filters)
        {
            if (value is null)
            {
                text.Append(" AND ").Append(column);
                continue;
            }

            command.Parameters.Add(value);
            text.Append(" AND ").Append(Condition(column, value, $"${command.Parameters.Count}"));
        }

        if (Scope is not null && !isScopeInside)
        {
            text.Append(CultureInfo.InvariantCulture, $" AND ({Scope.AddTo(command.Parameters)})");
        }

        if (After is { } after)
        {
            command.Parameters.Add(Sort.Values.Read(after.Value)!);
            command.Parameters.Add(Sql.Uuid(after.Id));
            text.Append(CultureInfo.InvariantCulture,
                $" AND ({Sort.Column}, id) {(descending ? '<' : '>')} (${command.Parameters.Count - 1}, ${command.Parameters.Count})");
        }

        var direction = descending ? "DESC" : "ASC";
        text.Append(CultureInfo.InvariantCulture, $" ORDER BY {Sort.Column} {direction}, id {direction} LIMIT {Limit + 1}");
        command.CommandText = text.ToString();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<T>(Limit);
        ListCursor? last = null;
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == Limit)
            {
                return new(items, last!.Encode());
            }

            items.Add(read(reader));
            last = new(SortName, Sort.Values.Write(reader, reader.FieldCount - 1), reader.GetGuid(reader.FieldCount - 2));
        }

        return new(items, null);
    }

    // An array is a set of which the column must be one: a caller's scope.
    private static string Condition(string column, NpgsqlParameter value, string parameter) =>
        column.Contains('$', StringComparison.Ordinal) ? $"({column.Replace("$", parameter, StringComparison.Ordinal)})"
        : value.NpgsqlDbType.HasFlag(NpgsqlDbType.Array) ? $"{column} = ANY ({parameter})"
        : $"{column} = {parameter}";
}

/// <summary>One page and the cursor of the next; null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Where a page ended: the sort value and the id of its last row.</summary>
public sealed record ListCursor(string Sort, string Value, Guid Id)
{
    /// <summary>As a client gets it; <see cref="ListQuery"/> reads it again.</summary>
    public string Encode() => System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Null for anything that <see cref="Encode"/> did not make, or made for another order.</summary>
    /// <param name="text">As a client sent it.</param>
    /// <param name="order">The order that is asked for, with its sign.</param>
    /// <param name="sort">Its column.</param>
    public static ListCursor? Decode(string text, string order, ListSort sort)
    {
        try
        {
            var cursor = JsonSerializer.Deserialize<ListCursor>(System.Buffers.Text.Base64Url.DecodeFromChars(text));
            return cursor is { Value: { } value } && cursor.Sort == order && sort.Values.Read(value) is not null ? cursor : null;
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            return null;
        }
    }
}
