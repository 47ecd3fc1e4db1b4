using System.Globalization;
using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>A condition on the rows of a table: what a caller sees of them. Null in its place stands for all.</summary>
/// <param name="Sql">SQL in which <c>{0}</c>, <c>{1}</c>, … stand for the values.</param>
/// <param name="Values">The values; made anew for each statement.</param>
public sealed record ScopeCondition(string Sql, IReadOnlyList<NpgsqlParameter> Values)
{
    /// <summary>
    /// The condition in parts, of which one must hold; for who asks a question of each, and is answered by indexes where the database
    /// would read whole tables for what has OR between its parts.
    /// </summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [Sql];

    /// <summary>No row.</summary>
    public static ScopeCondition Nothing { get; } = new("false", []);

    /// <summary>Adds the values to a statement, and answers the condition as its text has it.</summary>
    public string AddTo(NpgsqlParameterCollection parameters) => Added(parameters)(Sql);

    /// <summary>The same for <see cref="Alternatives"/>.</summary>
    public IReadOnlyList<string> AddAlternativesTo(NpgsqlParameterCollection parameters) => [.. Alternatives.Select(Added(parameters))];

    private Func<string, string> Added(NpgsqlParameterCollection parameters)
    {
        var first = parameters.Count + 1;
        foreach (var value in Values)
        {
            parameters.Add(value);
        }

        if (Values.Count == 0)
        {
            return static text => text;
        }

        object[] places = [.. Enumerable.Range(first, Values.Count).Select(n => $"${n}")];
        return text => string.Format(CultureInfo.InvariantCulture, text, places);
    }
}

/// <summary>Collects the values of a condition while its text is written.</summary>
public sealed class ScopeText
{
    private readonly List<NpgsqlParameter> _values = [];

    /// <summary>The place of a value in the text.</summary>
    public string Of(NpgsqlParameter value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"{{{_values.Count - 1}}}");
    }

    /// <summary>Another condition as a part of this text.</summary>
    public string Of(ScopeCondition part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.Values.Count == 0 ? part.Sql : string.Format(CultureInfo.InvariantCulture, part.Sql, [.. part.Values.Select(value => (object)Of(value))]);
    }

    /// <summary>Any of the conditions; null where there is none, and all rows are seen.</summary>
    public ScopeCondition? Any(IReadOnlyList<string>? alternatives) => alternatives is null ? null
        : new(string.Join(" OR ", alternatives.Select(condition => $"({condition})")), _values) { Alternatives = alternatives };

    /// <summary>All of the conditions together; null where there is none, and all rows are seen.</summary>
    public ScopeCondition? All(params IEnumerable<string?> conditions)
    {
        var real = conditions.Where(condition => condition is not null).ToList();
        return real.Count == 0 ? null : new(string.Join(" AND ", real.Select(condition => $"({condition})")), _values);
    }
}
